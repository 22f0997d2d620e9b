import { expect, it } from 'vitest';
import { adherence } from './adherence.ts';
import { projectSupply, type SupplyQuestion } from './project-supply.ts';
import { refillEligibility } from './refill-eligibility.ts';

const QUANTITY = { quantity: 30, units_per_dose: 1, doses_per_day: 1 };
const ON_HAND = { today: '2026-03-02', current_supply: 30, units_per_dose: 1, doses_per_day: 1 };
const ORDER = { today: '2026-03-02', first_uncovered_date: '2026-03-20', lead_time_days: 5, safety_days: 2 };
const FILLS = {
  fills: [{ date: '2026-01-01', days_supply: 30, ingredient: 'lisinopril' }],
  measurement_period: ['2026-01-01', '2026-03-31'] as const,
};
const REFILL = { schedule: 'III' as const, issued: '2026-01-01', refill_date: '2026-02-01', refills_used: 1 };

const supply = (question: object) => projectSupply(question as SupplyQuestion); // as JSON has it

it.each<[string, (more: object) => unknown]>([
  ['discard_after_day', (more) => supply({ ...QUANTITY, ...more })],
  ['discardAfterDays', (more) => supply({ ...QUANTITY, ...more })],
  ['doses_taken_tody', (more) => supply({ ...ON_HAND, ...more })],
  ['openedOn', (more) => supply({ ...ON_HAND, ...more })],
  ['closed_weekday', (more) => supply({ ...ORDER, ...more })],
  ['holiday', (more) => supply({ ...ORDER, ...more })],
  ['inpatient_stay', (more) => adherence({ ...FILLS, ...more })],
  ['refils_left', (more) => refillEligibility({ ...REFILL, ...more })],
])('%s, nearly an optional member, is refused and not repeated', (name, ask) => {
  expect(() => ask({ [name]: 1 })).toThrow(/a member is misspelt; write `[a-z_]+`\.$/);
  expect(() => ask({ [name]: null })).not.toThrow();
});

it('what says something else of the input is passed over', () => {
  const about = {
    id: 'x',
    title: 't',
    note: 'n',
    source: 's',
    rule: 'r',
    why: 'w',
    expected: 1,
    days: 3,
    fill: 2,
  };
  expect(supply({ ...QUANTITY, ...about })).toEqual(supply(QUANTITY));
  expect(supply({ ...ON_HAND, ...about })).toEqual(supply(ON_HAND));
  expect(supply({ ...ORDER, ...about })).toEqual(supply(ORDER));
  expect(adherence({ ...FILLS, ...about })).toEqual(adherence(FILLS));
  expect(refillEligibility({ ...REFILL, ...about })).toEqual(refillEligibility(REFILL));
});
