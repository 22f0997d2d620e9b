import { describe, expect, it } from 'vitest';
import { projectSupply, type SupplyQuestion } from './project-supply.ts';

const RUN_OUT = {
  today: '2026-03-02',
  current_supply: 30,
  units_per_dose: 1,
  doses_per_day: 1,
  doses_taken_today: 0,
};
const ORDER = {
  today: '2026-03-02',
  first_uncovered_date: '2026-03-20',
  lead_time_days: 5,
  safety_days: 2,
  closed_weekdays: [],
  holidays: [],
};

describe('days of supply', () => {
  it('divides exactly: 0.3 by 0.1 is 3', () => {
    expect(projectSupply({ quantity: 0.3, units_per_dose: 0.1, doses_per_day: 1 })).toEqual({ full_days: 3 });
    expect(projectSupply({ quantity: 0.7, units_per_dose: 0.1, doses_per_day: '1' })).toEqual({
      full_days: 7,
    });
    expect(projectSupply({ quantity: '1', units_per_dose: 1, doses_per_day: '1/3' })).toEqual({
      full_days: 3,
    });
  });

  it('ends when the package is discarded', () => {
    const vial = { quantity: 10, units_per_dose: 0.3, doses_per_day: 1 };
    expect(projectSupply({ ...vial, discard_after_days: 28 })).toEqual({ full_days: 28 });
    expect(projectSupply({ ...vial, discard_after_days: 42 })).toEqual({ full_days: 33 });
  });
});

describe('run-out', () => {
  it('needs today only what is not taken yet', () => {
    const twice = { ...RUN_OUT, current_supply: 3, doses_per_day: 2 };
    expect(projectSupply({ ...twice, doses_taken_today: 1 })).toEqual({
      last_fully_covered_date: '2026-03-03',
      first_uncovered_date: '2026-03-04',
      units_left_over: 0,
    });
    // Of four units that are needed today three are there: they are left over.
    expect(projectSupply({ ...twice, units_per_dose: 2 })).toEqual({
      last_fully_covered_date: null,
      first_uncovered_date: '2026-03-02',
      units_left_over: 3,
    });
  });

  it('keeps what does not make a full day, exactly', () => {
    const parts = { ...RUN_OUT, current_supply: 0.7, units_per_dose: 0.1, doses_per_day: 3 };
    expect(projectSupply(parts)).toEqual({
      last_fully_covered_date: '2026-03-03',
      first_uncovered_date: '2026-03-04',
      units_left_over: 0.1,
    });
  });

  it.each([
    [{ discard_after_days: 28 }, '2026-03-30', 2, 'discard'],
    [{ discard_after_days: 28, opened_on: '2026-02-20' }, '2026-03-20', 12, 'discard'],
    [{ discard_after_days: 28, opened_on: '2026-01-01' }, '2026-03-02', 30, 'discard'],
    [{ discard_after_days: 90 }, '2026-04-01', 0, 'supply'],
  ])(
    'is capped by the day of discarding: %j',
    (discard, first_uncovered_date, units_left_over, limited_by) => {
      expect(projectSupply({ ...RUN_OUT, ...discard })).toMatchObject({
        first_uncovered_date,
        units_left_over,
        limited_by,
      });
    },
  );

  it('refuses a package that is opened later than today: it would only be thrown away later', () => {
    const opened = (opened_on: string) =>
      projectSupply({ ...RUN_OUT, discard_after_days: 28, opened_on }).first_uncovered_date;
    expect(() => opened('2026-03-03')).toThrow('`opened_on` is not a date up to `today`');
    expect(opened('2026-03-02')).toBe('2026-03-30');
  });

  it('counts a day as covered whose doses were taken before the package was discarded', () => {
    const taken = { ...RUN_OUT, doses_taken_today: 1, discard_after_days: 28, opened_on: '2026-02-02' };
    expect(projectSupply(taken)).toMatchObject({
      last_fully_covered_date: '2026-03-02',
      first_uncovered_date: '2026-03-03',
    });
  });

  it('has no date in ten thousand years', () => {
    expect(() => projectSupply({ ...RUN_OUT, current_supply: 1e9 })).toThrow('longer than 10,000 years');
  });
});

