import { Coverage } from './coverage.ts';
import { keepUnit, type TallyKeeper } from './keep-unit.ts';
import { type Family, isPersonFamily } from './metrics-types.ts';
import { readRows } from './read-rows.ts';
import type { Ledger } from './releases.ts';
import { HOUR_MS, type TimeWindow } from './time-window.ts';
import { hourAt } from './units.ts';

/**
 * Families of which an hour that this window, or an earlier one, divides does not count as its record says any more. Parts of hours come
 * from rows: told beside wholes that stand as they were, they would tell of a correction that may be one person's.
 */
export async function changedWhereCut(
  world: TallyKeeper,
  window: TimeWindow,
  ledgers: readonly Ledger[],
  families: readonly Family[],
): Promise<ReadonlySet<Family>> {
  const ends = [window, ...ledgers.flatMap(({ related }) => related)].flatMap(({ startMs, endMs }) => [
    startMs,
    endMs,
  ]);
  const people = families.filter(isPersonFamily);
  const changed = new Set<Family>();
  for (const begin of new Set(ends.filter((ms) => ms % HOUR_MS !== 0).map((ms) => hourAt(ms).startMs))) {
    const hour = hourAt(begin);
    const { tallies } = await keepUnit(world, hour, new Coverage(), undefined, people);
    const rows = await readRows(world, hour, people);
    for (const [family, tally] of rows)
      if (tally.toText() !== tallies.get(family)?.toText()) changed.add(family);
  }
  return changed;
}
