import type { Coverage } from './coverage.ts';
import { keepUnit, type TallyKeeper } from './keep-unit.ts';
import { inLanes } from './lanes.ts';
import { type Family, isPersonFamily } from './metrics-types.ts';
import { readRows, type Tallies } from './read-rows.ts';
import { isExpired, isSettled } from './settled.ts';
import { readTallies, recordId, type StoredTally } from './stored-tallies.ts';
import { Tally } from './tally.ts';
import type { TimeWindow } from './time-window.ts';
import { childrenOf, type PartOfHour, type Unit, unitsOf } from './units.ts';

/** Units whose records are read together. */
const UNITS_AT_ONCE = 8;
/**
 * The numbers of a window: stored ones of the largest units that fit into it, as far as they are final, and rows for the rest.
 * One unit after the other is merged and let go, so memory depends on people and kinds, not on the length of the window. A settled
 * hour of which numbers of people are told gets its record first: from then on it stands for everybody who asks.
 */
export async function compose(
  world: TallyKeeper,
  window: TimeWindow,
  families: readonly Family[],
  coverage: Coverage,
): Promise<Tallies> {
  const totals = new Map(families.map((family) => [family, new Tally()]));
  const add = (tallies: Tallies) => {
    for (const [family, tally] of tallies) totals.get(family)?.merge(tally);
  };
  await addUnits({ world, coverage, add }, unitsOf(window), families);
  return totals;
}

interface Adding {
  readonly world: TallyKeeper;
  readonly coverage: Coverage;
  readonly add: (tallies: Tallies) => void;
}

async function addUnits(
  adding: Adding,
  units: readonly (Unit | PartOfHour)[],
  families: readonly Family[],
): Promise<void> {
  for (let at = 0; at < units.length; at += UNITS_AT_ONCE) {
    const batch = units.slice(at, at + UNITS_AT_ONCE);
    const stored = await readTallies(adding.world, batch.filter(isUnit), families);
    const fromRows: Wanted[] = [];
    for (const unit of batch) {
      const missing = isUnit(unit) ? addStored(adding, unit, families, stored) : families;
      if (missing.length === 0) continue;
      if (isUnit(unit) && unit.grain !== 'hour') await addUnits(adding, childrenOf(unit), missing);
      else fromRows.push({ unit, families: missing });
    }
    await addRows(adding, fromRows);
  }
}

const isUnit = (unit: Unit | PartOfHour): unit is Unit => unit.grain !== 'part';

/** Adds what is stored and final of a unit. @returns the families that have to be found otherwise */
function addStored(
  { coverage, add }: Adding,
  unit: Unit,
  families: readonly Family[],
  stored: ReadonlyMap<string, StoredTally>,
): readonly Family[] {
  const used = families.flatMap((family) => {
    const found = stored.get(recordId(unit, family));
    return found?.tally && found.isFinal ? [{ ...found, tally: found.tally }] : [];
  });
  for (const { family, tally } of used) add(new Map([[family, tally]]));
  const missing = families.filter((family) => !used.some((found) => found.family === family));
  coverage.fromRecords(unit, used, missing.length === 0);
  return missing;
}

interface Wanted {
  readonly unit: Unit | PartOfHour;
  readonly families: readonly Family[];
}

async function addRows({ world, coverage, add }: Adding, wanted: readonly Wanted[]): Promise<void> {
  await inLanes(wanted, async ({ unit, families }) => {
    if (isExpired(world, unit)) {
      coverage.expired(unit);
      return;
    }
    if (isUnit(unit) && families.some(isPersonFamily) && isSettled(world, unit)) {
      add((await keepUnit(world, unit, coverage, undefined, families)).tallies);
      return;
    }
    const tallies = await readRows(world, unit, families);
    coverage.fromRows(unit, tallies);
    add(tallies);
  });
}
