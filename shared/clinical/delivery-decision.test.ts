import { describe, expect, it } from 'vitest';
import { type DeliveryFacts, decideDelivery } from './delivery-decision.ts';
import { REMINDER_STATES, type ReminderState } from './reminder-states.ts';

const DUE = '2027-03-01T13:00:00.000Z';
const SOON = '2027-03-01T13:20:00.000Z';
const EXPIRES = '2027-03-01T19:00:00.000Z';
const BEFORE_EXPIRY = '2027-03-01T18:59:59.999Z';

const stands = { medication_state: 'active', schedule_state: 'active', caregivers: 1 } as const;
const dose = (over: Partial<DeliveryFacts> = {}) =>
  decideDelivery({ now: DUE, due_at: DUE, expires_at: EXPIRES, status: 'scheduled', ...stands, ...over });
const followUp = (over: Partial<DeliveryFacts> = {}) =>
  dose({ purpose: 'follow_up', number: 1, now: SOON, tell_at: SOON, status: 'published', ...over });
const snooze = (over: Partial<DeliveryFacts> = {}) =>
  dose({ purpose: 'follow_up', now: SOON, tell_at: SOON, status: 'snoozed', snoozed_until: SOON, ...over });
const escalation = (over: Partial<DeliveryFacts> = {}) =>
  dose({ purpose: 'escalation', now: SOON, tell_at: SOON, status: 'published', ...over });
const ALL = { dose, followUp, snooze, escalation };
const NAMES = Object.keys(ALL) as (keyof typeof ALL)[];

/** The states in which a message leaves. */
const statesSent = (decide: typeof dose, over: Partial<DeliveryFacts> = {}): ReminderState[] =>
  REMINDER_STATES.filter((status) => decide({ status, ...over }).action === 'send');

describe('what is told, by the state of the dose', () => {
  it.each<[string, typeof dose, Partial<DeliveryFacts>, ReminderState[]]>([
    ['a dose', dose, {}, ['scheduled', 'sending']],
    ['a dose that failed', dose, { reason: 'delivery_failed' }, ['scheduled', 'sending', 'not_sent']],
    [
      'a dose that is uncertain',
      dose,
      { reason: 'delivery_uncertain' },
      ['scheduled', 'sending', 'not_sent'],
    ],
    ['a dose that somebody cancelled', dose, { reason: 'cancelled' }, ['scheduled', 'sending']],
    ['a follow-up', followUp, {}, ['published', 'delivered', 'undelivered']],
    ['the end of a snooze', snooze, {}, ['snoozed']],
    ['an unanswered dose', escalation, {}, ['published', 'delivered', 'undelivered']],
    ['what did not arrive', escalation, { cause: 'undelivered' }, ['undelivered']],
    ['a critical dose', escalation, { cause: 'not_sent' }, ['scheduled', 'sending']],
    [
      'a critical dose that failed',
      escalation,
      { cause: 'not_sent', reason: 'delivery_failed' },
      ['scheduled', 'sending', 'not_sent'],
    ],
    ['a question', dose, { purpose: 'needs_confirmation' }, ['needs_confirmation']],
  ])('%s', (_, decide, over, states) => {
    expect(statesSent(decide, over)).toEqual(states);
  });

  it('says in which state it found a dose that is not told', () => {
    expect(followUp({ status: 'taken' })).toEqual({ action: 'nothing', reason: 'already_taken' });
    expect(escalation({ status: 'snoozed' })).toEqual({ action: 'nothing', reason: 'already_snoozed' });
  });

  it('tells at the end of a snooze only while that snooze is the last word', () => {
    expect(snooze({ snoozed_until: '2027-03-01T14:00:00.000Z' }).action).toBe('nothing');
    expect(snooze({ status: 'published' }).action).toBe('nothing');
  });

  it('tells a caregiver once, and only if there is one', () => {
    expect(escalation({ escalated: true })).toEqual({ action: 'nothing', reason: 'already_escalated' });
    expect(escalation({ caregivers: 0 })).toEqual({ action: 'nothing', reason: 'no_caregiver' });
    // Nobody wants to know how many there are of a dose that needs none.
    expect(escalation({ caregivers: 0, status: 'taken' })).toMatchObject({ reason: 'already_taken' });
  });
});

