import type { RecurringEvent } from '../contract/functions.ts';
import type { JsonObject } from '../jobs/ports.ts';
import { addSeconds, type Instant, instantOf, msOf } from '../lifecycle/instant.ts';
import { readInstant } from '../lifecycle/read-instant.ts';
import { derivedJobId } from './derived-job-id.ts';
import type { Engine } from './engine.ts';
import { systemActor } from './job-change.ts';
import { newJob } from './new-job.ts';
import { saltedHash, sealPayload } from './payload-envelope.ts';
import { queuedMessage, sendJobs } from './send-job.ts';

type RecurringDeps = Pick<Engine, 'store' | 'queue' | 'kinds' | 'random' | 'metrics' | 'log' | 'clock'>;

/** What tells of no person. Numbers about people are stored all the same, and told when somebody asks for whole local days. */
const ROLL_UP_METRICS = ['jobs', 'security'];

/**
 * Submits the job of a recurring rule. Its id follows from the rule and its window, so an event that EventBridge
 * delivers twice makes one job.
 * @throws Error when the event names no known rule or time
 */
export async function startRecurring(
  deps: RecurringDeps,
  event: RecurringEvent,
): Promise<{ jobId: string; created: boolean }> {
  const fired = readInstant(event.time);
  if (!fired.ok) throw new Error('A recurring event carries no readable time.');
  const { kind: name, at, seed, payload } = planOf(event, fired.instant);
  const kind = deps.kinds.get(name);
  if (!kind) throw new Error(`There is no job kind ${name}.`);
  const now = deps.clock();
  const salt = deps.random.hex(32);
  const job = newJob({
    jobId: derivedJobId(at, seed),
    entryId: deps.random.ulid(now),
    kind,
    payload: sealPayload(payload, salt),
    priority: kind.defaultPriority,
    now,
    dueAt: now,
    actor: systemActor('recurring'),
    correlationId: seed,
    details: { run: event.run, request_hash: saltedHash(payload, salt) },
  });
  const answer = await deps.store.accept(job);
  if (answer.accepted) await sendJobs(deps, [queuedMessage(job.row, now)]);
  deps.log.info('schedule.started', {
    job_id: job.row.jobId,
    correlation_id: job.row.correlationId,
    kind: name,
    reason: answer.accepted ? 'created' : 'exists',
  });
  return { jobId: job.row.jobId, created: answer.accepted };
}

interface RecurringPlan {
  readonly kind: string;
  /** Instant and seed of the derived id: the same for every event of one window. */
  readonly at: Instant;
  readonly seed: string;
  readonly payload: JsonObject;
}

function planOf(event: RecurringEvent, fired: Instant): RecurringPlan {
  switch (event.run) {
    case 'hourly-roll-up':
      return rollUp(event.run, windowBefore(fired, 3600));
    case 'daily-roll-up':
      return rollUp(event.run, windowBefore(fired, 86_400));
    case 'monthly-roll-up':
      return rollUp(event.run, monthBefore(fired));
    case 'daily-backup': {
      const date = fired.slice(0, 10);
      const payload = { backup_type: 'full', storage_config: { type: 's3', path: `scheduled/${date}` } };
      return { kind: 'backup', at: `${date}T00:00:00.000Z`, seed: `recurring#${event.run}#${date}`, payload };
    }
    case 'daily-supply-sweep': {
      const date = fired.slice(0, 10);
      // Everybody: the sweep splits itself into pages.
      const payload = { prefixes: [''] };
      return {
        kind: 'supply-sweep',
        at: `${date}T00:00:00.000Z`,
        seed: `recurring#${event.run}#${date}`,
        payload,
      };
    }
    default:
      throw new Error('A recurring event names no known rule.');
  }
}

const rollUp = (run: string, window: { start: Instant; end: Instant }): RecurringPlan => ({
  kind: 'analytics-roll-up',
  at: window.end,
  seed: `recurring#${run}#${window.start}`,
  payload: { time_range: window, metrics_types: ROLL_UP_METRICS },
});

/** The last whole UTC month before `fired`. */
function monthBefore(fired: Instant): { start: Instant; end: Instant } {
  const end = `${fired.slice(0, 7)}-01T00:00:00.000Z`;
  return { start: `${addSeconds(end, -1).slice(0, 7)}-01T00:00:00.000Z`, end };
}

/** The last whole UTC hour or day before `fired`. */
function windowBefore(fired: Instant, seconds: number): { start: Instant; end: Instant } {
  const end = instantOf(Math.floor(msOf(fired) / (seconds * 1000)) * seconds * 1000);
  return { start: addSeconds(end, -seconds), end };
}
