import { msOf } from '../../lifecycle/instant.ts';
import { LATE_AFTER_HOURS, type World } from '../ports.ts';
import { type Again, inLanes, isExpired, type TallyReader, touches } from './compose.ts';
import type { Coverage } from './coverage.ts';
import { FAMILIES, type Family } from './metrics-types.ts';
import { readRows, type Tallies } from './read-rows.ts';
import { keepTallies, readTallies, recordId, type StoredTally } from './stored-tallies.ts';
import { Tally } from './tally.ts';
import { HOUR_MS } from './time-window.ts';
import { childrenOf, type Unit } from './units.ts';

export type TallyKeeper = TallyReader & Pick<World, 'recordIntent'>;

export interface Kept {
  readonly tallies: Tallies;
  readonly isFinal: boolean;
  readonly revisions: ReadonlyMap<Family, number>;
}

/**
 * Makes the stored numbers of a unit true, from the smallest units up: hours that are not final are counted from their rows,
 * days are the sum of their hours, months that of their days. What is final is only read.
 */
export async function keepUnit(
  world: TallyKeeper,
  unit: Unit,
  coverage: Coverage,
  again: Again = new Set(),
): Promise<Kept> {
  const stored = await readTallies(world, [unit]);
  const standing = FAMILIES.flatMap((family) => stored.get(recordId(unit, family)) ?? []);
  const whole = standing.filter((found) => found.tally !== undefined && found.isFinal);
  const isDone = whole.length === FAMILIES.length && !touches(unit, again);
  // Of rows that are gone nothing is counted anew; what stands is the best that there is.
  if (isDone || (unit.grain === 'hour' && isExpired(world, unit)))
    return asItStands(unit, standing, isDone, coverage);
  const { tallies, isFinal } =
    unit.grain === 'hour'
      ? await hourFromRows(world, unit, coverage)
      : await sumOfChildren(world, unit, coverage, again);
  const made = [...tallies].map(([family, tally]) => ({ family, tally }));
  return { tallies, isFinal, revisions: await keepTallies(world, unit, made, stored, isFinal) };
}

function asItStands(unit: Unit, standing: readonly StoredTally[], isDone: boolean, coverage: Coverage): Kept {
  if (isDone) coverage.fromRecords(unit, standing, true);
  else coverage.expired(unit);
  return {
    tallies: new Map(standing.map(({ family, tally = new Tally() }) => [family, tally])),
    isFinal: true,
    revisions: new Map(standing.map(({ family, record }) => [family, record.state.revision])),
  };
}

async function hourFromRows(world: TallyKeeper, unit: Unit, coverage: Coverage) {
  const tallies = await readRows(world, unit, FAMILIES);
  coverage.fromRows(unit, tallies);
  return { tallies, isFinal: msOf(world.now()) > unit.endMs + LATE_AFTER_HOURS * HOUR_MS };
}

async function sumOfChildren(world: TallyKeeper, unit: Unit, coverage: Coverage, again: Again) {
  const totals = new Map(FAMILIES.map((family) => [family, new Tally()]));
  let isFinal = true;
  const keep = async (child: Unit): Promise<void> => {
    const kept = await keepUnit(world, child, coverage, again);
    for (const [family, tally] of kept.tallies) totals.get(family)?.merge(tally);
    isFinal &&= kept.isFinal;
  };
  // Hours have little each; days have lanes of their own.
  await inLanes(childrenOf(unit), keep, unit.grain === 'day' ? undefined : 1);
  return { tallies: totals, isFinal };
}