describe.each(NAMES)('%s', (name) => {
  const decide = ALL[name];
  const told = name === 'dose' ? DUE : SOON;

  it('is told at its time, never before it, and late after a minute', () => {
    const before = new Date(Date.parse(told) - 1).toISOString();
    expect(decide({ now: before })).toEqual({ action: 'wait', until: told });
    const at = (ms: number) => decide({ now: new Date(Date.parse(told) + ms).toISOString() });
    expect(at(0)).toEqual({ action: 'send', late: false });
    expect(at(60_000)).toEqual({ action: 'send', late: false });
    expect(at(60_001)).toEqual({ action: 'send', late: true });
  });

  it('is told up to its expiry and not from then on', () => {
    expect(decide({ now: BEFORE_EXPIRY })).toEqual({ action: 'send', late: true });
    for (const now of [EXPIRES, '2027-03-09T00:00:00.000Z']) {
      const decision = decide({ now });
      expect(decision).toMatchObject({ reason: 'too_late' });
      expect(decision.action).toBe(name === 'dose' ? 'close' : 'nothing');
    }
  });

  it.each<[Partial<DeliveryFacts>, string]>([
    [{ medication_state: 'paused' }, 'medication_paused'],
    [{ medication_state: 'stopped' }, 'medication_stopped'],
    [{ schedule_state: 'stopped' }, 'schedule_stopped'],
    [{ schedule_state: 'replaced' }, 'schedule_replaced'],
  ])('is not told when %j, also after its expiry', (over, reason) => {
    for (const now of [told, EXPIRES]) expect(decide({ ...over, now })).toMatchObject({ reason });
  });

  it.each(['medication_state', 'schedule_state'] as const)('is not told without a %s', (missing) => {
    const { [missing]: _gone, ...rest } = stands;
    const facts = { due_at: DUE, expires_at: EXPIRES, now: DUE, status: 'scheduled', ...rest } as const;
    expect(decideDelivery(facts)).toMatchObject({ action: 'close' });
  });

  it('is left to the revision of the schedule that has made the dose anew', () => {
    expect(decide({ revision_matches: false })).toEqual({ action: 'nothing', reason: 'occurrence_replaced' });
  });
});

it('a dose that is not told says that it was not sent; what stands of another message is left alone', () => {
  expect(dose({ now: EXPIRES })).toEqual({ action: 'close', status: 'not_sent', reason: 'too_late' });
  expect(dose({ medication_state: 'paused', status: 'taken' }).action).toBe('nothing');
  expect(decideDelivery({ now: DUE, due_at: DUE, expires_at: EXPIRES, ...stands })).toEqual({
    action: 'nothing',
    reason: 'occurrence_replaced',
  });
});

describe('quiet hours', () => {
  const night = { quiet_hours: { from: '08:00', to: '12:30' }, time_zone: 'America/New_York' };
  const END = '2027-03-01T17:30:00.000Z';

  it('defer a follow-up to their end', () => {
    expect(followUp(night)).toEqual({ action: 'defer', until: END });
    expect(followUp({ ...night, now: END })).toEqual({ action: 'send', late: true });
    expect(followUp({ ...night, now: END, tell_at: END })).toEqual({ action: 'send', late: false });
  });

  it('let nothing be told at the expiry or later', () => {
    expect(followUp({ ...night, expires_at: END })).toEqual({
      action: 'nothing',
      reason: 'quiet_until_expiry',
    });
    expect(followUp({ ...night, expires_at: '2027-03-01T17:30:00.001Z' }).action).toBe('defer');
  });

  it.each([
    ['the dose itself', dose],
    ['what a person asked for by a snooze', snooze],
    ['an escalation', escalation],
  ])('never defer %s', (_, decide) => {
    expect(decide(night).action).toBe('send');
  });

  it('come after every reason to send nothing at all', () => {
    expect(followUp({ ...night, status: 'skipped' })).toMatchObject({ reason: 'already_skipped' });
    expect(followUp({ ...night, medication_state: 'paused' })).toMatchObject({ reason: 'medication_paused' });
    expect(followUp({ ...night, now: EXPIRES })).toMatchObject({ reason: 'too_late' });
  });
});
