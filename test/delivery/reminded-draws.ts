import fc from 'fast-check';
import { rule, YEAR_END, YEAR_START } from '#test/builders/expansion-oracle.ts';
import { DAY_MS, daysNearTransitions } from '#test/builders/wall-clock-oracle.ts';

/** On a failure fast-check prints seed and path. */
export const SEED = 2026;

const NEAR_DAYS = 3;
const RANDOM_DAYS = 20;

/** Mostly without the drawing of extremes, of which there is a share: doses every hour are many. */
const drawn = fc.oneof({ weight: 9, arbitrary: fc.noBias(rule) }, { weight: 1, arbitrary: rule });
const rulesOf = (count: number) => fc.array(drawn, { minLength: count, maxLength: count });

/** In 12 zones these are more than 1,000 pairs of rule and zone. */
export const rules = rulesOf(84);
/** More than 300 pairs. */
export const someRules = rulesOf(28);

/** Days of the year on which every rule has begun. */
export const randomDays = fc
  .uniqueArray(fc.integer({ min: 31, max: 363 }), { minLength: RANDOM_DAYS, maxLength: RANDOM_DAYS })
  .map((days) => days.map((day) => YEAR_START + day * DAY_MS));

export const nearDays = (zone: string): number[] =>
  daysNearTransitions(zone, YEAR_START, YEAR_END, NEAR_DAYS);
