import { lessAtLeastZero, numberOf, plus, ratio, times } from './decimal.ts';
import { type CountedSupply, type UseOnRecord, usesOnRecord } from './earlier-use.ts';
import { type CountingTime, type SkippedDoses, skippedIn, unitsUsed, within } from './units-used.ts';

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
  const { uses, summed } = usesOnRecord(record);
  const used = unitsUsed(uses, record.facts, time, skippedDoses);
  if (!used) return undefined;
  let old = ratio(0);
  let among = 0;
  if (summed && summed.until > takenAt) {
    if (summed.units === undefined) return undefined;
    among = skippedIn(skippedDoses, within(time, { until: summed.until }));
    old = lessAtLeastZero(ratio(summed.units), times(ratio(among), ratio(summed.unitsPerDose)));
  }
  const left = lessAtLeastZero(ratio(supplyUnits), plus(old, used.units));
  return { units: numberOf(left), skipped: used.skipped + among };
}
