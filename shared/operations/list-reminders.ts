import { advanceSchedule, type DueOccurrence, plusDays } from '../clinical/index.ts';
import type { Caller } from '../evidence/caller.ts';
import type { JsonObject, Ref, StoredRecord } from '../jobs/ports.ts';
import { addSeconds, earlier, type Instant, later, secondsBetween } from '../lifecycle/instant.ts';
import { aboutPatient } from './about-patient.ts';
import type { Engine } from './engine.ts';
import type { RequestContext } from './find-job.ts';
import { recordRead } from './record-read.ts';
import {
  encodeReminderCursor,
  isDate,
  type ReminderQuery,
  type ReminderRange,
  rangeOf,
} from './reminder-range.ts';
import { reminderView } from './reminder-view.ts';

type Deps = Pick<Engine, 'records' | 'audit' | 'refs' | 'random' | 'emergencyGrants'>;
type Listed = readonly [id: string, view: JsonObject];

/** So many local dates are looked at together, so that a page costs what it shows and not what is asked for. */
const DATES_AT_ONCE = 7;
/** A dose belongs to a local date that is at most this many days away from the date in UTC. */
const DATE_SLACK_DAYS = 1;

/**
 * The reminders of one user, in order of local date and clock time: past ones with what became of them, future ones as
 * a preview made from the schedules that stand now. A dose that is due and that a tick has not made yet is in it, too.
 * Nothing is written but the audit entry, and before the answer.
 * @throws ProblemError `forbidden`, `invalid_input`, `read_not_recorded`
 */
export async function listReminders(
  deps: Deps,
  caller: Caller,
  target: { readonly userId: string; readonly query: ReminderQuery },
  request: RequestContext,
): Promise<JsonObject> {
  const { owner, entry } = await aboutPatient(deps, 'listReminders', caller, target.userId, request);
  const now = request.receivedAt;
  const { query } = target;
  const range = rangeOf(query, await zoneFor(deps, owner, query), now);
  const found: Listed[] = [];
  for await (const listed of remindersOf(deps, owner, range, now)) {
    found.push(listed);
    if (found.length > query.limit) break;
  }
  const page = found.slice(0, query.limit);
  const last = page.at(-1)?.[0];
  await recordRead(
    deps,
    entry('reminders.read', { from: range.from, to: range.to, count: page.length, first_page: !range.after }),
  );
  return {
    user_id: target.userId,
    from: range.from,
    to: range.to,
    reminders: page.map(([, view]) => view),
    ...(found.length > page.length &&
      last !== undefined && {
        next_cursor: encodeReminderCursor({ from: range.from, to: range.to, after: last }),
      }),
  };
}

/** Dates are the user's at home; where no zone is known, and where none is asked for, UTC. */
async function zoneFor(deps: Deps, owner: Ref, query: ReminderQuery): Promise<string> {
  if (!isDate(query.from) && !isDate(query.to)) return 'UTC';
  const [user] = await deps.records.readMany([{ type: 'user', owner, id: '' }]);
  return user?.body.timeZone ?? 'UTC';
}

async function* remindersOf(
  deps: Deps,
  owner: Ref,
  range: ReminderRange,
  now: Instant,
): AsyncGenerator<Listed> {
  const { from, to, after = '' } = range;
  const schedules = await previewed(deps, owner, now);
  const first = after === '' ? plusDays(from.slice(0, 10), -DATE_SLACK_DAYS) : after.slice(0, 10);
  const end = plusDays(to.slice(0, 10), DATE_SLACK_DAYS + 1);
  for (let date = first; date < end; date = plusDays(date, DATES_AT_ONCE)) {
    const until = plusDays(date, DATES_AT_ONCE);
    const listed = new Map(
      schedules.flatMap((schedule) => preview(schedule, { from, to, now }, { date, until })),
    );
    // What stands says more than a preview of it.
    for await (const record of deps.records.range('occurrence', owner, { from: date, until }))
      if (record.state.dueAt >= from && record.state.dueAt < to)
        listed.set(record.id, reminderView(record, now));
    yield* [...listed].filter(([id]) => id > after).sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

interface Previewed {
  readonly schedule: StoredRecord<'schedule'>;
  /** The first moment of which no dose is shown; absent: the schedule goes on. */
  readonly end?: Instant;
}

/**
 * Schedules with doses that do not stand yet. Of medications that are paused or stopped none will be told; those that are
 * due already were promised, so they are shown until what becomes of them is recorded.
 */
async function previewed(deps: Deps, owner: Ref, now: Instant): Promise<Previewed[]> {
  const active = new Set<string>();
  for await (const { id, state } of deps.records.list('medication', owner, ''))
    if (state.status === 'active') active.add(id);
  const found: Previewed[] = [];
  for await (const schedule of deps.records.list('schedule', owner, ''))
    if (schedule.state.status === 'active')
      found.push(active.has(schedule.id) ? { schedule } : { schedule, end: now });
  return found;
}

function preview(
  { schedule: { id: medicationRef, state, body }, end }: Previewed,
  range: { readonly from: Instant; readonly to: Instant; readonly now: Instant },
  dates: { readonly date: string; readonly until: string },
): Listed[] {
  if (state.nextDueAt === null) return [];
  // What lies before the schedule's next dose has been made, or will never be.
  const from = later(later(range.from, state.nextDueAt), around(dates.date, -DATE_SLACK_DAYS));
  const last = end === undefined ? range.to : earlier(range.to, end);
  const until = earlier(last, around(dates.until, DATE_SLACK_DAYS));
  if (from >= until) return [];
  const { now } = range;
  const { due, notSent } = advanceSchedule({
    schedule: body,
    medicationRef,
    nextDueAt: from,
    now,
    horizonSeconds: secondsBetween(now, until),
    limit: Infinity,
  });
  const shown = (doses: readonly DueOccurrence[], became: JsonObject) =>
    doses
      .filter(({ dueAt, localDate }) => dueAt < until && localDate >= dates.date && localDate < dates.until)
      .map((dose): Listed => [dose.id, previewView(dose, body.medicationId, now, became)]);
  return [
    ...shown(due, { status: 'scheduled' }),
    ...shown(notSent, { status: 'not_sent', reason: 'too_late' }),
  ];
}

/** A dose that does not stand yet. One that is due says so: it waits for a tick that is behind. */
const previewView = (
  { dueAt, expiresAt, id, localTime, slots, timeZone }: DueOccurrence,
  medicationId: string,
  now: Instant,
  became: JsonObject,
): JsonObject => ({
  reminder_id: id,
  medication_id: medicationId,
  ...became,
  preview: true,
  ...(dueAt <= now && { overdue: true, expires_at: expiresAt }),
  due_at: dueAt,
  local_time: localTime,
  time_zone: timeZone,
  slots,
});

const around = (date: string, days: number): Instant => addSeconds(`${date}T00:00:00.000Z`, days * 86_400);
