import { dateAt, plusDays, startOfDay } from '../clinical/index.ts';
import type { RecurringEvent } from '../contract/functions.ts';
import { hourOf, type JsonObject, LATE_AFTER_HOURS } from '../jobs/ports.ts';
import { addSeconds, type Instant } from '../lifecycle/instant.ts';
import { readInstant } from '../lifecycle/read-instant.ts';
import { derivedJobId } from './derived-job-id.ts';
import type { Engine } from './engine.ts';
import { systemActor } from './job-change.ts';
import { newJob } from './new-job.ts';
import { saltedHash, sealPayload } from './payload-envelope.ts';
import { queuedMessage, sendJobs } from './send-job.ts';

type RecurringDeps = Pick<
  Engine,
  'store' | 'queue' | 'kinds' | 'random' | 'metrics' | 'log' | 'clock' | 'settings'
>;

const METRICS = ['jobs', 'security'];
/** What tells of people: of whole local days only, once these are settled. */
const PEOPLE_METRICS = ['adherence', 'reminders', 'refills', 'supply', 'interactions'];
/** More than any window needs to settle after its end. */
const SETTLING_SECONDS = (LATE_AFTER_HOURS + 2) * 3600;

/** The reporting zone of a deployment that names none. */
const LAST_RESORT = 'Etc/UTC';

/**
 * Submits the job of a recurring rule. Its id follows from the rule and its window, so an event that EventBridge
 * delivers twice makes one job, and so do all events of one local day or month.
 * @throws Error when the event names no known rule or time
 */
export async function startRecurring(
  deps: RecurringDeps,
  event: RecurringEvent,
): Promise<{ jobId: string; created: boolean }> {
  const fired = readInstant(event.time);
  if (!fired.ok) throw new Error('A recurring event carries no readable time.');
  const {
    kind: name,
    at,
    seed,
    payload,
  } = planOf(event, fired.instant, deps.settings.defaultTimeZone ?? LAST_RESORT);
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

function planOf(event: RecurringEvent, fired: Instant, timeZone: string): RecurringPlan {
  switch (event.run) {
    case 'hourly-roll-up':
      return rollUp(event.run, hourBefore(fired), { metrics_types: METRICS });
    case 'daily-roll-up': {
      const today = dateAt(fired, timeZone);
      return localRollUp(event.run, plusDays(today, -1), today, timeZone, METRICS);
    }
    case 'daily-people-roll-up': {
      const last = dateAt(addSeconds(fired, -SETTLING_SECONDS), timeZone);
      return localRollUp(event.run, plusDays(last, -1), last, timeZone, PEOPLE_METRICS);
    }
    case 'monthly-roll-up': {
      const end = firstOfMonth(dateAt(addSeconds(fired, -SETTLING_SECONDS), timeZone));
      const first = firstOfMonth(plusDays(end, -1));
      return localRollUp(event.run, first, end, timeZone, [...PEOPLE_METRICS, ...METRICS]);
    }
    case 'daily-backup': {
      const date = fired.slice(0, 10);
      return backup(event.run, date, 'incremental', `scheduled/${date}`);
    }
    case 'weekly-backup': {
      const sunday = sundayBefore(fired.slice(0, 10));
      // The first full backup of a month is kept for years.
      const isFirst = firstOfMonth(plusDays(sunday, -7)) < firstOfMonth(sunday);
      return backup(
        event.run,
        sunday,
        'full',
        isFirst ? `monthly/${sunday.slice(0, 7)}` : `scheduled/${sunday}`,
      );
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
    case 'monthly-restore-drill':
      return drill(event.run, fired, fired.slice(0, 7));
    case 'restore-drill':
      return drill(event.run, fired, fired.slice(0, 16));
    default:
      throw new Error('A recurring event names no known rule.');
  }
}

const backup = (run: string, date: string, backup_type: string, path: string): RecurringPlan => ({
  kind: 'backup',
  at: `${date}T00:00:00.000Z`,
  seed: `recurring#${run}#${date}`,
  payload: { backup_type, storage_config: { type: 's3', path } },
});

/** @param window its drills are one */
const drill = (run: string, fired: Instant, window: string): RecurringPlan => ({
  kind: 'restore-drill',
  at: `${fired.slice(0, 7)}-01T00:00:00.000Z`,
  seed: `recurring#${run}#${window}`,
  payload: { month: fired.slice(0, 7) },
});

/** The Sunday with which the week of that date begins. */
const sundayBefore = (date: string): string => plusDays(date, -new Date(`${date}T00:00:00Z`).getUTCDay());

interface Window {
  readonly start: Instant;
  readonly end: Instant;
}

const rollUp = (run: string, window: Window, asked: JsonObject): RecurringPlan => ({
  kind: 'analytics-roll-up',
  at: window.end,
  seed: `recurring#${run}#${window.start}`,
  payload: { time_range: { ...window }, ...asked },
});

/** Whole local days: with 23 or 25 hours where the clock is changed. @param before the date after the last one */
function localRollUp(
  run: string,
  first: string,
  before: string,
  timeZone: string,
  metrics_types: readonly string[],
): RecurringPlan {
  const window = { start: startOfDay(first, timeZone), end: startOfDay(before, timeZone) };
  return rollUp(run, window, { time_zone: timeZone, metrics_types: [...metrics_types] });
}

/** The last whole UTC hour before `fired`. */
function hourBefore(fired: Instant): Window {
  const end = hourOf(fired);
  return { start: addSeconds(end, -3600), end };
}

const firstOfMonth = (date: string): string => `${date.slice(0, 8)}01`;
