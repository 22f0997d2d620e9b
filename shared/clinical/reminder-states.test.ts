import { describe, expect, it } from 'vitest';
import {
  REMINDER_STATES,
  REMINDER_TRANSITIONS,
  type ReminderEvent,
  type ReminderState,
  reminderAllows,
  reminderStatusAt,
  windowEnd,
} from './reminder-states.ts';

const DUE = '2027-03-01T13:00:00.000Z';
const END = '2027-03-01T19:00:00.000Z';
const BEFORE_END = '2027-03-01T18:59:59.999Z';

const EVENTS = Object.keys(REMINDER_TRANSITIONS) as ReminderEvent[];
const eventsFrom = (state: ReminderState) => EVENTS.filter((event) => reminderAllows(event, state));

describe('REMINDER_TRANSITIONS', () => {
  /** Written out by hand, so that a change of the table must be meant. */
  it.each<[ReminderState, ReminderEvent[]]>([
    ['scheduled', ['send', 'withhold', 'hold', 'take', 'skip']],
    ['sending', ['send', 'publish', 'withhold', 'deliver', 'failDelivery', 'take', 'skip']],
    ['published', ['deliver', 'failDelivery', 'take', 'skip', 'snooze']],
    ['delivered', ['failDelivery', 'take', 'skip', 'snooze']],
    ['undelivered', ['deliver', 'take', 'skip', 'snooze']],
    ['snoozed', ['take', 'skip', 'snooze', 'tellAgain']],
    ['taken', ['correct']],
    ['skipped', ['take']],
    ['needs_confirmation', ['withhold', 'confirm', 'take', 'skip']],
    ['not_sent', ['send', 'take', 'skip']],
  ])('%s: %j', (state, events) => {
    expect(eventsFrom(state)).toEqual(events);
  });

  it('reaches every state, the one in which it begins only from one that was held', () => {
    const reached = new Set<string>(EVENTS.map((event) => REMINDER_TRANSITIONS[event].to));
    expect(REMINDER_STATES.filter((state) => !reached.has(state))).toEqual([]);
    expect(EVENTS.filter((event) => REMINDER_TRANSITIONS[event].to === 'scheduled')).toEqual(['confirm']);
  });

  it('never tells again what a person has answered', () => {
    for (const state of ['taken', 'skipped'] as const)
      for (const event of ['send', 'publish', 'tellAgain', 'snooze'] as const)
        expect(reminderAllows(event, state)).toBe(false);
  });
});

describe('reminderStatusAt', () => {
  it.each<[ReminderState, string]>([
    ['published', 'missed'],
    ['delivered', 'missed'],
    ['snoozed', 'missed'],
    // Not reached is not missed.
    ['undelivered', 'undelivered'],
    ['not_sent', 'not_sent'],
    // Held, and nobody confirmed it.
    ['needs_confirmation', 'not_sent'],
    ['scheduled', 'scheduled'],
    ['sending', 'sending'],
    ['taken', 'taken'],
    ['skipped', 'skipped'],
  ])('%s is %s from the end of its window on, and itself before', (status, after) => {
    const reminder = { status, dueAt: DUE, expiresAt: END };
    expect(reminderStatusAt(reminder, BEFORE_END)).toBe(status);
    expect(reminderStatusAt(reminder, END)).toBe(after);
    expect(reminderStatusAt(reminder, '2028-01-01T00:00:00.000Z')).toBe(after);
  });

  it('takes the longest window for a record that does not carry its own', () => {
    expect(windowEnd({ dueAt: DUE })).toBe('2027-03-02T01:00:00.000Z');
    const old = { status: 'published', dueAt: DUE } as const;
    expect(reminderStatusAt(old, '2027-03-02T00:59:59.999Z')).toBe('published');
    expect(reminderStatusAt(old, '2027-03-02T01:00:00.000Z')).toBe('missed');
  });
});