describe('order-by date', () => {
  it('moves back over closed days and holidays together', () => {
    const closed = { closed_weekdays: ['SA', 'SU'], holidays: ['2026-03-13', '2026-03-12'] };
    expect(projectSupply({ ...ORDER, ...closed })).toEqual({ order_by: '2026-03-11', status: 'ok' });
  });

  it('is not overdue on its own day', () => {
    expect(projectSupply({ ...ORDER, today: '2026-03-13' })).toMatchObject({ status: 'ok' });
    expect(projectSupply({ ...ORDER, today: '2026-03-14' })).toMatchObject({ status: 'overdue' });
  });

  it('refuses a week without an open day', () => {
    const closed_weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
    expect(() => projectSupply({ ...ORDER, closed_weekdays })).toThrow('closed_weekdays leaves no open day');
  });
});

it('the reorder point is exact', () => {
  const use = { daily_use: 0.1, lead_time_days: 3, safety_stock_units: 0 };
  expect(projectSupply(use)).toEqual({ reorder_point: 0.3 });
});

describe('what it refuses', () => {
  it.each<[string, unknown]>([
    ['projectSupply: send one plain object.', null],
    ['projectSupply: send one plain object.', [RUN_OUT]],
    ['send exactly one of quantity, current_supply, first_uncovered_date, daily_use', {}],
    ['send exactly one of', { ...RUN_OUT, ...ORDER }],
    ['`today` is not a date of the calendar', { ...RUN_OUT, today: '2026-02-30' }],
    ['`current_supply` is missing; send a number of units', { ...RUN_OUT, current_supply: null }],
    ['`quantity` is missing; send', { quantity: undefined, units_per_dose: 1, doses_per_day: 1 }],
    ['`current_supply` is not 0 or a number from 1e-12 to 1e12', { ...RUN_OUT, current_supply: '1e400' }],
    ['`doses_per_day` is not 0 or a number', { ...RUN_OUT, doses_per_day: '1e-400' }],
    ['`quantity` is not 0 or a number', { quantity: 1e300, units_per_dose: 1, doses_per_day: 1 }],
    ['`quantity` is not a quantity whose days', { quantity: 1e12, units_per_dose: 1e-12, doses_per_day: 1 }],
    ['`quantity` is not a finite number', { quantity: '1'.repeat(65), units_per_dose: 1, doses_per_day: 1 }],
    [
      '`daily_use` is not 0 or a number',
      { daily_use: Number.MAX_VALUE, lead_time_days: 36_525, safety_stock_units: 0 },
    ],
    ['`today` is not a date from 1900-01-01 to 2999-12-31', { ...RUN_OUT, today: '9999-12-30' }],
    ['`today` is not a date from', { ...ORDER, today: '1899-12-31' }],
    ['`holidays[0]` is not a date from', { ...ORDER, holidays: ['3000-01-01'] }],
    ['`current_supply` is not an amount that ends on', { ...RUN_OUT, today: '2999-12-30' }],
    ['check `current_supply`', { ...RUN_OUT, current_supply: 1e9 }],
    ['`today` is missing; send a date', { ...RUN_OUT, today: undefined }],
    ['`current_supply` is not a finite number of 0 or more', { ...RUN_OUT, current_supply: -1 }],
    ['`current_supply` is not a finite number of 0 or more', { ...RUN_OUT, current_supply: Infinity }],
    ['`current_supply` is not a finite number of 0 or more', { ...RUN_OUT, current_supply: 'many' }],
    ['`units_per_dose` is not a number above 0', { ...RUN_OUT, units_per_dose: 0 }],
    ['`doses_per_day` is not a finite number', { ...RUN_OUT, doses_per_day: '1/0' }],
    ['`discard_after_days` is not a whole number', { ...RUN_OUT, discard_after_days: 2.5 }],
    ['`lead_time_days` is not a whole number', { ...ORDER, lead_time_days: -1 }],
    ['`closed_weekdays[0]` is not one of MO', { ...ORDER, closed_weekdays: ['Sunday'] }],
    ['`holidays[1]` is not a date', { ...ORDER, holidays: ['2026-01-01', '1 May'] }],
    ['`holidays` is not a list', { ...ORDER, holidays: '2026-01-01' }],
  ])('%s', (message, input) => {
    expect(() => projectSupply(input as SupplyQuestion)).toThrow(message);
  });
});
