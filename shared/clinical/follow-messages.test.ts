import { describe, expect, it } from 'vitest';
import type { DeliveryOrder } from './due-occurrence.ts';
import { deliveriesOf, escalationOf, messagesAfterSnooze, nextMessages } from './follow-messages.ts';

const DUE = '2027-03-01T13:00:00.000Z';
const EXPIRES = '2027-03-01T19:00:00.000Z';
const DOSE: DeliveryOrder = {
  user_id: 'p1',
  medication_id: 'm1',
  occurrence_id: '2027-03-01_0800_ref',
  schedule_revision: 3,
  due_at: DUE,
  expires_at: EXPIRES,
};
const TERMS = { followUp: { count: 2, everyMinutes: 10 }, escalateAfterMinutes: 30 };

const following = (
  told: DeliveryOrder,
  now: string,
  { quiet }: { quiet?: { from: string; to: string } } = {},
  terms: Parameters<typeof nextMessages>[1] = TERMS,
) =>
  nextMessages(told, terms, now, {
    quiet: quiet && { hours: quiet, timeZone: 'America/New_York' },
  }).map(({ tell_at, order }) => [order.purpose, order.number ?? order.cause, tell_at.slice(11, 19)]);

describe('nextMessages', () => {
  it('after a dose are the first follow-up and the escalation, counted from the moment in which it was told', () => {
    expect(following(DOSE, '2027-03-01T13:00:20.000Z')).toEqual([
      ['follow_up', 1, '13:10:20'],
      ['escalation', 'unanswered', '13:30:20'],
    ]);
  });

  it('after a follow-up is the next one, up to their number', () => {
    const first: DeliveryOrder = { ...DOSE, purpose: 'follow_up', number: 1 };
    expect(following(first, '2027-03-01T13:10:00.000Z')).toEqual([['follow_up', 2, '13:20:00']]);
    expect(following({ ...first, number: 2 }, '2027-03-01T13:20:00.000Z')).toEqual([]);
  });

  it('after the message at the end of a snooze is nothing: the snooze has planned what follows', () => {
    expect(following({ ...DOSE, purpose: 'follow_up' }, '2027-03-01T14:00:00.000Z')).toEqual([]);
  });

  it('after an escalation is nothing', () => {
    expect(following(escalationOf(DOSE, DUE, 'unanswered').order, DUE)).toEqual([]);
  });

  it('moves a follow-up out of the quiet hours, and not the escalation', () => {
    expect(following(DOSE, DUE, { quiet: { from: '08:05', to: '09:15' } })).toEqual([
      ['follow_up', 1, '14:15:00'],
      ['escalation', 'unanswered', '13:30:00'],
    ]);
  });

  it('leaves out what could only be told at the expiry or later', () => {
    const late = '2027-03-01T18:50:00.000Z';
    expect(following(DOSE, late)).toEqual([]);
    expect(following(DOSE, '2027-03-01T18:49:59.999Z')).toEqual([['follow_up', 1, '18:59:59']]);
    expect(following(DOSE, DUE, { quiet: { from: '08:05', to: '14:00' } })).toEqual([
      ['escalation', 'unanswered', '13:30:00'],
    ]);
  });

  it('is nothing that the schedule does not ask for', () => {
    expect(following(DOSE, DUE, {}, {})).toEqual([]);
    expect(following(DOSE, DUE, {}, { followUp: { count: 0, everyMinutes: 5 } })).toEqual([]);
  });

  it('says of which dose it is, and when it ends', () => {
    const [message] = nextMessages({ ...DOSE, purpose: 'dose' }, TERMS, DUE);
    expect(message?.order).toEqual({
      ...DOSE,
      purpose: 'follow_up',
      number: 1,
      tell_at: '2027-03-01T13:10:00.000Z',
    });
  });
});

describe('deliveriesOf', () => {
  const due = {
    id: DOSE.occurrence_id,
    dueAt: DUE,
    expiresAt: EXPIRES,
    localDate: '2027-03-01',
    localTime: '2027-03-01T08:00:00-05:00',
    timeZone: 'America/New_York',
    slots: ['08:00'],
  } as const;
  const owner = { userId: 'p1', medicationId: 'm1', scheduleRevision: 3 };
  const made = (critical: boolean, now: string, over: Partial<typeof due | { expiresAt: string }> = {}) =>
    deliveriesOf({ ...due, ...over }, owner, { critical, now });

  it('is the delivery of a dose', () => {
    expect(made(false, DUE)).toEqual([
      { key: 'delivery#2027-03-01_0800_ref#3', dueAt: DUE, expiresAt: EXPIRES, payload: DOSE },
    ]);
  });

  it('is of a critical dose also the watch over it, six minutes later', () => {
    const [delivery, watch, ...more] = made(true, '2027-03-01T12:55:00.000Z');
    expect([delivery, more]).toEqual([made(false, DUE)[0], []]);
    expect(watch).toEqual({
      key: 'watch#2027-03-01_0800_ref#3',
      dueAt: '2027-03-01T13:06:00.000Z',
      expiresAt: EXPIRES,
      payload: { ...DOSE, purpose: 'escalation', cause: 'not_sent', tell_at: '2027-03-01T13:06:00.000Z' },
    });
  });

  it('watches from the moment in which a late dose is made, and always before its expiry', () => {
    expect(made(true, '2027-03-01T15:00:00.000Z')[1]?.dueAt).toBe('2027-03-01T15:06:00.000Z');
    expect(made(true, '2027-03-01T18:58:00.000Z')[1]?.dueAt).toBe('2027-03-01T18:59:00.000Z');
    const short = made(true, DUE, { expiresAt: '2027-03-01T13:05:00.000Z' });
    expect(short[1]?.dueAt).toBe('2027-03-01T13:02:30.000Z');
  });
});

describe('messagesAfterSnooze', () => {
  const askedAt = '2027-03-01T13:05:00.000Z';
  const planned = (until: string, terms: Parameters<typeof messagesAfterSnooze>[1] = TERMS) =>
    messagesAfterSnooze(DOSE, terms, { until: `2027-03-01T${until}:00.000Z`, askedAt }).map(
      ({ tell_at, order }) => [order.purpose, order.put_off_at, tell_at.slice(11, 19)],
    );

  it('are the dose once more, and the escalation as long after it as after the dose', () => {
    expect(planned('14:00')).toEqual([
      ['follow_up', undefined, '14:00:00'],
      ['escalation', askedAt, '14:30:00'],
    ]);
  });

  it.each([
    ['18:25', '18:55:00'],
    ['18:27', '18:55:00'],
    ['18:40', '18:55:00'],
    ['18:50', '18:55:00'],
    ['18:54', '18:57:00'],
    ['18:59', '18:59:30'],
  ])('leave the person as much time as the window has, and the caregiver some: %s, %s', (until, told) => {
    expect(planned(until)).toEqual([
      ['follow_up', undefined, `${until}:00`],
      ['escalation', askedAt, told],
    ]);
  });

  it('are one where the schedule asks for no escalation', () => {
    expect(planned('14:00', {})).toEqual([['follow_up', undefined, '14:00:00']]);
  });
});
