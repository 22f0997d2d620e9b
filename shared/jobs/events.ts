import type { ReminderState } from '../clinical/reminder-states.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { Priority } from '../lifecycle/priority.ts';
import type { Fill } from './record-access.ts';
import type { Ref } from './records.ts';

// What happened in an hour, beside the jobs that ended in it: read by roll-ups, written with what it tells of.

/** One accepted job, by the hour of its acceptance. */
export interface AcceptedRow {
  readonly jobId: string;
  readonly kind: string;
  readonly priority: Priority;
  readonly acceptedAt: Instant;
}

/**
 * What has become of one dose so far, by the hour in which it was due. There is one row for each dose; every change of the
 * occurrence replaces it in its own transaction. A dose has none before it was told, held or not sent.
 */
export interface DoseRow {
  /** With `userRef` it names the dose. */
  readonly occurrenceId: string;
  readonly userRef: Ref;
  readonly dueAt: Instant;
  readonly status: Exclude<ReminderState, 'scheduled' | 'sending'>;
  readonly reason: string | null;
  /** End of its window: told and unanswered from then on, it is missed. */
  readonly expiresAt?: Instant;
  /** When its first message left, and whether that was late. */
  readonly told?: { readonly at: Instant; readonly late: boolean };
  /** When the answer that stands was recorded. */
  readonly answeredAt?: Instant;
  /** When this row was written: later than its hour makes it late data of that hour. */
  readonly recordedAt: Instant;
}

/** One dispensing, by its local date. A later statement about the same medication and date replaces it. */
export interface FillRow extends Fill {
  readonly userRef: Ref;
  readonly medicationRef: Ref;
  readonly recordedAt: Instant;
}

/** Refused requests of one UTC hour with the same step and code. */
export interface RefusalCount {
  /** Begin of the hour. */
  readonly hour: Instant;
  readonly step: string;
  readonly code: string;
  readonly count: number;
}

/** One use of emergency access. */
export interface BreakGlassRow {
  readonly id: string;
  readonly at: Instant;
}

/** Windows are half-open; rows come in no particular order, page by page. Each method reads its window and nothing else. */
export interface EventReader {
  accepted(start: Instant, end: Instant): AsyncIterable<AcceptedRow>;
  doses(start: Instant, end: Instant): AsyncIterable<DoseRow>;
  /** Fills of the local dates from `from` to before `until`. */
  fills(from: string, until: string): AsyncIterable<FillRow>;
  /** Of every UTC hour that begins in the window. */
  refusals(start: Instant, end: Instant): AsyncIterable<RefusalCount>;
  breakGlass(start: Instant, end: Instant): AsyncIterable<BreakGlassRow>;
  /**
   * Begins of the UTC hours whose doses (or, by noon of their date, fills) changed on that UTC date, more than `LATE_AFTER_HOURS` after their end:
   * nobody else would look at these hours again.
   */
  lateHours(date: string): Promise<readonly Instant[]>;
}

/** Roll-ups look at an hour again for so long; what changes later leaves a mark. Whole windows (12 h) lie within. */
export const LATE_AFTER_HOURS = 36;
