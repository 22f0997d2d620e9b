import { type Instant, msOf } from '../../lifecycle/instant.ts';
import type { World } from '../ports.ts';
import type { Coverage } from './coverage.ts';
import type { Family } from './metrics-types.ts';
import { readRows, type Tallies } from './read-rows.ts';
import { readTallies, recordId, type StoredTally } from './stored-tallies.ts';
import { Tally } from './tally.ts';
import { DAY_MS, type TimeWindow } from './time-window.ts';
import { childrenOf, type PartOfHour, type Unit, unitsOf } from './units.ts';

/** Hours that are read at the same time, with four queries each: hides the latency of an empty month's 744 hours. */
const HOURS_AT_ONCE = 2;
/** Units whose records are read together. */
const UNITS_AT_ONCE = 8;
/** Rows are kept for 396 days; what is nearly as old is not counted anew, because some of it may be gone. */
const ROWS_KEPT_DAYS = 390;

export type TallyReader = Pick<World, 'records' | 'outcomes' | 'events' | 'now'>;

/** Begins of hours that are counted anew although their record is final. */
export type Again = ReadonlySet<Instant>;

export const touches = ({ startMs, endMs }: TimeWindow, again: Again): boolean =>
  [...again].some((hour) => msOf(hour) >= startMs && msOf(hour) < endMs);

/** Whether the rows of that stretch may be gone already. */
export const isExpired = (world: Pick<World, 'now'>, { startMs }: TimeWindow): boolean =>
  startMs < msOf(world.now()) - ROWS_KEPT_DAYS * DAY_MS;

/**
 * The numbers of a window: stored ones of the largest units that fit into it, as far as they are final, and rows for the rest.
 * One unit after the other is merged and let go, so memory depends on people and kinds, not on the length of the window.
 */
export async function compose(
  world: TallyReader,
  window: TimeWindow,
  families: readonly Family[],
  coverage: Coverage,
  again: Again = new Set(),
): Promise<Tallies> {
  const totals = new Map(families.map((family) => [family, new Tally()]));
  const add = (tallies: Tallies) => {
    for (const [family, tally] of tallies) totals.get(family)?.merge(tally);
  };
  await addUnits({ world, coverage, again, add }, unitsOf(window), families);
  return totals;
}

interface Adding {
  readonly world: TallyReader;
  readonly coverage: Coverage;
  readonly again: Again;
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
    const fromRows: { window: TimeWindow; families: readonly Family[] }[] = [];
    for (const unit of batch) {
      const missing = isUnit(unit) ? addStored(adding, unit, families, stored) : families;
      if (missing.length === 0) continue;
      if (isUnit(unit) && unit.grain !== 'hour') await addUnits(adding, childrenOf(unit), missing);
      else fromRows.push({ window: unit, families: missing });
    }
    await addRows(adding, fromRows);
  }
}

const isUnit = (unit: Unit | PartOfHour): unit is Unit => unit.grain !== 'part';

/** Adds what is stored and final of a unit. @returns the families that have to be found otherwise */
function addStored(
  { coverage, again, add }: Adding,
  unit: Unit,
  families: readonly Family[],
  stored: ReadonlyMap<string, StoredTally>,
): readonly Family[] {
  if (touches(unit, again)) return families;
  const used = families.flatMap((family) => {
    const found = stored.get(recordId(unit, family));
    return found?.tally && found.isFinal ? [{ ...found, tally: found.tally }] : [];
  });
  for (const { family, tally } of used) add(new Map([[family, tally]]));
  const missing = families.filter((family) => !used.some((found) => found.family === family));
  coverage.fromRecords(unit, used, missing.length === 0);
  return missing;
}

async function addRows(
  { world, coverage, add }: Adding,
  wanted: readonly { window: TimeWindow; families: readonly Family[] }[],
): Promise<void> {
  await inLanes(wanted, async ({ window, families }) => {
    if (isExpired(world, window)) {
      coverage.expired(window);
      return;
    }
    const tallies = await readRows(world, window, families);
    coverage.fromRows(window, tallies);
    add(tallies);
  });
}

/** Works on a few entries at a time, each when a lane is free. */
export async function inLanes<T>(
  entries: readonly T[],
  work: (entry: T) => Promise<void>,
  lanes: number = HOURS_AT_ONCE,
): Promise<void> {
  const left = entries.values();
  const lane = async (): Promise<void> => {
    for (const entry of left) await work(entry);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
