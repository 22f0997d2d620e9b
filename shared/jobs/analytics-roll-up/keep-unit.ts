import { type Instant, msOf } from '../../lifecycle/instant.ts';
import type { World } from '../ports.ts';
import { mayTellCorrection } from './correction.ts';
import type { Coverage } from './coverage.ts';
import { inLanes } from './lanes.ts';
import { FAMILIES, type Family, isPersonFamily } from './metrics-types.ts';
import { readRows, type Tallies } from './read-rows.ts';
import { isExpired, isSettled } from './settled.ts';
import { keepTallies, type NewTally, readTallies, recordId, type StoredTally } from './stored-tallies.ts';
import { Tally } from './tally.ts';
import type { TimeWindow } from './time-window.ts';
import { childrenOf, type Unit } from './units.ts';

export type TallyKeeper = Pick<World, 'records' | 'outcomes' | 'events' | 'now' | 'recordIntent'>;

/** Begins of hours that are counted anew although their record is final. */
export type Again = ReadonlySet<Instant>;

export interface Kept {
  readonly tallies: Tallies;
  readonly isFinal: boolean;
  readonly revisions: ReadonlyMap<Family, number>;
}

/**
 * Makes the stored numbers of a unit true, from the smallest units up: hours that are not final are counted from their rows,
 * days are the sum of their hours, months that of their days. What is final is only read. A final hour that is counted anew takes on
 * numbers of people only when the difference tells of more than ten, and once; until then the old ones stand, for all units alike.
 */
export async function keepUnit(
  world: TallyKeeper,
  unit: Unit,
  coverage: Coverage,
  again: Again = new Set(),
  families: readonly Family[] = FAMILIES,
): Promise<Kept> {
  const stored = await readTallies(world, [unit], families);
  const standing = families.flatMap((family) => stored.get(recordId(unit, family)) ?? []);
  const whole = standing.filter((found) => found.tally !== undefined && found.isFinal);
  const isDone = whole.length === families.length && !touches(unit, again);
  // Of rows that are gone nothing is counted anew; what stands is the best that there is.
  if (isDone || (unit.grain === 'hour' && isExpired(world, unit)))
    return asItStands(unit, standing, isDone, coverage);
  const { tallies, isFinal } =
    unit.grain === 'hour'
      ? await hourFromRows(world, unit, coverage, families)
      : await sumOfChildren(world, unit, coverage, again, families);
  const made = [...tallies].map(([family, tally]) =>
    unit.grain === 'hour'
      ? corrected(family, tally, stored.get(recordId(unit, family)))
      : { family, tally, isCorrected: false },
  );
  return {
    tallies: new Map(made.map(({ family, tally }) => [family, tally])),
    isFinal,
    revisions: await keepTallies(world, unit, made, stored, isFinal),
  };
}

const touches = ({ startMs, endMs }: TimeWindow, again: Again): boolean =>
  [...again].some((hour) => msOf(hour) >= startMs && msOf(hour) < endMs);

/** What an hour's record takes on of numbers that were counted just now. */
function corrected(family: Family, tally: Tally, before: StoredTally | undefined): NewTally {
  if (!before?.isFinal || !isPersonFamily(family)) return { family, tally, isCorrected: false };
  const { tally: old, isCorrected } = before;
  // Its parts do not fit together: an attempt died while it wrote just this correction.
  if (!old) return { family, tally, isCorrected: true };
  return !isCorrected && mayTellCorrection(old, tally)
    ? { family, tally, isCorrected: true }
    : { family, tally: old, isCorrected };
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

async function hourFromRows(world: TallyKeeper, unit: Unit, coverage: Coverage, families: readonly Family[]) {
  // Before the rows: what is final was read when nothing could come any more without a mark.
  const isFinal = isSettled(world, unit);
  const tallies = await readRows(world, unit, families);
  coverage.fromRows(unit, tallies);
  return { tallies, isFinal };
}

async function sumOfChildren(
  world: TallyKeeper,
  unit: Unit,
  coverage: Coverage,
  again: Again,
  families: readonly Family[],
) {
  const totals = new Map(families.map((family) => [family, new Tally()]));
  let isFinal = true;
  const keep = async (child: Unit): Promise<void> => {
    const kept = await keepUnit(world, child, coverage, again, families);
    for (const [family, tally] of kept.tallies) totals.get(family)?.merge(tally);
    isFinal &&= kept.isFinal;
  };
  // Hours have little each; days have lanes of their own.
  await inLanes(childrenOf(unit), keep, unit.grain === 'day' ? undefined : 1);
  return { tallies: totals, isFinal };
}
