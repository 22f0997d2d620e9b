import type { Temporal } from 'temporal-polyfill';
import { isLess, type Ratio, ratio, rounded } from './decimal.ts';
import { datePair, PlainInput } from './plain-input.ts';
import { type Fill, type FillDays, medicationPossession, type Possession } from './possession-ratio.ts';

export interface AdherenceInput {
  /** Fills of products that count as one therapy, in any order; each product is told by its target ingredient. */
  readonly fills: readonly Fill[];
  /** First and last local date, both inclusive. */
  readonly measurement_period: readonly [string, string];
  /** First and last local date of each stay, both inclusive. */
  readonly inpatient_stays?: readonly (readonly [string, string])[];
}

export interface Adherence {
  /** Local date of the first fill inside the period; the treatment period runs from it to the end of the period. */
  readonly first_fill: string | null;
  /** Days of the treatment period without those of inpatient stays. */
  readonly treatment_days: number;
  /** Treatment days on which at least one ingredient is on hand. */
  readonly covered_days: number;
  /** `covered_days / treatment_days`, six decimal places. */
  readonly pdc: number | null;
  /** At least 0.80: the threshold of the Pharmacy Quality Alliance (PQA). Compared before rounding. */
  readonly adherent_80: boolean | null;
  /** At least 0.90: the PQA's threshold for antiretrovirals. */
  readonly adherent_90: boolean | null;
  /** Treatment days on which at least two ingredients are on hand. */
  readonly concurrent_days: number;
  /** Whether the patient counts in the PQA's measure: two fills on different dates, the first 91 days before the end. */
  readonly in_population: boolean;
  readonly mpr: Possession;
  /** Codes: why a member is `null` or the patient is not in the population. */
  readonly reasons: readonly string[];
}

const AT = 'adherence';
/** The first fill lies at least so many days before the end of the period (PQA, proportion of days covered). */
const INDEX_FILL_DAYS = 91;
const PLACES = 6;

/**
 * Proportion of days covered (PDC) and medication possession ratio (MPR) from pharmacy fills.
 *
 * - Only fills inside `measurement_period` count; what an earlier fill has left does not.
 * - An early refill of the same ingredient is kept for later: its days begin when those before it are used up.
 *   Different ingredients run side by side.
 * - Days of `inpatient_stays` are neither treatment nor covered days; what was on hand moves to after the stay, and
 *   with it what was filled later (the rule of the CMS Star Ratings' technical notes).
 * - What lasts beyond the end of the period is cut off.
 * - `mpr` leaves out stays: days supplied by calendar days, with and without a cap at 1.
 *
 * Nothing that is undefined is made up: it is `null`, and `reasons` says why. Members of another name are passed over:
 * a case of a file of vectors is sent as it stands. One that is nearly an optional member is refused.
 * @throws TypeError that names the member and what belongs there
 */
export function adherence(input: AdherenceInput): Adherence {
  const read = new PlainInput(AT, input);
  if (!read.has('measurement_period')) read.fail('measurement_period', 'a pair of dates: first and last day');
  if (!read.has('fills')) read.fail('fills', 'a list of fills');
  read.refuseMisspelt('inpatient_stays');
  const [start, end] = datePair(input.measurement_period, `${AT}: \`measurement_period\``);
  const day = (date: Temporal.PlainDate): number => start.until(date, { largestUnit: 'day' }).days;
  const last = day(end);
  const fills = read
    .list('fills', (entry, at) => fillOf(new PlainInput(at, entry), day))
    .filter((fill) => fill.day >= 0 && fill.day <= last)
    .toSorted((a, b) => a.day - b.day);
  const stays = read
    .list('inpatient_stays', datePair)
    .map(([from, to]) => ({ from: day(from), to: day(to) }));
  const [first] = fills;
  if (!first) return NO_FILL;

  const counted = countDays(fills, first.day, last, (on) =>
    stays.some(({ from, to }) => on >= from && on <= to),
  );
  const share = counted.treatment > 0 ? ratio(`${counted.covered}/${counted.treatment}`) : undefined;
  const population = outsidePopulation(fills, last - first.day);
  const possession = medicationPossession(fills, last);
  return {
    first_fill: start.add({ days: first.day }).toString(),
    treatment_days: counted.treatment,
    covered_days: counted.covered,
    pdc: share ? rounded(share, PLACES) : null,
    adherent_80: reaches(share, '0.8'),
    adherent_90: reaches(share, '0.9'),
    concurrent_days: counted.concurrent,
    in_population: population.length === 0,
    mpr: possession,
    reasons: [
      ...(share ? [] : ['every_treatment_day_is_inpatient']),
      ...(possession.mpr_first_to_last_fill === null ? ['only_one_fill_date'] : []),
      ...population,
    ],
  };
}

const NO_FILL: Adherence = {
  first_fill: null,
  treatment_days: 0,
  covered_days: 0,
  pdc: null,
  adherent_80: null,
  adherent_90: null,
  concurrent_days: 0,
  in_population: false,
  mpr: { sum_days_supply: 0, mpr_to_period_end: null, mpr_capped: null, mpr_first_to_last_fill: null },
  reasons: ['no_fill_in_measurement_period'],
};

const fillOf = (read: PlainInput, day: (date: Temporal.PlainDate) => number): FillDays => ({
  ingredient: read.text('ingredient').trim().toLowerCase() || read.fail('ingredient', 'a name'),
  day: day(read.date('date')),
  daysSupply: read.wholeNumber('days_supply'),
});

const reaches = (share: Ratio | undefined, threshold: string): boolean | null =>
  share ? !isLess(share, ratio(threshold)) : null;

/** Day by day: what is on hand is used on each day outside of a stay, one day's worth of each ingredient. */
function countDays(
  fills: readonly FillDays[],
  first: number,
  last: number,
  isInpatient: (day: number) => boolean,
) {
  const byDay = Map.groupBy(fills, (fill) => fill.day);
  const onHand = new Map<string, number>();
  const counted = { treatment: 0, covered: 0, concurrent: 0 };
  for (let day = first; day <= last; day += 1) {
    for (const { ingredient, daysSupply } of byDay.get(day) ?? [])
      onHand.set(ingredient, (onHand.get(ingredient) ?? 0) + daysSupply);
    if (isInpatient(day)) continue;
    const used = [...onHand].filter(([, days]) => days > 0);
    for (const [ingredient, days] of used) onHand.set(ingredient, days - 1);
    counted.treatment += 1;
    if (used.length > 0) counted.covered += 1;
    if (used.length > 1) counted.concurrent += 1;
  }
  return counted;
}

const outsidePopulation = (fills: readonly FillDays[], daysToEnd: number): string[] => [
  ...(new Set(fills.map(({ day }) => day)).size < 2 ? ['fewer_than_two_fill_dates'] : []),
  ...(daysToEnd < INDEX_FILL_DAYS ? ['first_fill_less_than_91_days_before_end'] : []),
];
