import { describe, expect, it } from 'vitest';
import vocabulary from '#test/data/frequency-vocabulary.json' with { type: 'json' };
import { frequencyOfCode } from './frequency.ts';
import { parseFrequency } from './index.ts';

/** Entries that describe a family of forms; their members have tests of their own below. */
const GENERAL = ['QnD / QnW / QnMO', 'QnH'];
const entries = [...vocabulary.gts_abbreviation, ...vocabulary.beyond_gts].filter(
  (entry) => !GENERAL.includes(entry.code),
);
const ambiguous = vocabulary.ambiguous_ask.map((entry) => entry.text);

const spellings = (text: string) => [
  text,
  text.toUpperCase(),
  `  ${text} `,
  text.replace(/^./, (c) => c.toUpperCase()),
];
const dotted = (text: string) =>
  /^[a-z]{2,3}$/.test(text)
    ? [`${[...text].join('.')}.`, [...text].join('.'), `${[...text].join('. ')}.`]
    : [];

describe('the vocabulary, member by member', () => {
  const understood = entries.filter((entry) => entry.code !== 'TAPER');
  const cases = understood.flatMap((entry) =>
    [entry.code, ...entry.aliases]
      .filter((alias) => !ambiguous.includes(alias.toLowerCase()))
      .flatMap((alias) => [...spellings(alias), ...dotted(alias.toLowerCase())])
      .map((text) => ({ text, code: entry.code })),
  );

  it.each(cases)('reads "$text" as $code', ({ text, code }) => {
    expect(parseFrequency(text)).toMatchObject({ ok: true, code });
  });

  it.each(understood.filter(({ code }) => !['DAYS', 'BIW'].includes(code)))(
    '$code has its repeat',
    ({ code, repeat }) => {
      expect(parseFrequency(code)).toMatchObject({ repeat });
    },
  );

  it.each(vocabulary.gts_abbreviation)('$code has its meaning and expected times', (entry) => {
    const { code, meaning, times_expected } = entry;
    expect(parseFrequency(code)).toMatchObject({ code, meaning, times_expected });
    expect(frequencyOfCode(code)?.times_expected).toBe(times_expected);
  });

  it('gives the repeat of the two codes that are no words by themselves', () => {
    expect(parseFrequency('twice weekly')).toMatchObject({
      repeat: { frequency: 2, period: 1, periodUnit: 'wk' },
    });
    expect(parseFrequency('mon,wed,fri')).toMatchObject({ repeat: { dayOfWeek: ['mon', 'wed', 'fri'] } });
  });

  it.each(['taper', 'TAPER', 'Taper.'])('does not take "%s", and names consecutive schedules', (text) => {
    expect(parseFrequency(text)).toMatchObject({
      ok: false,
      code: 'TAPER',
      repeat: null,
      detail: expect.stringContaining('consecutive schedules'),
    });
  });

  it.each(
    vocabulary.ambiguous_ask.flatMap((entry) => spellings(entry.text).map((text) => [text, entry] as const)),
  )('asks what "%s" means, with both meanings', (text, entry) => {
    const parsed = parseFrequency(text);
    expect(parsed).toMatchObject({ ok: false, problem: 'frequency_ambiguous', ambiguous_ask: entry });
    const asks = parsed.ok ? [] : (parsed.asks ?? []);
    expect(asks).toHaveLength(2);
    expect(parsed.ok ? '' : parsed.detail).toBe(`This can mean ${asks.join(', or ')}: say which in words.`);
  });

  it.each(['o.d.', 'O.D', 'b.i.w.', 'E. O. D.', 'bi-weekly', 'Bi-Monthly'])(
    'asks what "%s" means',
    (text) => {
      expect(parseFrequency(text)).toMatchObject({ ok: false, problem: 'frequency_ambiguous' });
    },
  );

  const words = vocabulary.invalid_examples.filter(
    (text) => !/ with |without|\(|^(?:od|eod|biw|biweekly)$/.test(text),
  );
  it.each([
    ...words,
    'q169h',
    'every 4-6 hours',
    '1.5 times a day',
    '8x/week',
    'twice',
    'daily prn',
    'constructor',
  ])('does not know "%s"', (text) => {
    expect(parseFrequency(text)).toMatchObject({ ok: false, problem: 'frequency_unknown' });
  });

  it('answers plain JSON, and text for people only where there is one', () => {
    for (const { code } of entries) {
      const parsed = parseFrequency(code);
      expect(JSON.parse(JSON.stringify(parsed))).toEqual(parsed);
    }
  });

  it('never throws, whatever it is given', () => {
    const odd = [
      undefined,
      null,
      7,
      {},
      'a'.repeat(100_000),
      '('.repeat(5000),
      'q'.repeat(5000),
      '٣ times a day',
    ];
    expect(odd.map((text) => parseFrequency(text as string).ok)).toEqual(odd.map(() => false));
  });
});

describe('any n', () => {
  it.each([
    ['q5h', 'Q5H'],
    ['Q.5.H.', 'Q5H'],
    ['q 8 h', 'Q8H'],
    ['every 36 hours', 'Q36H'],
    ['Q168H', 'Q168H'],
    ['every hour', 'Q1H'],
    ['hourly', 'Q1H'],
    ['6-hourly', 'Q6H'],
    ['q10d', 'Q10D'],
    ['every ten days', 'Q10D'],
    ['every 5 weeks', 'Q5W'],
    ['q3wk', 'Q3W'],
    ['q6mo', 'Q6MO'],
    ['every other month', 'Q2MO'],
    ['yearly', 'Q12MO'],
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

  it.each(Array.from({ length: 168 }, (_, index) => index + 1))('reads every %i hours', (n) => {
    expect(parseFrequency(`every ${n} hours`)).toMatchObject({
      code: `Q${n}H`,
      repeat: { frequency: 1, period: n, periodUnit: 'h' },
      times_expected: null,
    });
  });

  it.each([3, 7, 28, 100, 365])('counts %i days, weeks and months', (n) => {
    const repeats = ['days', 'weeks', 'months'].map((unit) => parseFrequency(`every ${n} ${unit}`));
    expect(repeats).toMatchObject([
      { repeat: n === 3 ? { period: 72, periodUnit: 'h' } : { period: n, periodUnit: 'd' } },
      { repeat: { period: n, periodUnit: 'wk' } },
      { repeat: { period: n, periodUnit: 'mo' } },
    ]);
  });

  it('reads every canonical code that it gives back', () => {
    const codes = ['5XD', '4XW', 'Q36H', 'Q10D', 'Q5W', 'Q6MO', 'QOD', 'WK', 'MO', 'STAT', 'PRN', 'ACM', 'C'];
    expect(codes.map((code) => frequencyOfCode(code)?.code)).toEqual(codes);
  });

  it.each(['q1.5h', 'q3.5d', 'Q2.5MO', 'q12.0h', 'q1.2.3h', 'q.1.5.h.', 'q 1. 5 h', '1.5.x.d', 'q1.5 h.'])(
    'never takes the point out of "%s"',
    (text) => {
      expect(parseFrequency(text)).toMatchObject({ ok: false, problem: 'frequency_unknown' });
    },
  );

  it.each([
    '5XD',
    '24XD',
    '4XW',
    '7XW',
    'Q168H',
    'Q9999D',
    'Q9999W',
    'Q9999MO',
    'TIW',
    'WEEKDAYS',
    'DAYS',
    'STAT',
  ])('reads its own code %s', (code) => {
    expect(parseFrequency(code)).toMatchObject({ ok: true, code });
    expect(parseFrequency(code.toLowerCase())).toMatchObject({ ok: true, code });
  });

  it.each(['AC', 'ACM', 'PCV', 'C', 'CM', 'CD', 'CV'])('reads its own code %s of a meal', (code) => {
    expect(parseFrequency(code)).toMatchObject({ ok: true, code: 'AC/PC', repeat: { when: [code] } });
  });

  it.each(['0XD', '25XD', '05XD', '8XW', '0XW', 'q10000d', 'Q10000W', 'q10000mo'])(
    'does not know "%s"',
    (text) => {
      expect(parseFrequency(text)).toMatchObject({
        ok: false,
        detail: expect.stringContaining('hours up to 168, days, weeks and months up to 9999'),
      });
    },
  );

  it('tells "every 3 days" with clock times from the 72-hour patch', () => {
    expect(parseFrequency('every 3 days')).toMatchObject({ code: 'Q72H', code_with_times: 'Q3D' });
    expect(parseFrequency('q3d')).toMatchObject({ code: 'Q3D', repeat: { period: 3, periodUnit: 'd' } });
  });
});

describe('weekdays, cycles and meals in words', () => {
  it.each([
    ['mon,wed,fri', ['MO', 'WE', 'FR']],
    ['MWF', ['MO', 'WE', 'FR']],
    ['TThS', ['TU', 'TH', 'SA']],
    ['Friday and Monday', ['MO', 'FR']],
    ['sun', ['SU']],
  ])('reads "%s"', (text, weekdays) => {
    expect(parseFrequency(text)).toMatchObject({ ok: true, code: 'DAYS', weekdays });
  });

  it.each(['mon,mon', 'TS', 'S', 'mon,', 'monwed'])('does not guess "%s"', (text) => {
    expect(parseFrequency(text)).toMatchObject({ ok: false });
  });

  it('reads a cycle', () => {
    const cycle = { days_on: 21, days_off: 7 };
    expect(parseFrequency('21 days on, 7 days off')).toMatchObject({ ok: true, code: 'CYCLE', cycle });
  });

  it.each([
    ['before meals', 'AC'],
    ['p.c.', 'PC'],
    ['with food', 'C'],
    ['after dinner', 'PCV'],
  ])('reads "%s" as an event that needs the meal times', (text, event) => {
    expect(parseFrequency(text)).toMatchObject({
      code: 'AC/PC',
      repeat: { when: [event] },
      needs: 'meal_times',
    });
  });
});
