import { nextOccurrences } from '../../clinical/index.ts';
import type { Instant } from '../../lifecycle/instant.ts';
import type { RecordShapes, ScheduleBody, StoredRecord } from '../ports.ts';

type ScheduleState = RecordShapes['schedule']['state'];

/** Whether a dose that was made for an earlier revision of the schedule is one of the same prescription. */
export const asksForTheSame = ({ revision, sameSince = revision }: ScheduleState, earlier: number): boolean =>
  earlier >= sameSince && earlier <= revision;

/** Enough to see a week of a daily pattern, or what a longer one does next. */
const COMPARED = 8;

/**
 * Since when the next revision asks for the same doses: `{}` when it asks for others. The same frequency with the same
 * amount and the same messages, due at the same moments from now on by one clock; what a zone has to do with it is not looked at.
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
  const dosesOf = ({ stays: _elsewhere, ...body }: ScheduleBody) =>
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
