import {
  advanceSchedule,
  type DoseOwner,
  type DueOccurrence,
  deliveriesOf,
  occurrenceRecord,
  tzdataVersion,
} from '../clinical/index.ts';
import { isErased } from '../errors/attempt-error.ts';
import type { RecordWrite, StoredRecord } from '../jobs/ports.ts';
import { addSeconds, type Instant } from '../lifecycle/instant.ts';
import type { Engine } from './engine.ts';
import { orderJob } from './order-job.ts';
import type { DueEntry, NewJob } from './ports.ts';

export type AdvanceDeps = Pick<Engine, 'schedules' | 'kinds' | 'random' | 'records'>;

/** A due occurrence takes four items of a transaction's hundred, a critical one seven; one that is not sent takes two. */
const OCCURRENCES_AT_ONCE = 20;
const CRITICAL_AT_ONCE = 12;
const TRIES = 4;

export interface AdvanceReport {
  /** Their messages are to be sent. */
  readonly jobs: readonly NewJob[];
  /** How many of them are new. */
  readonly made: number;
  /** Doses found after their window: recorded as not sent. */
  readonly notSent: number;
}

const NOTHING: AdvanceReport = { jobs: [], made: 0, notSent: 0 };

/**
 * Makes the occurrences of one due schedule with their deliveries and moves the schedule on, in one transaction: each
 * is made once, however often its entry is read. An entry of a replaced, stopped or already advanced schedule is
 * passed over: whoever moved it has entered it anew.
 * @throws Error when the schedule keeps moving; the entry is read again by the next tick
 */
export async function advanceDue(deps: AdvanceDeps, entry: DueEntry, now: Instant): Promise<AdvanceReport> {
  try {
    return await advanceWhileItStands(deps, entry, now);
  } catch (error) {
    // Nothing of an erased user may hold up the shard in which others wait.
    if (isErased(error)) return NOTHING;
    throw error;
  }
}

async function advanceWhileItStands(
  deps: AdvanceDeps,
  entry: DueEntry,
  now: Instant,
): Promise<AdvanceReport> {
  const key = { type: 'schedule' as const, owner: entry.owner, id: entry.medicationRef };
  let jobs: NewJob[] = [];
  let notSent = 0;
  let nextDueAt: Instant | null = entry.dueAt;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const schedule = await deps.schedules.read(key);
    if (!schedule || !stands(schedule, entry, nextDueAt)) {
      if (jobs.length > 0) return { jobs, made: jobs.length, notSent };
      return schedule && wasAdvanced(schedule, entry) ? again(deps, entry, schedule, now) : NOTHING;
    }
    const step = await plan(deps, entry, schedule, now);
    if ((await deps.schedules.commit(step.writes, step.jobs)) !== 'committed') continue;
    jobs = [...jobs, ...step.jobs];
    notSent += step.notSent;
    nextDueAt = step.nextDueAt;
    if (step.complete) return { jobs, made: jobs.length, notSent };
    tries = 0;
  }
  throw new Error('A due schedule keeps moving.');
}

const stands = (schedule: StoredRecord<'schedule'>, entry: DueEntry, nextDueAt: Instant | null): boolean =>
  schedule.state.status === 'active' &&
  schedule.state.revision === entry.scheduleRevision &&
  schedule.state.nextDueAt !== null &&
  schedule.state.nextDueAt === nextDueAt;

/** An earlier reading of the entry has moved the schedule on, and may have died before it sent its messages. */
const wasAdvanced = (schedule: StoredRecord<'schedule'>, entry: DueEntry): boolean =>
  schedule.state.status === 'active' &&
  schedule.state.revision === entry.scheduleRevision &&
  (schedule.state.nextDueAt === null || schedule.state.nextDueAt > entry.dueAt);

/** The same deliveries once more, to be sent only: their ids follow from the dose, and a claim runs each of them once. */
function again(
  deps: AdvanceDeps,
  entry: DueEntry,
  schedule: StoredRecord<'schedule'>,
  now: Instant,
): AdvanceReport {
  const advance = advanced(entry, schedule, entry.dueAt, now);
  const dosing = dosingOf(schedule);
  const jobs = advance.due.flatMap((due) => ordersOf(deps, due, dosing, entry.owner, now));
  return { jobs, made: 0, notSent: 0 };
}

