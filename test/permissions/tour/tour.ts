import { backups, drill } from './backups.ts';
import { breakGlass, interactions } from './clinicians.ts';
import { delivery } from './delivery.ts';
import { type Guide, guideOf, type Stack, SUPPLY, tickShards } from './guide.ts';
import { failures, lostParent, pauses, releases, submissions, sweep } from './jobs.ts';
import { newDays } from './new-days.ts';
import { audits, imports, records, requests } from './requests.ts';
import { rights } from './rights.ts';

/**
 * Makes every function do everything that it can do, so that the recording of AWS calls shows what each one needs. It
 * moves the clock by days: the first function that seals on a day has to make that day's key.
 */
export async function tour(stack: Stack): Promise<void> {
  const guide = await guideOf(stack);
  // From here on the shards read every minute; one that has never been read begins where the clock stands then.
  await tickShards(stack);
  await requests(guide);
  await pauses(guide);
  await submissions(guide);
  await audits(guide);
  // After them: who seals first on a day makes its key, and on the first day that is submit-job.
  await records(guide);
  await imports(guide);
  await interactions(guide);
  await breakGlass(guide, 'permissions-opened');
  await failures(guide);
  await delivery(guide);
  await sweep(guide);
  await lostParent(guide);
  await backups(guide);
  await drill(guide);
  await releases(guide);
  await newDays(guide);
  // The clock stands days ahead of any hour that is sealed; the second run reads what the first has left.
  const jobId = await guide.submit('refill-check', SUPPLY);
  await guide.ended(jobId);
  await stack.invoke('audit-seal');
  await stack.clock.advance('PT2H');
  await sealUpTo(guide, jobId);
  // Last: it moves the clock by a week, and no shard could catch up with that.
  await rights(guide);
}

/** A run seals a day at most. How many days the tour has gone through depends on who came first on each of them. */
const MOST_RUNS = 60;

async function sealUpTo({ stack, token }: Guide, jobId: string): Promise<void> {
  for (let run = 0; run < MOST_RUNS; run += 1) {
    await stack.invoke('audit-seal');
    const { status, body } = await stack.call('GET', `/jobs/${jobId}/receipt`, { token });
    const { proofs = [] } = body as { proofs?: readonly unknown[] }; // its documented shape
    if (status === 200 && proofs.length >= 2) return;
  }
  throw new Error('No receipt had proofs.');
}
