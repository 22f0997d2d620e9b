import { describe, expect, it } from 'vitest';
import type { Schedule } from './schedule.ts';
import { type OutlookInput, supplyOutlook } from './supply-outlook.ts';
import type { SupplyFacts } from './supply-reach.ts';

const BID: Schedule = {
  frequency: 'BID',
  times: ['08:00', '20:00'],
  timeZone: 'America/New_York',
  startDate: '2026-01-01',
};
/** Noon of Monday, 2 March in New York: the morning dose is taken, the evening dose is not. */
const NOON = '2026-03-02T17:00:00.000Z';
const TERMS = { refillThreshold: 0.8, leadTimeDays: 5, safetyDays: 2, closedWeekdays: [], holidays: [] };
const FILLED: SupplyFacts = {
  name: 'lisinopril 10 mg tablet',
  doseUnits: 1,
  lastFillDate: '2026-02-20',
  daysSupply: 30,
  refillsLeft: 2,
};

const outlook = (set: Partial<OutlookInput> = {}) =>
  supplyOutlook({ schedule: BID, facts: FILLED, supplyUnits: 5, at: NOON, terms: TERMS, ...set });
const facts = (more: SupplyFacts) => outlook({ facts: { ...FILLED, ...more }, supplyUnits: 90 });

describe('an outlook', () => {
  it('with all facts says everything, and what it assumed', () => {
    expect(outlook()).toEqual({
      time_zone: 'America/New_York',
      today: '2026-03-02',
      units_per_dose: 1,
      days_of_supply: 2,
      last_covered_date: '2026-03-04',
      first_uncovered_date: '2026-03-05',
      refill_eligible_date: '2026-03-16',
      order_by_date: '2026-02-26',
      urgency: 'now',
      reasons: [
        { member: 'refill_eligible_date', code: 'not_a_controlled_substance' },
        { member: 'urgency', code: 'order_by_date_has_come' },
      ],
      assumptions: [
        'doses_due_earlier_today_were_taken',
        'order_takes_5_days_with_2_days_in_hand',
        'refill_is_not_too_soon_after_0.8_of_the_days_supplied',
      ],
    });
  });

  it('takes one unit per dose when none is on record, and says so', () => {
    const { doseUnits, ...unknown } = FILLED;
    expect(doseUnits).toBe(1);
    expect(outlook({ facts: unknown }).assumptions).toContain('units_per_dose_is_1');
    expect(outlook({ facts: { ...FILLED, doseUnits: 2.5 } })).toMatchObject({
      units_per_dose: 2.5,
      first_uncovered_date: '2026-03-03',
    });
  });

  it.each([
    [0, 'out', 'first_uncovered_date_has_come'],
    [1, 'now', 'order_by_date_has_come'],
    [14, 'now', 'order_by_date_has_come'],
    [15, 'soon', 'order_by_date_within_7_days'],
    [28, 'soon', 'order_by_date_within_7_days'],
    [29, 'ok', 'order_by_date_after_7_days'],
  ])('%d units are %s', (supplyUnits, urgency, code) => {
    const { reasons, ...answer } = outlook({ supplyUnits });
    expect(answer).toMatchObject({ urgency });
    expect(reasons).toContainEqual({ member: 'urgency', code });
  });

  it('orders on open days, after the deployer’s terms', () => {
    const terms = {
      ...TERMS,
      leadTimeDays: 3,
      safetyDays: 1,
      closedWeekdays: ['SA', 'SU'],
      holidays: ['2026-03-27'],
    };
    // The last covered date is 31 March; four days before 1 April is a Saturday, and the Friday is a holiday.
    expect(outlook({ supplyUnits: 59, terms })).toMatchObject({
      first_uncovered_date: '2026-04-01',
      order_by_date: '2026-03-26',
    });
  });

  it('has no dates when the schedule ends before the supply, and then there is no hurry', () => {
    expect(outlook({ schedule: { ...BID, endDate: '2026-03-10' }, supplyUnits: 100 })).toMatchObject({
      last_covered_date: '2026-03-10',
      first_uncovered_date: null,
      order_by_date: null,
      urgency: 'ok',
      reasons: [
        { member: 'first_uncovered_date', code: 'schedule_ends_before_the_supply' },
        { member: 'refill_eligible_date', code: 'not_a_controlled_substance' },
        { member: 'order_by_date', code: 'no_uncovered_date' },
        { member: 'urgency', code: 'no_uncovered_date' },
      ],
    });
  });
});

