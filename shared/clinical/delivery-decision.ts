import type { NotSentReason } from './due-occurrence.ts';
import { type QuietHours, quietUntil } from './quiet-hours.ts';
import { type ReminderState, reminderAllows } from './reminder-states.ts';
import type { SpacingCause } from './spacing.ts';

/** What a message does: it tells a dose, tells it once more, tells a caregiver of it, or asks whether it is to be told. */
export type DeliveryPurpose = 'dose' | 'follow_up' | 'escalation' | 'needs_confirmation';

/**
 * Why a caregiver is told: nobody answered, a channel reports that the message did not arrive, or a critical dose was not
 * told in time for a reason of ours.
 */
export type EscalationCause = 'unanswered' | 'undelivered' | 'not_sent';

/** What there is to know immediately before a message leaves. Instants are ISO 8601 in UTC with milliseconds. */
export interface DeliveryFacts {
  readonly now: string;
  /** `dose` unless given. */
  readonly purpose?: DeliveryPurpose;
  /** Which follow-up, 1 to 3; one without a number is what a person asked for by a snooze. */
  readonly number?: number;
  /** Of an escalation; `unanswered` unless given. */
  readonly cause?: EscalationCause;
  /** When the dose was due. */
  readonly due_at: string;
  /** When this message is due; the due time of the dose unless given. */
  readonly tell_at?: string;
  /** From then on nothing about the dose is sent. */
  readonly expires_at: string;
  /** The stored state of the dose with the reason that stands beside it; absent when the dose no longer stands. */
  readonly status?: ReminderState;
  readonly reason?: string | null;
  /** Until when a person has put the dose off; only while `snoozed`. */
  readonly snoozed_until?: string;
  /** When a person asked for a snooze, if that is the last that a person said, also once it is over. */
  readonly put_off_at?: string;
  /** Of an escalation that was planned with a snooze: when that was asked for. */
  readonly asked_after?: string;
  /** Whether a caregiver was told of the dose before. */
  readonly escalated?: boolean;
  /** False: the dose was made anew by a later revision of the schedule, which tells it itself. True unless given. */
  readonly revision_matches?: boolean;
  /** `replaced`: active, in a later revision. Absent: there is none. */
  readonly schedule_state?: 'active' | 'stopped' | 'replaced';
  readonly medication_state?: 'active' | 'paused' | 'stopped';
  readonly quiet_hours?: QuietHours;
  /** IANA zone in which the quiet hours are read. */
  readonly time_zone?: string;
  /** How many caregivers may be told of it now. */
  readonly caregivers?: number;
  /** True: the user is about to be erased. */
  readonly erasing?: boolean;
  /**
   * A dose of the time before the schedule was replaced or its clock changed was told or taken too near to this one, as is
   * known now: what was changed. Absent: none.
   */
  readonly too_close_since?: SpacingCause;
}

export type DeliveryDecision =
  /** `late`: more than a minute after its time. */
  | { readonly action: 'send'; readonly late: boolean }
  /** Its time has not come. */
  | { readonly action: 'wait'; readonly until: string }
  /** After a change of clock it lies too close to another dose: a person is asked. */
  | { readonly action: 'hold'; readonly ask_at: string }
  /** Quiet hours: it is to be decided again at that moment. */
  | { readonly action: 'defer'; readonly until: string }
  /** Nothing is sent, and the dose was not told. */
  | { readonly action: 'close'; readonly status: 'not_sent'; readonly reason: NotSentReason }
  /** Nothing is sent; the dose stays as it is. */
  | { readonly action: 'nothing'; readonly reason: string };

/** A message that leaves later than this many milliseconds after its time says so. */
const LATE_AFTER_MS = 60_000;

/**
 * Whether a message about a dose leaves now. Asked with what stands at that very moment, so that nothing is sent that was
 * stopped, paused, replaced or answered in the meantime, nothing before its time, and nothing at `expires_at` or later.
 *
 * - A dose is never deferred. One that lies too close to a dose that was told or taken before a change is not told, and
 *   after a change of clock a person is asked. One that its own failed delivery left untold may be told after all.
 * - Follow-ups are told while the dose is open, outside of quiet hours, and until a person puts it off. One that a person asked for by a snooze is told at
 *   the time that the person chose, and only if that is still the last word.
 * - A caregiver is told at most once of one dose, in quiet hours, too.
 */
