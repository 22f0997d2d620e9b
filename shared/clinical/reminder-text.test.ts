import { describe, expect, it } from 'vitest';
import { frequencyOfCode } from './frequency.ts';
import { phraseFrequency } from './phrase-frequency.ts';
import { reminderText, type TextFacts, type TextPurpose } from './reminder-text.ts';

const ON_TIME: TextFacts = {
  purpose: 'dose',
  localTime: '2026-03-08T08:00:00-04:00',
  late: false,
  possibleDuplicate: false,
};

const PURPOSES: readonly TextPurpose[] = ['dose', 'follow_up', 'snooze', 'escalation', 'needs_confirmation'];
const CODES = ['QD', 'BID', 'TID', 'QID', 'QOD', 'Q8H', 'WK', 'BIW', 'TIW', 'MO', 'BED', 'STAT', 'ACM'];
const NAME = 'Lisinopril 10 mg';

/** Every branch with every other. */
const ALL: readonly TextFacts[] = PURPOSES.flatMap((purpose) =>
  [false, true].flatMap((late) =>
    [false, true].flatMap((possibleDuplicate) =>
      [undefined, NAME].flatMap((medicationName) =>
        (purpose === 'escalation'
          ? (['unanswered', 'undelivered', 'not_sent'] as const)
          : [undefined]
        ).flatMap((cause) =>
          [undefined, ...CODES].map((code) => ({
            ...ON_TIME,
            purpose,
            late,
            possibleDuplicate,
            medicationName,
            cause,
            frequencyText: code && phraseFrequency(code),
          })),
        ),
      ),
    ),
  ),
);
const said = (facts: TextFacts): string => Object.values(reminderText(facts)).join(' ');

describe('reminderText', () => {
  it('tells a dose with its local time and its schedule in words', () => {
    expect(reminderText({ ...ON_TIME, frequencyText: 'twice a day' })).toEqual({
      title: 'Time for your medication',
      body: 'Your dose is due now, at 08:00. Your schedule: twice a day.',
    });
  });

  it('tells a late one with its original time and day', () => {
    const { body } = reminderText({ ...ON_TIME, late: true });
    expect(body).toMatch(/^This reminder comes late\. Your dose was due at 08:00 on Sunday, 8 March\. /);
    expect(body).not.toContain('due now');
  });

  it('says that a second message is about the same dose', () => {
    for (const purpose of PURPOSES) {
      expect(said({ ...ON_TIME, purpose })).not.toContain('the same dose');
      expect(said({ ...ON_TIME, purpose, possibleDuplicate: true })).toContain('the same dose');
    }
  });

  it.each([
    ['unanswered', 'has not been confirmed'],
    ['undelivered', 'could not be delivered'],
    ['not_sent', 'technical fault'],
  ] as const)('tells a caregiver of what is %s, and blames nobody', (cause, words) => {
    const text = said({ ...ON_TIME, purpose: 'escalation', cause });
    expect(text).toContain(words);
    expect(text).toContain('A dose, due at 08:00 on Sunday, 8 March,');
    expect(text).toContain('does not say whether it was taken');
    expect(text).not.toMatch(/missed|forgot|your dose/i);
  });

  it('names the medication only when it is given one', () => {
    for (const facts of ALL) expect(said(facts).includes(NAME)).toBe(facts.medicationName !== undefined);
  });

  it('shows a name in quotation marks, and none that says more than a name', () => {
    expect(said({ ...ON_TIME, medicationName: NAME })).toContain(`Your dose of “${NAME}” is due now`);
    for (const facts of ALL)
      expect(reminderText({ ...facts, medicationName: 'Take 2 tablets now to make up' })).toEqual(
        reminderText({ ...facts, medicationName: undefined }),
      );
  });

  it('names the clock by its city when it is told to', () => {
    const named = { ...ON_TIME, namedZone: 'America/Argentina/Buenos_Aires' };
    expect(said(named)).toContain('due now, at 08:00 Buenos Aires time.');
    expect(said({ ...named, late: true })).toContain('08:00 Buenos Aires time on Sunday, 8 March');
    expect(said({ ...named, namedZone: 'Etc/UTC' })).toContain('at 08:00 UTC.');
  });

  it('never suggests to make a dose up or to take more than one', () => {
    const words =
      /doubl|make up|made up|making up|catch up|extra|additional|another dose|two doses|both|twice the|compensat|instead|skip|as soon as|immediately|take it now\b(?!, ask)/i;
    for (const facts of ALL) expect(said(facts)).not.toMatch(words);
  });

  it('never says that anything but a dose on time is due now, and sends who is unsure to a pharmacist', () => {
    for (const facts of ALL) {
      const text = said(facts);
      expect(text.includes('due now')).toBe(facts.purpose === 'dose' && !facts.late);
      if (facts.purpose !== 'escalation' && !text.includes('due now')) expect(text).toContain('pharmacist');
    }
  });

  it('uses no abbreviation of a frequency', () => {
    expect(CODES.filter((code) => !frequencyOfCode(code))).toEqual([]);
    const codes = /\b(?:Q\d*[A-Z]+|BID|TID|BIW|TIW|WK|MO|BED|STAT|ACM|HS)\b/;
    for (const facts of ALL) expect(said(facts)).not.toMatch(codes);
  });

  it('is made of whole sentences', () => {
    for (const facts of ALL) {
      const { title, body } = reminderText(facts);
      expect(title).toMatch(/^[A-Z].*\w$/);
      expect(body).toMatch(/^[A-Z].*[^.]\.$/);
      expect(body).not.toMatch(/undefined|null|\s{2}|\.\./);
    }
  });
});
