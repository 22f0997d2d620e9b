import type { ReminderState } from '../clinical/reminder-states.ts';
import { addSeconds, type Instant } from '../lifecycle/instant.ts';
import { type DoseRow, type FillRow, LATE_AFTER_HOURS } from './events.ts';
import type { RecordWrite, RecordWriteOf } from './record-access.ts';
import type { MedicationBody } from './records.ts';

/** What roll-ups are told of an occurrence that is left in this state; `undefined`: nothing, nobody was told of it yet. */
export function doseRowOf(
  { owner, id, state }: Pick<RecordWriteOf<'occurrence'>, 'owner' | 'id' | 'state'>,
  recordedAt: Instant,
): DoseRow | undefined {
  const { status, dueAt, reason, expiresAt, told, acknowledgement } = state;
  if (!isWorthTelling(status)) return undefined;
  return {
    occurrenceId: id,
    userRef: owner,
    dueAt,
    status,
    reason,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(told && { told }),
    // A word that was followed by another telling, such as a snooze that is over, does not stand any more.
    ...(acknowledgement?.outcome === status && { answeredAt: acknowledgement.recordedAt }),
    recordedAt,
  };
}

const isWorthTelling = (status: ReminderState): status is DoseRow['status'] =>
  status !== 'scheduled' && status !== 'sending';

/** For the write of a medication's record: the dispensing that it states and that did not stand before. */
export function newFillOf(
  before: MedicationBody | undefined,
  { lastFillDate: date, daysSupply }: MedicationBody,
): Pick<RecordWriteOf<'medication'>, 'newFill'> {
  if (date === undefined || daysSupply === undefined) return {};
  const stands = before?.lastFillDate === date && before.daysSupply === daysSupply;
  return stands ? {} : { newFill: { date, daysSupply } };
}

/** The dispensing that a write states for the first time. */
export function fillRowOf(write: RecordWrite, recordedAt: Instant): FillRow | undefined {
  if (write.type !== 'medication' || !write.newFill) return undefined;
  return { userRef: write.owner, medicationRef: write.id, ...write.newFill, recordedAt };
}

/** The hour of an instant, by its begin. */
export const hourOf = (instant: Instant): Instant => `${instant.slice(0, 13)}:00:00.000Z`;

/** The hour under which late fills of a local date are marked: its noon, which lies in that date in most zones. */
export const hourOfFill = (date: string): Instant => `${date}T12:00:00.000Z`;

/** Whether nobody looks at that hour by itself any more when something about it is written at `recordedAt`. */
export const isLate = (hour: Instant, recordedAt: Instant): boolean =>
  recordedAt > addSeconds(hour, (1 + LATE_AFTER_HOURS) * HOUR_SECONDS);

const HOUR_SECONDS = 3600;
