import type { Instant } from '../lifecycle/instant.ts';
import type { Ref } from './records.ts';

// What leaves for the topic and the event bus.

/**
 * What a message about one dose tells the outside world. The text is for the person it is for; it names the medication only
 * when the user allows that. Everything else is ids, codes and times.
 */
export interface ReminderMessage {
  readonly type:
    | 'reminder.due'
    | 'reminder.follow_up'
    | 'reminder.escalation'
    | 'reminder.needs_confirmation';
  /** The same when the same message is told again, so that receivers can drop a second one. */
  readonly message_id: string;
  readonly occurrence_id: string;
  readonly user_ref: Ref;
  readonly user_id: string;
  readonly medication_id: string;
  readonly due_at: Instant;
  readonly local_time: string;
  readonly time_zone: string;
  readonly late: boolean;
  readonly possible_duplicate: boolean;
  /** From then on it must not be shown any more. */
  readonly expires_at: Instant;
  readonly to: 'patient' | 'caregiver';
  /** Only of messages to caregivers: those whose consent holds. */
  readonly caregiver_ids?: readonly string[];
  /** Codes of the user's channels, the preferred one first; empty: the deployer's choice. */
  readonly channels: readonly string[];
  readonly text: { readonly title: string; readonly body: string };
}

/** That the urgency of a medication's supply has changed. Ids only: what it is now stands in the result of the job. */
export interface SupplyMessage {
  readonly type: 'supply.urgency_changed';
  /** The same when the same change is told again. */
  readonly event_id: string;
  readonly user_ref: Ref;
  readonly user_id: string;
  readonly medication_id: string;
  /** The `supply-monitor` job that found it. */
  readonly job_id: string;
  readonly possible_duplicate: boolean;
}

/** That somebody without a relationship to a person has got access to that person's data. Ids, codes and times only. */
export interface AccessMessage {
  readonly type: 'access.break_glass';
  /** The same when the same access is told again. */
  readonly event_id: string;
  readonly user_ref: Ref;
  readonly user_id: string;
  readonly grant_id: string;
  /** The role of whoever has the access. */
  readonly role: string;
  readonly granted_at: Instant;
  readonly expires_at: Instant;
  readonly possible_duplicate: boolean;
}

/** That a user is going to be erased, is not after all, or was: whoever keeps copies has to act. */
export interface ErasureMessage {
  readonly type: 'user.erasure_scheduled' | 'user.erasure_revoked' | 'user.erased';
  /** The same when the same is told again. */
  readonly event_id: string;
  readonly user_ref: Ref;
  readonly user_id: string;
  readonly erasure_id: string;
  /** When it is, or would have been, carried out. */
  readonly due_at: Instant;
  readonly possible_duplicate: boolean;
}

export interface Publisher {
  /** Publishes to the topic and to the event bus. Neither can deduplicate: the caller flags what may be a second one. */
  publishReminder(message: ReminderMessage): Promise<void>;
  /** As `publishReminder`, about a supply. */
  publishSupply(message: SupplyMessage): Promise<void>;
  /** As `publishReminder`, about an emergency access. */
  publishAccess(message: AccessMessage): Promise<void>;
  /** As `publishReminder`, about the erasure of a user. */
  publishErasure(message: ErasureMessage): Promise<void>;
}