const advanced = (
  entry: DueEntry,
  schedule: StoredRecord<'schedule'>,
  nextDueAt: Instant | null,
  now: Instant,
) =>
  advanceSchedule({
    schedule: schedule.body,
    nextDueAt,
    now,
    medicationRef: entry.medicationRef,
    limit: schedule.body.critical ? CRITICAL_AT_ONCE : OCCURRENCES_AT_ONCE,
  });

interface Dosing {
  readonly dose: DoseOwner;
  readonly critical: boolean;
  readonly correlationId?: string;
}

const dosingOf = ({ body, state }: StoredRecord<'schedule'>): Dosing => ({
  dose: { userId: body.userId, medicationId: body.medicationId, scheduleRevision: state.revision },
  critical: body.critical === true,
  ...(state.correlationId !== undefined && { correlationId: state.correlationId }),
});

async function plan(deps: AdvanceDeps, entry: DueEntry, schedule: StoredRecord<'schedule'>, now: Instant) {
  const { owner, medicationRef } = entry;
  const advance = advanced(entry, schedule, nextByNewestData(schedule), now);
  const dosing = dosingOf(schedule);
  const all = [...advance.due, ...advance.notSent];
  const standing = await deps.records.readMany(
    all.map(({ id }) => ({ type: 'occurrence' as const, owner, id })),
  );
  // One that stands was told, or ordered, under an earlier revision of the schedule: never a second time.
  const fresh = all.filter((_, index) => standing[index] === undefined);
  const due = fresh.filter((one) => advance.due.includes(one));
  const writes: RecordWrite[] = [
    {
      type: 'schedule',
      owner,
      id: medicationRef,
      expect: schedule.version,
      state: { ...schedule.state, nextDueAt: advance.nextDueAt },
      body: { ...schedule.body, tzdataVersion: tzdataVersion() },
    },
    ...fresh.map(
      (one): RecordWrite => ({
        type: 'occurrence',
        owner,
        expect: 'absent',
        ...occurrenceRecord(one, dosing.dose, due.includes(one) ? null : 'too_late'),
      }),
    ),
  ];
  const jobs = due.flatMap((one) => ordersOf(deps, one, dosing, owner, now));
  return {
    writes,
    jobs,
    notSent: fresh.length - due.length,
    nextDueAt: advance.nextDueAt,
    complete: advance.complete,
  };
}

/** Zones have moved by up to a day at once, over the date line. */
const LARGEST_MOVE_SECONDS = 86_400;

/**
 * Where a schedule stands, looked at with this runtime's zone data. Under older data its next dose may have been stored for
 * a later moment than it has now, and that dose has not been made: so what lies before is looked at once more, and what
 * stands of it is passed over. Doses whose ids carry an offset would not be known again; the daily sweep moves those.
 */
function nextByNewestData({ state, body }: StoredRecord<'schedule'>): Instant | null {
  const { nextDueAt, acceptedAt } = state;
  const isKnownById = body.times.length > 0 && (body.stays ?? []).length === 0;
  if (nextDueAt === null || !isKnownById || body.tzdataVersion === tzdataVersion()) return nextDueAt;
  const earlier = addSeconds(nextDueAt, -LARGEST_MOVE_SECONDS);
  // Nothing is owed from before the schedule was accepted.
  if (acceptedAt > nextDueAt) return nextDueAt;
  return [earlier, acceptedAt].toSorted().at(-1) ?? nextDueAt;
}

/** The delivery of a dose, and of a critical one the watch over it. */
function ordersOf(
  deps: AdvanceDeps,
  due: DueOccurrence,
  { dose, critical, correlationId }: Dosing,
  owner: string,
  now: Instant,
): NewJob[] {
  return deliveriesOf(due, dose, { critical, now }).map(({ key, payload }) =>
    orderJob(deps, {
      order: payload,
      owner,
      now,
      key,
      part: 'tick',
      ...(correlationId !== undefined && { correlationId }),
    }),
  );
}
