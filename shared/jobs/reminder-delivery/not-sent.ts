import { isFailure, type NotSentReason, reminderAllows } from '../../clinical/index.ts';
import type { AnswersFor } from '../define-job-kind.ts';
import type { RecordShapes, WorkCounts } from '../ports.ts';
import type { ReminderDelivery } from './schema.ts';

type State = RecordShapes['occurrence']['state'];

/** Whether an attempt may have told the dose before it failed or died. */
export const mayHaveBeenTold = ({ status, reason }: State): boolean =>
  status === 'sending' || (status === 'not_sent' && reason === 'delivery_uncertain');

/** Not told, and why. One that may have been told is not claimed to be untold. */
export const notSent = (state: State, reason: NotSentReason): State => ({
  ...state,
  status: 'not_sent',
  reason: mayHaveBeenTold(state) ? 'delivery_uncertain' : reason,
});

/** A dose that was not told for a reason of ours. */
export const COUNTED_NOT_SENT: WorkCounts = { reminders_on_time: 0, reminders_not_sent: 1 };

/** Whether a dose was left untold by the end of its delivery: a person who retries that wants it told after all. */
export const failedBefore = ({ status, reason }: State): boolean =>
  status === 'not_sent' && isFailure(reason);

/** The dose that a delivery answers for; what follows it answers for nothing. */
export const answersFor: AnswersFor<ReminderDelivery> = {
  of: ({ occurrence_id: id, schedule_revision: revision, purpose = 'dose' }) =>
    purpose === 'dose' ? { id, revision } : undefined,
  closed: (state, revision, end) => {
    const open = reminderAllows('withhold', state.status);
    // A newer revision of the schedule has ordered a delivery of its own, which answers for the dose.
    if (!open || state.scheduleRevision !== revision) return undefined;
    // What a person did not want is no failure of ours.
    return { state: notSent(state, REASONS[end]), counts: end === 'cancel' ? {} : COUNTED_NOT_SENT };
  },
};

const REASONS = {
  fail: 'delivery_failed',
  bury: 'delivery_failed',
  expire: 'too_late',
  cancel: 'cancelled',
} as const;
