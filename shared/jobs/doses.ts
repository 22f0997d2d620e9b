import type { ReminderState } from '../clinical/reminder-states.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { Role } from '../lifecycle/role.ts';
import type { Ref } from './records.ts';

/** The stored states; `missed` is derived by `reminderStatusAt`. */
export type OccurrenceStatus = ReminderState;

/** What a person or their application said about one dose. */
export interface Acknowledgement {
  readonly outcome: 'taken' | 'skipped' | 'snoozed' | 'confirmed';
  /** When it was taken, skipped, snoozed or confirmed, as the person says. */
  readonly at: Instant;
  readonly recordedAt: Instant;
  /** Keyed hash of the caller and the role that let them. */
  readonly by: { readonly ref: Ref; readonly role: Role };
  /** Why it was skipped, in records of earlier versions; it is health information and stands in the body now. */
  readonly reasonCode?: string;
}

/** The last word of a channel about the message. Its codes are a caller's own words, so they stand in the body. */
export interface DeliveryReport {
  readonly status: 'delivered' | 'failed';
  readonly channel: string;
  readonly at: Instant;
  readonly reasonCode?: string;
}

export interface OccurrenceBody {
  readonly userId: string;
  readonly medicationId: string;
  readonly localTime: string;
  readonly timeZone: string;
  readonly slots: readonly string[];
  /** Why the dose was skipped, in a code. */
  readonly reasonCode?: string;
  /** What a person wrote beside the reason of a skipped dose. */
  readonly reasonText?: string;
  readonly delivery?: DeliveryReport;
}
