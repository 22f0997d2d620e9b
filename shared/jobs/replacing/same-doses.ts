import { nextOccurrences } from '../../clinical/index.ts';
import type { Instant } from '../../lifecycle/instant.ts';
import type { RecordShapes, ScheduleBody, StoredRecord } from '../ports.ts';

type ScheduleState = RecordShapes['schedule']['state'];

/**
 * Whether a dose that was made for an earlier revision of the schedule is one of the same prescription. A course that ends
 * before the day of the dose does not ask for it any more.
 */
export const asksForTheSame = (
  { body: { endDate, stays }, state: { revision, sameSince = revision } }: StoredRecord<'schedule'>,
  dose: { readonly id: string; readonly revision: number },
): boolean =>
  dose.revision >= sameSince &&
  dose.revision <= revision &&
  // Elsewhere the last dose can have a later date than the one on which its course ends at home.
  (endDate === undefined || stays !== undefined || localDateOf(dose.id) <= endDate);

/** Ids begin with the local date. */
const localDateOf = (id: string): string => id.slice(0, 10);

/** Enough to see a week of a daily pattern, or what a longer one does next. */
const COMPARED = 8;

/**
 * Since when the next revision asks for the same doses: `{}` when it asks for others. The same frequency with the same
 * amount and the same messages, due at the same moments from now on by one clock; what a zone has to do with it is not looked
 * at. Nor is when it ends: a course that is prolonged or shortened asks for the doses until its earlier end as before.
 */
export function sameSince(
  before: StoredRecord<'schedule'> | undefined,
  next: ScheduleBody,
  now: Instant,
): Pick<ScheduleState, 'sameSince'> {
  if (before?.state.status !== 'active' || !isSame(before.body, next, now)) return {};
  return { sameSince: before.state.sameSince ?? before.state.revision };
}

/** A replacement that asks for fewer messages, or later ones, ends those that were planned. */
const remindersOf = ({ critical, escalateAfterMinutes, followUp, lateWindowMinutes }: ScheduleBody): string =>
  JSON.stringify([
    critical,
    escalateAfterMinutes,
    followUp?.count,
    followUp?.everyMinutes,
    lateWindowMinutes,
  ]);

function isSame(before: ScheduleBody, next: ScheduleBody, now: Instant): boolean {
  const dosesOf = ({ stays: _elsewhere, endDate: _last, ...body }: ScheduleBody) =>
    nextOccurrences({ ...body, timeZone: next.timeZone }, now, COMPARED)
      .map(({ dueAt }) => dueAt)
      .join();
  return (
    before.frequency === next.frequency &&
    before.doseUnits === next.doseUnits &&
    remindersOf(before) === remindersOf(next) &&
    dosesOf(before) === dosesOf(next)
  );
}
