import { readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { DEVELOPER_FOLDER as folder } from '#infra/local/stack-folder.ts';
import { keyOf, pemOf, bundleText as textOfBundle, verifyBundle } from '#shared/evidence/bundle.ts';
import { readSeal } from '#shared/evidence/read-seal.ts';
import { addHours, hourOf } from '#shared/evidence/seal.ts';
import { instantOf } from '#shared/lifecycle/instant.ts';
import { exportBundle } from '#shared/operations/export-bundle.ts';
import { verifyTrail } from '#shared/operations/verify-trail.ts';
import { auditPlaceOf } from './place.ts';
import { readHour } from './read-hour.ts';
import { bundleText, trailText } from './show.ts';

interface VerifyWishes {
  readonly from?: string;
  readonly to?: string;
  readonly json?: boolean;
  readonly key?: string;
  readonly seal?: string;
}

const DEFAULT_HOURS = 24;

const program = new Command('audit')
  .description('The audit trail: whether it is whole, and evidence about one job to take along.')
  .option('--stage <stage>', 'the stage in AWS; without it the running laptop stack');
const place = () => auditPlaceOf(program.opts<{ stage?: string }>().stage, folder);
const print = (value: unknown): void => console.log(JSON.stringify(value, undefined, 2));

program
  .command('verify [bundle]')
  .description(
    'checks hours of the trail, or, without any network, a bundle; exit code 1 when it is not whole',
  )
  .option('--from <hour>', 'first hour in UTC, like 2026-11-28T14; a day ago unless given')
  .option('--to <hour>', 'the hour before which it ends; now unless given')
  .option('--key <file>', 'for a bundle: public key (PEM) that its seals must be signed with')
  .option('--seal <file>', 'for a bundle: a seal seen before, which must be the same in it')
  .option('--json', 'as JSON')
  .action(async (bundle: string | undefined, wishes: VerifyWishes) => {
    const whole = bundle === undefined ? await verifyHours(wishes) : verifyFile(bundle, wishes);
    process.exitCode = whole ? 0 : 1;
  });

program
  .command('export')
  .description('writes the evidence about one job to a file that "verify" checks without any network')
  .requiredOption('--job <id>', 'id of the job')
  .option('--out <file>', 'where to; evidence-<id>.json unless given')
  .action(async ({ job, out = `evidence-${job}.json` }: { job: string; out?: string }) => {
    const { deps, publicKey } = await place();
    const bundle = await exportBundle({ ...deps, publicKey: pemOf(publicKey) }, job);
    writeFileSync(out, textOfBundle(bundle));
    console.log(`${out}: ${bundle.chain.length} entries, ${bundle.proofs.length} of them sealed.`);
  });

program
  .command('key')
  .description('prints the public key that seals are signed with, to be kept apart from the account')
  .action(async () => console.log(pemOf((await place()).publicKey).trimEnd()));

async function verifyHours({ from, to, json, key, seal }: VerifyWishes): Promise<boolean> {
  if (key !== undefined || seal !== undefined) throw new Error('--key and --seal are for bundles.');
  const until = to === undefined ? addHours(hourOf(instantOf(Date.now())), 1) : readHour(to);
  const first = from === undefined ? addHours(until, -DEFAULT_HOURS) : readHour(from);
  if (first >= until) throw new Error('The end must be later than the beginning.');
  const verdict = await verifyTrail((await place()).deps, first, until);
  if (json) print(verdict);
  else console.log(trailText(verdict));
  return verdict.whole;
}

function verifyFile(file: string, { from, to, json, ...given }: VerifyWishes): boolean {
  if (from !== undefined || to !== undefined) throw new Error('--from and --to are for the trail.');
  const key = given.key === undefined ? undefined : keyOf(readFileSync(given.key, 'utf8'));
  if (given.key !== undefined && !key) throw new Error(`${given.key} holds no public key of a seal as PEM.`);
  const seal = given.seal === undefined ? undefined : readSeal(readFileSync(given.seal, 'utf8').trimEnd());
  if (given.seal !== undefined && !seal) throw new Error(`${given.seal} holds no seal.`);
  const pinned = { ...(key && { key }), ...(seal && { seal }) };
  const { bundle, ...verdict } = verifyBundle(readFileSync(file, 'utf8'), pinned);
  if (json) print({ job_id: bundle?.jobId, ...verdict });
  else console.log(bundleText({ ...verdict, ...(bundle && { bundle }) }, key !== undefined));
  return verdict.faults.length === 0;
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
