import { describe, expect, it } from 'vitest';
import { type RefillFacts, refillDate } from './refill-date.ts';

const TODAY = '2026-03-02';
/** 80 % of 30 days are over on 16 March. */
const FILLED: RefillFacts = {
  name: 'lisinopril 10 mg tablet',
  lastFillDate: '2026-02-20',
  daysSupply: 30,
  refillsLeft: 2,
};
const PREGABALIN = { name: 'pregabalin 75 mg capsule' };
const ALPRAZOLAM = { name: 'alprazolam 0.5 mg tablet', issuedOn: '2026-01-01' };

const refill = (
  more: RefillFacts,
  without: readonly (keyof RefillFacts)[] = [],
  today: string | null = TODAY,
) => {
  const all = Object.entries({ ...FILLED, ...more });
  const kept = Object.fromEntries(all.filter(([name]) => !without.some((one) => one === name)));
  return refillDate(kept, { threshold: 0.8, today });
};

describe('the refill-eligible date', () => {
  it('is that on which a refill is not too soon, of a medication that was looked up', () => {
    expect(refill({})).toEqual({
      date: '2026-03-16',
      reasons: ['not_a_controlled_substance'],
      assumptions: ['refill_is_not_too_soon_after_0.8_of_the_days_supplied'],
    });
  });

  it.each<[string, RefillFacts, readonly (keyof RefillFacts)[], readonly string[]]>([
    ['fill', {}, ['lastFillDate', 'daysSupply'], ['last_fill_date_missing', 'days_supply_missing']],
    ['number of refills', {}, ['refillsLeft'], ['refills_left_missing']],
    [
      'number of refills in V',
      { ...PREGABALIN, deaSchedule: 'V' },
      ['refillsLeft'],
      ['refills_left_missing'],
    ],
    ['date of issue', { ...ALPRAZOLAM, deaSchedule: 'IV' }, ['issuedOn'], ['issued_on_missing']],
    ['name', {}, ['name'], ['dea_schedule_not_known']],
    ['name that is recognised', { name: 'my white pill' }, [], ['dea_schedule_not_known']],
    ['schedule', { name: 'oxycodone 5 mg tablet' }, [], ['dea_schedule_missing']],
    ['schedule of a code', { rxcui: '7804' }, ['name'], ['dea_schedule_missing']],
    [
      'schedule and number',
      { name: 'oxycodone 5 mg tablet' },
      ['refillsLeft'],
      ['refills_left_missing', 'dea_schedule_missing'],
    ],
  ])('is null without a known %s', (_, more, without, reasons) => {
    expect(refill(more, without)).toEqual({ date: null, reasons, assumptions: [] });
  });

  it('goes by the schedule’s name when the record has none', () => {
    const { name, ...nameless } = FILLED;
    expect(name).toBeDefined();
    const called = (medicationName: string) =>
      refillDate(nameless, { threshold: 0.8, today: TODAY, medicationName });
    expect(called('lisinopril')).toMatchObject({ date: '2026-03-16' });
    expect(called('alprazolam')).toMatchObject({ date: null, reasons: ['dea_schedule_missing'] });
  });

  it.each<[string, RefillFacts, string | null, readonly string[]]>([
    ['II', { deaSchedule: 'II' }, null, ['schedule_ii_is_never_refilled']],
    ['none left', { refillsLeft: 0 }, null, ['no_refills_left']],
    ['III in time', { deaSchedule: 'III', issuedOn: '2026-01-01' }, '2026-03-16', []],
    ['IV too late', { deaSchedule: 'IV', issuedOn: '2025-09-15' }, null, ['over_six_months_after_issue']],
    ['V with refills', { ...PREGABALIN, deaSchedule: 'V' }, '2026-03-16', []],
    ['V with many refills', { ...PREGABALIN, deaSchedule: 'V', refillsLeft: 11 }, '2026-03-16', []],
    ['IV with five left', { ...ALPRAZOLAM, deaSchedule: 'IV', refillsLeft: 5 }, '2026-03-16', []],
    [
      'IV with six left',
      { ...ALPRAZOLAM, deaSchedule: 'IV', refillsLeft: 6 },
      null,
      ['more_than_five_refills'],
    ],
    [
      'a schedule that is too lenient',
      { name: 'oxycodone', deaSchedule: 'IV', issuedOn: '2026-01-01' },
      null,
      ['dea_schedule_does_not_fit_name'],
    ],
    ['what nobody may prescribe', { name: 'cannabis' }, null, ['schedule_i_is_never_prescribed']],
    ['a schedule of an unknown name', { name: 'my white pill', deaSchedule: 'V' }, '2026-03-16', []],
    [
      'an unread name beside a code',
      { name: 'oxycodne 5 mg', rxcui: '161' },
      null,
      ['dea_schedule_not_known'],
    ],
    ['a name and its code', { name: 'Tylenol', rxcui: '161' }, '2026-03-16', ['not_a_controlled_substance']],
    [
      'a fill of the prescription before',
      { issuedOn: '2026-03-20' },
      '2026-03-20',
      ['not_a_controlled_substance'],
    ],
  ])('of %s', (_, more, date, reasons) => {
    expect(refill(more)).toMatchObject({ date, reasons });
  });
});

describe('the law is asked about the day on which the refill can still happen', () => {
  const IV: RefillFacts = {
    ...ALPRAZOLAM,
    issuedOn: '2026-04-01',
    deaSchedule: 'IV',
    refillsLeft: 3,
    lastFillDate: '2026-05-01',
  };
  const EXPIRED = { date: null, reasons: ['over_six_months_after_issue'], assumptions: [] };

  it('so that an expired prescription has no date, although one would have been legal once', () => {
    expect(refill(IV, [], '2026-12-01')).toEqual(EXPIRED);
    expect(refill(IV, [], '2026-10-02')).toEqual(EXPIRED);
  });

  it('so that a date of the past says since when, as long as it is legal today', () => {
    expect(refill(IV, [], '2026-10-01')).toMatchObject({ date: '2026-05-25', reasons: [] });
    expect(refill(IV, [], '2026-05-10')).toMatchObject({ date: '2026-05-25', reasons: [] });
  });

  it('and is not answered where nobody knows which day it is', () => {
    expect(refill(IV, [], null)).toMatchObject({ date: null, reasons: ['time_zone_missing'] });
    expect(refill({}, [], null)).toMatchObject({ date: '2026-03-16' });
  });
});
