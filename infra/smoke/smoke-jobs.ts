import type { JsonObject } from '#shared/jobs/ports.ts';
import { PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { isTerminal, STATUSES } from '#shared/lifecycle/transitions.ts';
import type { CallApi } from './smoke-api.ts';

/** One line of the smoke test's table. */
export interface SmokeResult {
  readonly check: string;
  readonly passed: boolean;
  readonly detail: string;
}

export interface SmokeClock {
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
}

export interface SmokeJobsOptions {
  readonly call: CallApi;
  readonly clock: SmokeClock;
  /** A user whom nobody else knows: what the run leaves behind belongs to nobody. */
  readonly userId: string;
  /** Longest wait for one job, over all its attempts. */
  readonly patienceSeconds: number;
}

/** The medication is made by the first, its supply is counted by the second; the others build upon both. */
const FIRST_KINDS = ['medication-reminder', 'refill-check'];
const POLL_MS = 2_000;
/** Enough to stop the medication before the poison job runs. */
const POISON_DELAY_SECONDS = 30;

/** One job of every public kind, with the kind's own example; all must end `succeeded`. */
export async function runSmokeJobs(options: SmokeJobsOptions): Promise<SmokeResult[]> {
  const results: SmokeResult[] = [];
  const rank = (name: string) =>
    (FIRST_KINDS.indexOf(name) + FIRST_KINDS.length + 1) % (FIRST_KINDS.length + 1);
  for (const { name, example } of PUBLIC_KINDS.toSorted((a, b) => rank(a.name) - rank(b.name))) {
    const body = Object.hasOwn(example, 'user_id') ? { ...example, user_id: options.userId } : example;
    results.push(await runJob(options, name, name, body, 'succeeded'));
  }
  return results;
}

/**
 * A job that no attempt can do: a refill check of a medication that is stopped between acceptance and execution. It
 * must end `failed` at its first attempt, with its reason, and keep nobody else waiting.
 */
export async function runPoisonJob(options: SmokeJobsOptions): Promise<SmokeResult> {
  const { call, clock, userId } = options;
  const medicationId = 'smoke-poison';
  const prepared = await runJob(
    options,
    'poison',
    'medication-reminder',
    { ...reminderExample(), user_id: userId, medication_id: medicationId },
    'succeeded',
  );
  if (!prepared.passed) return prepared;
  const runAt = new Date(clock.now().getTime() + POISON_DELAY_SECONDS * 1_000).toISOString();
  const poison = { user_id: userId, medication_id: medicationId, current_supply: 1, run_at: runAt };
  const ended = runJob(options, 'poison', 'refill-check', poison, 'failed');
  const stopped = await stopMedication(call, userId, medicationId);
  const result = await ended;
  if (stopped !== 200)
    return { ...result, passed: false, detail: `stopping the medication answered ${stopped}` };
  return result;
}

const reminderExample = (): JsonObject =>
  PUBLIC_KINDS.find(({ name }) => name === 'medication-reminder')?.example ?? {};

/** Stops the reminders that the examples have scheduled: they would remind nobody of nothing, twice a day. */
export const tidyUp = (call: CallApi, userId: string): Promise<number> =>
  stopMedication(call, userId, String(reminderExample()['medication_id']));

/** @returns the HTTP status */
const stopMedication = async (call: CallApi, userId: string, medicationId: string): Promise<number> =>
  (await call('DELETE', `/users/${userId}/medications/${medicationId}`)).status;

async function runJob(
  { call, clock, patienceSeconds }: SmokeJobsOptions,
  check: string,
  kind: string,
  body: JsonObject,
  wanted: 'succeeded' | 'failed',
): Promise<SmokeResult> {
  const accepted = await call('POST', `/jobs/${kind}`, body);
  const jobId = accepted.body['job_id'];
  if (accepted.status !== 202 || typeof jobId !== 'string')
    return {
      check,
      passed: false,
      detail: `not accepted: ${accepted.status} ${accepted.body['code'] ?? ''}`,
    };
  const end = clock.now().getTime() + patienceSeconds * 1_000;
  let status = 'queued';
  while (clock.now().getTime() < end) {
    const { body: job } = await call('GET', `/jobs/${jobId}`);
    status = String(job['status']);
    if (STATUSES.some((known) => known === status && isTerminal(known))) {
      const said = String(job['summary'] ?? job['error_code'] ?? '');
      return { check, passed: status === wanted, detail: `${jobId} ${status} ${said}`.trim() };
    }
    await clock.sleep(POLL_MS);
  }
  return { check, passed: false, detail: `${jobId} is still ${status} after ${patienceSeconds} s` };
}
