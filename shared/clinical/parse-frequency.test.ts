import { describe, expect, it } from 'vitest';
import vocabulary from '#test/data/frequency-vocabulary.json' with { type: 'json' };
import { frequencyOfCode } from './frequency.ts';
import { parseFrequency } from './parse-frequency.ts';

/** Codes that name a way of dosing for which no fixed reminder can be made. */
const REFUSED = ['PRN', 'STAT', 'AC/PC', 'TAPER'];
/** Codes that are told by `weekdays` and `cycle`, whatever the words were. */
const GENERAL = ['QnD / QnW / QnMO', 'QnH'];
const entries = [...vocabulary.gts_abbreviation, ...vocabulary.beyond_gts].filter(
  (entry) => !GENERAL.includes(entry.code),
);
const ambiguous = vocabulary.ambiguous_ask.map((entry) => entry.text);

const spellings = (text: string) => [text, text.toUpperCase(), `  ${text} `];
const dotted = (text: string) =>
  /^[a-z]{2,3}$/.test(text) ? [`${[...text].join('.')}.`, [...text].join('.')] : [];

describe('the vocabulary', () => {
  const supported = entries.filter((entry) => !REFUSED.includes(entry.code));
  const cases = supported.flatMap((entry) =>
    [entry.code, ...entry.aliases]
      .filter((alias) => !ambiguous.includes(alias.toLowerCase()))
      .flatMap((alias) => [...spellings(alias), ...dotted(alias.toLowerCase())])
      .map((text) => ({ text, code: entry.code })),
  );

  it.each(cases)('reads "$text" as $code', ({ text, code }) => {
    expect(parseFrequency(text)).toMatchObject({ ok: true, code });
  });

  it.each(supported.filter((entry) => entry.repeat && 'frequency' in entry.repeat))(
    'gives $code the repetition of the vocabulary',
    ({ code, repeat }) => {
      const { frequency, period, periodUnit } = repeat as Record<string, unknown>;
      expect(frequencyOfCode(code)?.repeat).toEqual({ frequency, period, periodUnit });
    },
  );

  it.each(vocabulary.gts_abbreviation)('expects the clock times of $code', ({ code, times_expected }) => {
    expect(frequencyOfCode(code)?.times_expected).toBe(times_expected);
  });

  const refused = entries.filter((entry) => REFUSED.includes(entry.code));
  it.each(refused.flatMap((entry) => entry.aliases))('refuses "%s" and says what to do', (text) => {
    expect(parseFrequency(text)).toMatchObject({ ok: false, problem: 'frequency_not_supported' });
  });

  it.each(ambiguous.flatMap(spellings))('asks what "%s" means', (text) => {
    const parsed = parseFrequency(text);
    expect(parsed).toMatchObject({ ok: false, problem: 'frequency_ambiguous' });
    expect(parsed.ok ? '' : parsed.detail).toMatch(/can mean .+, or .+: say which/);
  });

  it.each(['o.d.', 'O.D', 'b.i.w.'])('asks what "%s" means, dotted', (text) => {
    expect(parseFrequency(text)).toMatchObject({ ok: false, problem: 'frequency_ambiguous' });
  });

  const examples = ['', '   ', 'sometimes', '0x/day', '25x/day', 'every 0 hours', 'q-4h', 'QQD', '-1'];
  it.each([...examples, 'daily daily', '\u0000', 'q169h', 'every 4-6 hours', '1.5 times a day', '8x/week'])(
    'does not know "%s"',
    (text) => {
      expect(parseFrequency(text)).toMatchObject({ ok: false, problem: 'frequency_unknown' });
    },
  );
});

describe('numbers', () => {
  it.each([
    ['q5h', 'Q5H'],
    ['every 36 hours', 'Q36H'],
    ['Q168H', 'Q168H'],
    ['every hour', 'Q1H'],
    ['q10d', 'Q10D'],
    ['every ten days', 'Q10D'],
    ['every 5 weeks', 'Q5W'],
    ['q6mo', 'Q6MO'],
    ['every 1 day', 'QD'],
    ['5 times a day', '5XD'],
    ['six times daily', '6XD'],
    ['24x/day', '24XD'],
    ['1 time a day', 'QD'],
    ['thrice daily', 'TID'],
    ['four times a week', '4XW'],
    ['2 times per week', 'BIW'],
  ])('reads "%s" as %s', (text, code) => {
    expect(parseFrequency(text)).toMatchObject({ ok: true, code });
  });

  it('reads every canonical code that it gives back', () => {
    const codes = ['5XD', '4XW', 'Q36H', 'Q10D', 'Q5W', 'Q6MO', 'QOD', 'WK', 'MO'];
    expect(codes.map((code) => frequencyOfCode(code)?.code)).toEqual(codes);
  });
});

describe('weekdays and cycles in words', () => {
  it.each([
    ['mon,wed,fri', [1, 3, 5]],
    ['MWF', [1, 3, 5]],
    ['TThS', [2, 4, 6]],
    ['Friday and Monday', [1, 5]],
    ['sun', [7]],
  ])('reads "%s"', (text, weekdays) => {
    expect(parseFrequency(text)).toMatchObject({ ok: true, code: 'DAYS', weekdays });
  });

  it.each(['mon,mon', 'TS', 'S', 'mon,', 'monwed'])('does not guess "%s"', (text) => {
    expect(parseFrequency(text)).toMatchObject({ ok: false });
  });

  it('reads a cycle', () => {
    const cycle = { daysOn: 21, daysOff: 7 };
    expect(parseFrequency('21 days on, 7 days off')).toMatchObject({ ok: true, code: 'CYCLE', cycle });
  });
});
