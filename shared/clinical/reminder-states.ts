/** Every state in which a reminder (one occurrence of a schedule) is stored. */
export const REMINDER_STATES = [
  'scheduled',
  'sending',
  'published',
  'delivered',
  'undelivered',
  'snoozed',
  'taken',
  'skipped',
  'needs_confirmation',
  'not_sent',
] as const;

export type ReminderState = (typeof REMINDER_STATES)[number];

/**
 * What a reader is told. `missed` is never stored: it follows from the state and the time, see `reminderStatusAt`.
 * `missed` says that a person was told and did not answer; `not_sent` and `undelivered` say that we did not reach them.
 */
export const REMINDER_STATUSES = [...REMINDER_STATES, 'missed'] as const;
export type ReminderStatus = (typeof REMINDER_STATUSES)[number];

interface ReminderTransition {
  readonly from: readonly ReminderState[];
  readonly to: ReminderState;
  readonly meaning: string;
}

/**
 * The only way in which a reminder's state changes. Making the occurrence is not a change; it is made `scheduled`,
 * `needs_confirmation`, or `not_sent` when it is found too late. An answer or a report about one slot never touches
 * another: a late one belongs to its own slot.
 */
export const REMINDER_TRANSITIONS = {
  send: {
    // `sending` again when an attempt died between this and the commit, `not_sent` when a person retries a delivery that
    // failed.
    from: ['scheduled', 'sending', 'not_sent'],
    to: 'sending',
    meaning: 'a worker is about to tell the dose',
  },
  publish: { from: ['sending'], to: 'published', meaning: 'the dose was told to topic and bus' },
  withhold: {
    from: ['scheduled', 'sending', 'needs_confirmation'],
    to: 'not_sent',
    meaning: 'the dose is not told: our failure, too late, stopped or replaced; the reason says which',
  },
  hold: {
    from: ['scheduled'],
    to: 'needs_confirmation',
    meaning: 'the dose lies too close to another one: a person decides',
  },
  confirm: {
    from: ['needs_confirmation'],
    to: 'scheduled',
    meaning: 'a person says that a dose that is held is to be told',
  },
  deliver: {
    // `sending`: the report may come before our own commit, or instead of it when the worker died.
    from: ['sending', 'published', 'undelivered'],
    to: 'delivered',
    meaning: 'a channel reports that the message arrived',
  },
  failDelivery: {
    // `sending`: as above. `delivered`: the same channel takes its word back.
    from: ['sending', 'published', 'delivered'],
    to: 'undelivered',
    meaning: 'a channel reports that it did not arrive',
  },
  take: {
    // Also of what nobody told: a patient may take a dose early, or without a reminder. And a skipped dose may be
    // taken after all; the record must never make another dose look open that is not.
    from: [
      'scheduled',
      'sending',
      'published',
      'delivered',
      'undelivered',
      'snoozed',
      'skipped',
      'needs_confirmation',
      'not_sent',
    ],
    to: 'taken',
    meaning: 'a person says that the dose was taken',
  },
  skip: {
    from: [
      'scheduled',
      'sending',
      'published',
      'delivered',
      'undelivered',
      'snoozed',
      'needs_confirmation',
      'not_sent',
    ],
    to: 'skipped',
    meaning: 'a person says that the dose is left out, and why',
  },
  snooze: {
    from: ['published', 'delivered', 'undelivered', 'snoozed'],
    to: 'snoozed',
    meaning: 'a person asks to be told again later, within the window',
  },
  tellAgain: {
    from: ['snoozed'],
    to: 'published',
    meaning: 'the snooze is over and the dose was told again',
  },
  correct: {
    from: ['taken'],
    to: 'skipped',
    meaning: 'the person who said taken says that this was a mistake',
  },
} as const satisfies Record<string, ReminderTransition>;

export type ReminderEvent = keyof typeof REMINDER_TRANSITIONS;

/** Whether `event` may happen to a reminder that is stored in `state`. */
export const reminderAllows = (event: ReminderEvent, state: ReminderState): boolean =>
  REMINDER_TRANSITIONS[event].from.some((from) => from === state);

/** Told, and waiting for an answer. */
const OPEN: readonly ReminderState[] = ['published', 'delivered', 'snoozed'];

/** The window of an occurrence that was stored before occurrences carried their own end. */
const LONGEST_WINDOW_MS = 12 * 3_600_000;

/** What the status of a reminder follows from. Instants are ISO 8601 in UTC with milliseconds. */
export interface ReminderTimes {
  readonly status: ReminderState;
  readonly dueAt: string;
  readonly expiresAt?: string;
}

/** When nothing about the dose is sent any more, and when an answer that is still open counts as missed. */
export const windowEnd = ({ dueAt, expiresAt }: Omit<ReminderTimes, 'status'>): string =>
  expiresAt ?? new Date(Date.parse(dueAt) + LONGEST_WINDOW_MS).toISOString();

/**
 * The status that every reader is told. A reminder that was told and not answered is `missed` from the end of its
 * window on; nobody writes that down, so it costs nothing per dose, and a later answer takes its place. One that was held
 * and not confirmed by then was not sent: nobody was told to take it.
 */
export function reminderStatusAt(reminder: ReminderTimes, now: string): ReminderStatus {
  if (now < windowEnd(reminder)) return reminder.status;
  if (reminder.status === 'needs_confirmation') return 'not_sent';
  return OPEN.includes(reminder.status) ? 'missed' : reminder.status;
}
