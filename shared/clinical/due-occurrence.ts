import type { Occurrence } from './schedule.ts';

/** An occurrence with its identity and the end of its window. */
export interface DueOccurrence extends Occurrence {
  /** `<local date>#<medication ref>#<first slot>`: the same dose has the same id, whoever makes it. */
  readonly id: string;
  /** After this moment nothing about this dose is sent any more. */
  readonly expiresAt: string;
}

export const dueOccurrence = (
  occurrence: Occurrence,
  medicationRef: string,
  expiresAt: string,
): DueOccurrence => ({
  ...occurrence,
  id: `${occurrence.localDate}#${medicationRef}#${occurrence.slots[0]}`,
  expiresAt,
});

/** Whose dose it is, and for which revision of the schedule it was made. */
export interface DoseOwner {
  readonly userId: string;
  readonly medicationId: string;
  readonly scheduleRevision: number;
}

/**
 * Why a dose was not told. Never to be mixed up with a dose that a person missed. `delivery_uncertain`: an attempt
 * died while it was telling it, and by the next one its window had passed or its schedule was stopped.
 */
export type NotSentReason =
  | 'too_late'
  | 'schedule_stopped'
  | 'schedule_replaced'
  | 'medication_stopped'
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

/** What the delivery of one dose is told: the payload of a `reminder-delivery` job. */
export type DeliveryOrder = {
  readonly user_id: string;
  readonly medication_id: string;
  readonly occurrence_id: string;
  readonly schedule_revision: number;
  readonly due_at: string;
  readonly expires_at: string;
};

/** The delivery of one dose: `key` is the same whoever orders it, and another one for each revision of the schedule. */
export const deliveryOf = (
  due: DueOccurrence,
  owner: DoseOwner,
): { readonly key: string; readonly dueAt: string; readonly payload: DeliveryOrder } => ({
  key: `delivery#${due.id}#${owner.scheduleRevision}`,
  dueAt: due.dueAt,
  payload: {
    user_id: owner.userId,
    medication_id: owner.medicationId,
    occurrence_id: due.id,
    schedule_revision: owner.scheduleRevision,
    due_at: due.dueAt,
    expires_at: due.expiresAt,
  },
});