export function decideDelivery(facts: DeliveryFacts): DeliveryDecision {
  const { now, purpose = 'dose', due_at, tell_at = due_at, expires_at } = facts;
  if (now < tell_at) return { action: 'wait', until: tell_at };
  const settled = settledReason(facts, purpose);
  if (settled !== undefined) return { action: 'nothing', reason: settled };
  const stopped = stopReason(facts) ?? (now >= expires_at ? 'too_late' : undefined);
  if (stopped !== undefined)
    return purpose === 'dose'
      ? { action: 'close', status: 'not_sent', reason: stopped }
      : { action: 'nothing', reason: stopped };
  if (purpose === 'dose' && facts.too_close_since !== undefined)
    return facts.too_close_since === 'zone_change' && facts.status === 'scheduled'
      ? { action: 'hold', ask_at: now }
      : { action: 'close', status: 'not_sent', reason: 'too_close' };
  if (purpose === 'escalation' && !facts.caregivers) return { action: 'nothing', reason: 'no_caregiver' };
  const until = purpose === 'follow_up' && facts.number !== undefined ? quietEnd(facts) : undefined;
  if (until !== undefined)
    return until < expires_at
      ? { action: 'defer', until }
      : { action: 'nothing', reason: 'quiet_until_expiry' };
  return { action: 'send', late: isLate(now, tell_at) };
}

export const isLate = (now: string, tell_at: string): boolean =>
  Date.parse(now) - Date.parse(tell_at) > LATE_AFTER_MS;

const quietEnd = ({ now, quiet_hours, time_zone }: DeliveryFacts): string | undefined =>
  quiet_hours && time_zone !== undefined ? quietUntil(now, quiet_hours, time_zone) : undefined;

const OPEN: readonly ReminderState[] = ['published', 'delivered', 'undelivered'];

/** Why there is nothing to tell whatever the time is; `undefined` when there is. */
function settledReason(facts: DeliveryFacts, purpose: DeliveryPurpose): string | undefined {
  const { status, reason = null } = facts;
  if (status === undefined || facts.revision_matches === false) return 'occurrence_replaced';
  if (purpose === 'escalation' && facts.escalated) return 'already_escalated';
  // It was planned before the last snooze, which has planned its own.
  if (isPlanned(facts, purpose) && facts.asked_after !== facts.put_off_at) return 'already_snoozed';
  return isToTell(facts, purpose, status, reason) ? undefined : `already_${status}`;
}

/** What is planned when a dose is told; other messages answer a report or a person. */
const isPlanned = ({ cause = 'unanswered', number }: DeliveryFacts, purpose: DeliveryPurpose): boolean =>
  purpose === 'follow_up' ? number !== undefined : purpose === 'escalation' && cause === 'unanswered';

function isToTell(
  { cause = 'unanswered', now, number, tell_at, snoozed_until }: DeliveryFacts,
  purpose: DeliveryPurpose,
  status: ReminderState,
  reason: string | null,
): boolean {
  const failed = status === 'not_sent' && isFailure(reason);
  if (purpose === 'dose') return failed || (status !== 'not_sent' && reminderAllows('send', status));
  if (purpose === 'needs_confirmation') return status === 'needs_confirmation';
  if (purpose === 'follow_up')
    return number === undefined ? status === 'snoozed' && snoozed_until === tell_at : OPEN.includes(status);
  if (cause === 'undelivered') return status === 'undelivered';
  if (cause === 'not_sent') return failed || status === 'scheduled' || status === 'sending';
  // A snooze that is over holds nothing up, also when its own message could not leave.
  const isOver = status === 'snoozed' && snoozed_until !== undefined && snoozed_until <= now;
  return OPEN.includes(status) || isOver;
}

/** Left untold by the end of its delivery, and by nobody's wish. */
export const isFailure = (reason: string | null): boolean =>
  reason === 'delivery_failed' || reason === 'delivery_uncertain';

function stopReason({ erasing, medication_state, schedule_state }: DeliveryFacts): NotSentReason | undefined {
  if (erasing) return 'erasure_pending';
  if (medication_state === 'paused') return 'medication_paused';
  if (medication_state !== 'active') return 'medication_stopped';
  if (schedule_state === 'replaced') return 'schedule_replaced';
  return schedule_state === 'active' ? undefined : 'schedule_stopped';
}
