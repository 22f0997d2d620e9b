import {
  advanceSchedule,
  type DueOccurrence,
  replacementReach,
  type Schedule,
  type StandingDose,
} from '../../clinical/index.ts';
import type { Instant } from '../../lifecycle/instant.ts';
import type { Ref, StoredRecord, World } from '../ports.ts';

/** The records of doses that stand, each with what matters of it. */
export interface StandingRecords {
  readonly doses: readonly StandingDose[];
  readonly byId: ReadonlyMap<string, StoredRecord<'occurrence'>>;
  /** Doses of the schedule before that are due and have no record: among `doses` they are open. */
  readonly unmade: ReadonlyMap<string, DueOccurrence>;
  /** The same, after their window. */
  readonly tooLate: readonly DueOccurrence[];
}

/** Each takes two items of the transaction that replaces or ends the schedule. As many as a tick that is a day behind owes at most. */
const MOST_OVERDUE = 24;
const HOUR_MS = 3_600_000;
/** Of older doses nothing is written: no answer to them is asked for any more. A day has at most 24 doses. */
const LONGEST_BACKLOG_HOURS = 31 * 24;
/** Ids begin with the local date, which is at most a day away from the date in UTC. */
const DATE_SLACK_HOURS = 24;

/** A user's doses that matter when one of these schedules takes the place of another, of all medications. */
export async function dosesAround(
  world: World,
  owner: Ref,
  now: Instant,
  schedules: readonly Schedule[],
): Promise<readonly StoredRecord<'occurrence'>[]> {
  const hours = replacementReach(...schedules) + DATE_SLACK_HOURS;
  const from = Date.parse(now) - hours * HOUR_MS;
  return dosesByDate(world, owner, from, Date.parse(now) + hours * HOUR_MS);
}

/** An attempt's world, or what an operation has of it. */
interface RangeReader {
  readonly records: Pick<World['records'], 'range'>;
}

/** A user's doses whose local dates are those of these moments in UTC, or between them. */
async function dosesByDate(
  world: RangeReader,
  owner: Ref,
  fromMs: number,
  untilMs: number,
): Promise<readonly StoredRecord<'occurrence'>[]> {
  const dateAt = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const dates = { from: dateAt(fromMs), until: dateAt(untilMs + 24 * HOUR_MS) };
  const found: StoredRecord<'occurrence'>[] = [];
  for await (const record of world.records.range('occurrence', owner, dates)) found.push(record);
  return found;
}

/** A medication's doses that are due between these moments. */
export async function dosesBetween(
  world: RangeReader,
  { owner, medicationId }: { readonly owner: Ref; readonly medicationId: string },
  from: Instant,
  until: Instant,
): Promise<readonly StoredRecord<'occurrence'>[]> {
  const slack = DATE_SLACK_HOURS * HOUR_MS;
  const around = await dosesByDate(world, owner, Date.parse(from) - slack, Date.parse(until) + slack);
  return around.filter(
    ({ body, state }) => body.medicationId === medicationId && state.dueAt >= from && state.dueAt <= until,
  );
}

/**
 * What a tick that is behind may not have made of a schedule yet: doses that are due, and those after their window. Of more
 * than a transaction holds the newest: they may still be told, or be answered.
 */
export function overdueDoses(
  { body, id: medicationRef, state: { nextDueAt, status } }: StoredRecord<'schedule'>,
  now: Instant,
): { readonly due: readonly DueOccurrence[]; readonly notSent: readonly DueOccurrence[] } {
  const earliest = new Date(Date.parse(now) - LONGEST_BACKLOG_HOURS * HOUR_MS).toISOString();
  const from = nextDueAt !== null && nextDueAt < earliest ? earliest : nextDueAt;
  const { due, notSent } = advanceSchedule({
    schedule: body,
    medicationRef,
    nextDueAt: status === 'active' ? from : null,
    now,
    horizonSeconds: 0,
    limit: LONGEST_BACKLOG_HOURS,
  });
  const room = Math.max(0, MOST_OVERDUE - due.length);
  return { due: due.slice(-MOST_OVERDUE), notSent: room === 0 ? [] : notSent.slice(-room) };
}

/** Those of the medication of a schedule, with what a tick that is behind has not made of it yet. */
export function standingOf(
  records: readonly StoredRecord<'occurrence'>[],
  schedule: StoredRecord<'schedule'>,
  now: Instant,
): StandingRecords {
  const own = records.filter((record) => record.body.medicationId === schedule.body.medicationId);
  const byId = new Map(own.map((record) => [record.id, record]));
  const overdue = overdueDoses(schedule, now);
  const unmade = overdue.due.filter(({ id }) => !byId.has(id));
  return {
    doses: [...own.map(standingDose), ...unmade.map(openDose)],
    byId,
    unmade: new Map(unmade.map((dose) => [dose.id, dose])),
    tooLate: overdue.notSent.filter(({ id }) => !byId.has(id)),
  };
}

/** Before the first schedule of a medication nothing stands. */
export const NOTHING_STANDS: StandingRecords = {
  doses: [],
  byId: new Map(),
  unmade: new Map(),
  tooLate: [],
};

const openDose = ({ id, dueAt }: DueOccurrence): StandingDose => ({
  id,
  dueAt,
  status: 'scheduled',
  reason: null,
});

export function standingDose({ id, state }: StoredRecord<'occurrence'>): StandingDose {
  const { acknowledgement, dueAt, expiresAt, reason, status } = state;
  return {
    id,
    dueAt,
    status,
    reason,
    ...(status === 'taken' && acknowledgement && { takenAt: acknowledgement.at }),
    ...(acknowledgement?.outcome === 'confirmed' && { confirmed: true }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}
