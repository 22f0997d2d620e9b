import { describe, expect, it } from 'vitest';
import vocabulary from '#test/data/frequency-vocabulary.json' with { type: 'json' };
import { frequencyOfCode } from './frequency.ts';
import { parseFrequency } from './parse-frequency.ts';
import { phraseFrequency } from './phrase-frequency.ts';

/** Abbreviations that a person never reads, as words of their own. */
const FORBIDDEN = new RegExp(
  String.raw`\b(?:${[...vocabulary.ismp_joint_commission.do_not_use.map((word) => word.replaceAll('.', String.raw`\.`)), 'HS', 'BT', 'OD', 'BIW', 'TIW', 'BID', 'TID', 'QID', 'PRN', 'STAT', 'AC', 'PC', 'WK', 'MO', String.raw`Q\d+[A-Z]+`].join('|')})\b`,
  'i',
);
const everyAlias = [...vocabulary.gts_abbreviation, ...vocabulary.beyond_gts]
  .flatMap(({ code, aliases }) => [code, ...aliases])
  .filter((text) => parseFrequency(text).ok);

describe('text for people', () => {
  it.each(everyAlias)('of "%s" has no abbreviation', (text) => {
    const parsed = parseFrequency(text);
    const phrase = parsed.ok ? parsed.text : '';
    expect(phrase).toMatch(/^[a-zA-Z0-9 ,]{4,}$/);
    expect(phrase).not.toMatch(FORBIDDEN);
  });

  it.each([
    ['QD', 'once a day'],
    ['QOD', 'every other day'],
    ['BID', 'twice a day'],
    ['TID', '3 times a day'],
    ['5XD', '5 times a day'],
    ['AM', 'every morning'],
    ['BED', 'at bedtime'],
    ['Q1H', 'every hour'],
    ['Q8H', 'every 8 hours'],
    ['Q3D', 'every 3 days'],
    ['WK', 'once a week'],
    ['BIW', 'twice a week'],
    ['Q2W', 'every 2 weeks'],
    ['MO', 'once a month'],
    ['Q3MO', 'every 3 months'],
    ['WEEKDAYS', 'Monday to Friday'],
    ['PRN', 'as needed'],
    ['STAT', 'one dose'],
    ['PCV', 'after dinner'],
  ])('%s is "%s"', (code, phrase) => {
    expect(frequencyOfCode(code)?.code).toBe(code);
    expect(phraseFrequency(code)).toBe(phrase);
  });

  it('names weekdays, cycles and the most doses as needed', () => {
    expect(phraseFrequency('BIW', { weekdays: [1, 4] })).toBe('twice a week on Monday and Thursday');
    expect(phraseFrequency('DAYS', { weekdays: [1, 3, 5] })).toBe('on Monday, Wednesday and Friday');
    expect(phraseFrequency('BID', { weekdays: [7] })).toBe('twice a day on Sunday');
    expect(phraseFrequency('CYCLE', { cycle: { daysOn: 21, daysOff: 7 } })).toBe(
      'on 21 days, then 7 days without',
    );
    expect(phraseFrequency('QD', { cycle: { daysOn: 1, daysOff: 6 } })).toBe(
      'once a day on 1 day, then 6 days without',
    );
    expect(phraseFrequency('PRN', { maxDosesPerDay: 4 })).toBe('as needed, at most 4 times a day');
    expect(phraseFrequency('PRN', { maxDosesPerDay: 1 })).toBe('as needed, at most once a day');
  });

  it('refuses what is no code', () => {
    expect(() => phraseFrequency('sometimes')).toThrow(RangeError);
  });
});