describe('doses as needed', () => {
  const NONE = { schedule: undefined, timeZone: 'America/New_York' };

  it('are counted at the most of a day', () => {
    const asNeeded = outlook({ ...NONE, facts: { ...FILLED, maxDosesPerDay: 4 }, supplyUnits: 20 });
    expect(asNeeded).toMatchObject({ days_of_supply: 5, first_uncovered_date: '2026-03-07', urgency: 'now' });
    expect(asNeeded.assumptions).toContain('the_most_doses_of_a_day_are_taken_every_day');
  });

  it('without that number have no dates, and no urgency is claimed', () => {
    const prn: Schedule = { ...BID, frequency: 'PRN', times: [] };
    for (const [set, code] of [
      [NONE, 'no_schedule'],
      [{ schedule: prn }, 'max_doses_per_day_missing'],
      [{ schedule: undefined }, 'time_zone_missing'],
    ] as const) {
      const answer = outlook(set);
      expect(answer).toMatchObject({
        days_of_supply: null,
        last_covered_date: null,
        first_uncovered_date: null,
        order_by_date: null,
        urgency: null,
      });
      const codes = answer.reasons.filter(({ member }) => member !== 'refill_eligible_date');
      expect(new Set(codes.map((reason) => reason.code))).toEqual(new Set([code]));
    }
  });
});

describe('a package that is discarded', () => {
  it('ends the supply before its units do', () => {
    expect(facts({ discardAfterDays: 14 })).toMatchObject({
      days_of_supply: 4,
      last_covered_date: '2026-03-05',
      first_uncovered_date: '2026-03-06',
      urgency: 'now',
      reasons: [
        { member: 'first_uncovered_date', code: 'package_is_discarded' },
        { member: 'refill_eligible_date' },
        { member: 'urgency' },
      ],
    });
  });

  it('is out when its day has passed, and ends on a due date only', () => {
    expect(facts({ discardAfterDays: 3 })).toMatchObject({
      first_uncovered_date: '2026-03-02',
      urgency: 'out',
    });
    const weekly = { ...BID, frequency: 'WK', times: ['08:00'], startDate: '2026-01-01' };
    const vial = { ...FILLED, discardAfterDays: 14 };
    // A Thursday each week: the 5th is covered, and the 12th is the first that is not.
    expect(outlook({ schedule: weekly, facts: vial, supplyUnits: 90 })).toMatchObject({
      first_uncovered_date: '2026-03-12',
    });
  });

  it('was opened today at the latest', () => {
    const vial = { ...FILLED, discardAfterDays: 5 };
    const until = (lastFillDate: string) =>
      outlook({ facts: { ...vial, lastFillDate }, supplyUnits: 90 }).first_uncovered_date;
    expect(until('2026-03-04')).toBe(until('2026-03-02'));
    expect(until('2026-03-02')).toBe('2026-03-07');
  });

  it('changes nothing when the units end first', () => {
    expect(facts({ discardAfterDays: 365 })).toMatchObject({ first_uncovered_date: '2026-04-16' });
  });

  it('with no known fill date has no date; that there is no time may still be certain', () => {
    const { lastFillDate, ...unknown } = FILLED;
    expect(lastFillDate).toBe('2026-02-20');
    const vial = { ...unknown, discardAfterDays: 28 };
    expect(outlook({ facts: vial, supplyUnits: 90 })).toMatchObject({
      first_uncovered_date: null,
      urgency: null,
    });
    expect(outlook({ facts: vial, supplyUnits: 4 })).toMatchObject({
      first_uncovered_date: null,
      urgency: 'now',
    });
  });
});
