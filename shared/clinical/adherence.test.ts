import { describe, expect, it } from 'vitest';
import { type AdherenceInput, adherence } from './adherence.ts';

const QUARTER = ['2026-01-01', '2026-03-31'] as const;
const fill = (date: string, days_supply = 30, ingredient = 'lisinopril') => ({
  ingredient,
  date,
  days_supply,
});
const of = (fills: AdherenceInput['fills'], more: Partial<AdherenceInput> = {}) =>
  adherence({ fills, measurement_period: QUARTER, ...more });

describe('proportion of days covered', () => {
  it('is undefined without a fill in the period, and says why', () => {
    for (const fills of [[], [fill('2025-12-31')], [fill('2026-04-01')]])
      expect(of(fills)).toMatchObject({
        first_fill: null,
        treatment_days: 0,
        covered_days: 0,
        pdc: null,
        adherent_80: null,
        mpr: { mpr_to_period_end: null },
        reasons: ['no_fill_in_measurement_period'],
      });
  });

  it('takes fills in any order, and two on one day one after the other', () => {
    const answer = of([fill('2026-02-20', 10), fill('2026-01-01'), fill('2026-01-01', 20)]);
    expect(answer).toMatchObject({ first_fill: '2026-01-01', covered_days: 60, concurrent_days: 0 });
  });

  it('knows an ingredient in any writing', () => {
    expect(of([fill('2026-01-01'), fill('2026-01-01', 30, ' Lisinopril')])).toMatchObject({
      covered_days: 60,
    });
  });

  it('lets different ingredients run side by side', () => {
    const answer = of([fill('2026-01-01'), fill('2026-01-16', 30, 'losartan')]);
    expect(answer).toMatchObject({ covered_days: 45, concurrent_days: 15 });
  });

  it('begins the supply of a fill during a stay after it, and counts overlapping stays once', () => {
    const inpatient_stays = [
      ['2026-01-05', '2026-01-10'],
      ['2026-01-08', '2026-01-14'],
    ] as const;
    const answer = of([fill('2026-01-01', 4), fill('2026-01-06', 10)], { inpatient_stays });
    // 90 days less ten of the stays; four days before them and ten after.
    expect(answer).toMatchObject({ treatment_days: 80, covered_days: 14 });
  });

  it('is undefined when every treatment day lies in a stay', () => {
    const answer = of([fill('2026-03-20')], { inpatient_stays: [['2026-03-01', '2026-04-30']] });
    expect(answer).toMatchObject({ treatment_days: 0, pdc: null, adherent_80: null, adherent_90: null });
    expect(answer.reasons).toContain('every_treatment_day_is_inpatient');
  });

  it('compares before it rounds', () => {
    // 8,766 of 10,958 days are 0.79996…, which two places would round to the threshold.
    const years = ['1996-01-01', '2025-12-31'] as const;
    const answer = adherence({ fills: [fill('1996-01-01', 8766)], measurement_period: years });
    expect(answer).toMatchObject({ treatment_days: 10_958, pdc: 0.799963, adherent_80: false });
  });

  it('has its own threshold for antiretrovirals', () => {
    expect(of([fill('2026-01-01', 80)])).toMatchObject({ adherent_80: true, adherent_90: false });
    expect(of([fill('2026-01-01', 81)])).toMatchObject({ adherent_90: true });
  });
});

describe('the population of the measure', () => {
  const ending = (end: string, ...fills: AdherenceInput['fills']) =>
    adherence({ fills, measurement_period: ['2026-01-01', end] });

  it('needs two fill dates, and the first 91 days before the end', () => {
    expect(ending('2026-04-02', fill('2026-01-01'), fill('2026-02-01'))).toMatchObject({
      in_population: true,
      reasons: [],
    });
    expect(ending('2026-04-01', fill('2026-01-01'), fill('2026-02-01'))).toMatchObject({
      in_population: false,
      reasons: ['first_fill_less_than_91_days_before_end'],
    });
    expect(ending('2026-04-02', fill('2026-01-01'), fill('2026-01-01'))).toMatchObject({
      in_population: false,
      reasons: ['only_one_fill_date', 'fewer_than_two_fill_dates'],
    });
  });
});

describe('possession ratio', () => {
  it('leaves out the last fill date when it counts to it', () => {
    expect(of([fill('2026-01-01'), fill('2026-02-10'), fill('2026-02-10', 60)]).mpr).toEqual({
      sum_days_supply: 120,
      mpr_to_period_end: 1.333333,
      mpr_capped: 1,
      mpr_first_to_last_fill: 0.75,
    });
  });
});

describe('what it refuses', () => {
  it.each<[string, object]>([
    ['`fills` is missing', { measurement_period: QUARTER }],
    ['`measurement_period` is missing', { fills: [] }],
    ['`measurement_period` ends before it begins', { fills: [], measurement_period: [...QUARTER].reverse() }],
    ['`measurement_period` is not a pair', { fills: [], measurement_period: ['2026-01-01'] }],
    ['`fills[0]`: `date` is not a date', { fills: [fill('soon')], measurement_period: QUARTER }],
    [
      '`fills[1]`: `days_supply` is not a whole',
      { fills: [fill('2026-01-01'), fill('2026-01-01', 1.5)], measurement_period: QUARTER },
    ],
    [
      '`fills[0]`: `ingredient` is not a name',
      { fills: [{ ...fill('2026-01-01'), ingredient: ' ' }], measurement_period: QUARTER },
    ],
    [
      '`fills[0]`: `ingredient` is missing',
      { fills: [{ ...fill('2026-01-01'), ingredient: undefined }], measurement_period: QUARTER },
    ],
    [
      '`inpatient_stays[0]` is not a pair',
      { fills: [], measurement_period: QUARTER, inpatient_stays: ['2026-01-01'] },
    ],
  ])('%s', (message, input) => {
    expect(() => adherence(input as AdherenceInput)).toThrow(message);
  });
});
