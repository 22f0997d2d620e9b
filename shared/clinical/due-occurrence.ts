import type { DeliveryPurpose, EscalationCause } from './delivery-decision.ts';
import type { Occurrence } from './schedule.ts';

/** An occurrence with its identity and the end of its window. */
export interface DueOccurrence extends Occurrence {
  /** See `occurrenceId`: the same dose has the same id, whoever makes it. */
  readonly id: string;
  /** After this moment nothing about this dose is sent any more. */
  readonly expiresAt: string;
}

/**
 * `<local date>_<slot>_<medication ref>` in letters, digits, `_` and `-`, as it stands in URLs and messages. In order of
 * text ids are in order of local date and clock time. The slot is `HHMM`; for elapsed intervals the offset follows, `E`
 * or `W` for east or west of UTC, so that the two 01:00 of a fall-back day stay apart. It follows a clock time, too, once
 * the user's zone has changed.
 */
export const occurrenceId = (
  { localDate, offset = '', slots: [slot] }: Pick<Occurrence, 'localDate' | 'slots' | 'offset'>,
  medicationRef: string,
): string =>
  `${localDate}_${`${slot}${offset}`.replaceAll(':', '').replace('+', 'E').replace('-', 'W')}_${medicationRef}`;

export const dueOccurrence = (
  occurrence: Occurrence,
  medicationRef: string,
  expiresAt: string,
): DueOccurrence => ({
  ...occurrence,
  id: occurrenceId(occurrence, medicationRef),
  expiresAt,
});

/** Whose dose it is, and for which revision of the schedule it was made. */
export interface DoseOwner {
  readonly userId: string;
  readonly medicationId: string;
  readonly scheduleRevision: number;
}

/**
 * Why a dose was not told. Never to be mixed up with a dose that a person missed. `delivery_failed`: every attempt
 * failed or died before it began to tell it. `too_close`: it lies too near to a dose that was told or taken before the
 * schedule was replaced. `cancelled`: somebody cancelled the delivery. `delivery_uncertain`: an
 * attempt failed or died while it was telling it, and no later one told it. `erasure_pending`: the user is about to be
 * erased.
 */
export type NotSentReason =
  | 'too_late'
  | 'too_close'
  | 'schedule_stopped'
  | 'schedule_replaced'
  | 'medication_stopped'
  | 'medication_paused'
  | 'erasure_pending'
  | 'delivery_failed'
  | 'cancelled'
  | 'delivery_uncertain';

/** The record of an occurrence, as the tick and the job that writes a schedule store it. */
export const occurrenceRecord = (
  due: DueOccurrence,
  owner: DoseOwner,
  reason: NotSentReason | null = null,
) => ({
  id: due.id,
  state: {
    status: reason === null ? ('scheduled' as const) : ('not_sent' as const),
    dueAt: due.dueAt,
    scheduleRevision: owner.scheduleRevision,
    expiresAt: due.expiresAt,
    reason,
  },
  body: {
    userId: owner.userId,
    medicationId: owner.medicationId,
    localTime: due.localTime,
    timeZone: due.timeZone,
    slots: due.slots,
  },
});

export const HELD_REASON = 'close_after_zone_change';

/** The record of an occurrence that is told only when a person confirms it: after a change of zone it lies too close. */
export function heldRecord(due: DueOccurrence, owner: DoseOwner) {
  const { id, state, body } = occurrenceRecord(due, owner);
  return {
    id,
    state: { ...state, status: 'needs_confirmation' as const, reason: HELD_REASON },
    body,
  };
}

/** What a message about one dose is told: the payload of a `reminder-delivery` job. Without a purpose it tells the dose. */
export type DeliveryOrder = {
  readonly purpose?: DeliveryPurpose;
  /** Of a follow-up, unless it ends a snooze. */
  readonly number?: number;
  /** Of an escalation. */
  readonly cause?: EscalationCause;
  /** Of an escalation after a snooze: when the person said so. */
  readonly put_off_at?: string;
  /** When the message is due, if not with the dose. */
  readonly tell_at?: string;
  readonly user_id: string;
  readonly medication_id: string;
  readonly occurrence_id: string;
  readonly schedule_revision: number;
  readonly due_at: string;
  readonly expires_at: string;
};

/** The delivery of one dose: `key` is the same whoever orders it, and another one for each revision of the schedule. */
export const deliveryOf = (
  due: Pick<DueOccurrence, 'id' | 'dueAt' | 'expiresAt'>,
  owner: DoseOwner,
): {
  readonly key: string;
  readonly dueAt: string;
  readonly expiresAt: string;
  readonly payload: DeliveryOrder;
} => ({
  key: `delivery#${due.id}#${owner.scheduleRevision}`,
  dueAt: due.dueAt,
  expiresAt: due.expiresAt,
  payload: {
    user_id: owner.userId,
    medication_id: owner.medicationId,
    occurrence_id: due.id,
    schedule_revision: owner.scheduleRevision,
    due_at: due.dueAt,
    expires_at: due.expiresAt,
  },
});
