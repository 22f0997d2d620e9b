import { LATE_AFTER_SECONDS } from '#shared/lifecycle/overdue.ts';
import { PRIORITY_NAMES } from '#shared/lifecycle/priority.ts';
import { type Found, findJobs, type Job } from './find-jobs.ts';
import type { OpsApi } from './ops-api.ts';
import { prioritiesOf } from './priorities.ts';

/** States in which a job waits to be taken by a worker; a running one does when its worker has died. */
const WAITING = ['queued', 'retrying', 'running'];
const MOST_LOOKED_AT = 2_000;

/** The kind by which doses are told. */
const DELIVERY = 'reminder-delivery';

export interface Late extends Found {
  /** Those of them that tell a patient of a dose. */
  readonly doses: readonly Job[];
  /** Priorities that somebody has paused: their jobs wait on purpose. */
  readonly paused: readonly string[];
}

/**
 * Jobs that wait longer beyond their time than the alarm of their priority allows, the longest first, each with
 * `late_seconds`. One that a worker holds does not wait.
 * @throws RefusedError to whoever is neither operator nor admin: they would see a part of all jobs, and take it for all
 */
export async function lateJobs(api: OpsApi, nowMs: number): Promise<Late> {
  const priorities = await prioritiesOf(api);
  const paused = priorities.flatMap(({ priority, status }) =>
    status === 'paused' ? [String(priority)] : [],
  );
  const lists = await Promise.all(
    WAITING.map((status) => findJobs(api, { filter: { status }, limit: MOST_LOOKED_AT })),
  );
  // One that moves meanwhile may stand in two of them.
  const once = new Map(lists.flatMap((list) => list.jobs.map((job) => [job['job_id'], job])));
  const jobs = [...once.values()]
    .map((job): Job & { readonly late_seconds: number } => ({
      ...job,
      late_seconds: lateSeconds(job, nowMs),
    }))
    .filter((job) => job.late_seconds > allowedSeconds(job))
    .sort((a, b) => b.late_seconds - a.late_seconds);
  const doses = jobs.filter((job) => job['kind'] === DELIVERY);
  // What these states have in common is the place where they are looked for: each list found the same rows.
  const unreadable = Math.max(...lists.map((list) => list.unreadable));
  return { jobs, doses, paused, unreadable, more: lists.some(({ more }) => more) };
}

function lateSeconds(job: Job, nowMs: number): number {
  if (job['status'] === 'running' && Date.parse(String(job['lease_until'])) > nowMs) return 0;
  const times = [job['due_at'], job['next_attempt_at']].map((time) => Date.parse(String(time)));
  const since = Math.max(...times.filter((time) => !Number.isNaN(time)));
  return Math.max(0, Math.floor((nowMs - since) / 1000));
}

function allowedSeconds({ priority }: Job): number {
  const name = PRIORITY_NAMES.find((one) => one === priority);
  return name === undefined ? 0 : LATE_AFTER_SECONDS[name];
}
