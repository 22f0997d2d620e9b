import { lessAtLeastZero, numberOf, plus, ratio, times } from './decimal.ts';
import {
  type CountedSupply,
  type DoseUse,
  presentUse,
  type UseOnRecord,
  type UseStretch,
  useBefore,
} from './earlier-use.ts';
import { type CountingTime, dosesUsed, within } from './units-used.ts';

/** Doses that a person said were skipped. */
export interface SkippedDoses {
  readonly dueAt: string;
  readonly doses: number;
}

export interface UnitsOnHand {
  readonly units: number;
  /** Doses due since the count that were skipped, and are therefore still there. */
  readonly skipped: number;
}

/**
 * What is left at `now` of a supply: the last count without the doses due after it, up to and with `now`. Each counts as
 * taken, with the units of its time and by the schedule that then held, but for those that were skipped; as needed: the most
 * of a day. While a medication was stopped nothing is used. Never below 0. `undefined`: of a part of that time nobody knows
 * how much was used.
 */
export function unitsOnHand(
  record: UseOnRecord,
  { supplyUnits, takenAt }: CountedSupply,
  now: string,
  skippedDoses: readonly SkippedDoses[] = [],
): UnitsOnHand | undefined {
  const time: CountingTime = { after: takenAt, until: now };
  const { since, stretches, summed } = useBefore(record);
  const present = presentUse(record);
  const all: readonly (DoseUse & Partial<UseStretch>)[] = [
    ...stretches,
    ...(present ? [{ ...present, ...(since !== undefined && { since }) }] : []),
  ];
  let used = ratio(0);
  let skipped = 0;
  if (summed && summed.until > takenAt) {
    if (summed.units === undefined) return undefined;
    const among = skippedIn(skippedDoses, within(time, { until: summed.until }));
    used = lessAtLeastZero(ratio(summed.units), times(ratio(among), ratio(summed.unitsPerDose)));
    skipped += among;
  }
  for (const stretch of all) {
    const doses = dosesUsed(stretch, record.facts, time);
    if (doses === undefined) return undefined;
    const among = stretch.schedule ? skippedIn(skippedDoses, within(time, stretch)) : 0;
    const perDose = stretch.doseUnits ?? record.facts.doseUnits ?? 1;
    used = plus(used, times(ratio(Math.max(0, doses - among)), ratio(perDose)));
    skipped += among;
  }
  return { units: numberOf(lessAtLeastZero(ratio(supplyUnits), used)), skipped };
}

const skippedIn = (skipped: readonly SkippedDoses[], { after, until }: CountingTime): number =>
  skipped.filter(({ dueAt }) => dueAt > after && dueAt <= until).reduce((sum, { doses }) => sum + doses, 0);
