import { type Instant, instantOf, msOf } from '../../lifecycle/instant.ts';
import { LATE_AFTER_HOURS, type World } from '../ports.ts';
import { inLanes, isExpired, type TallyReader } from './compose.ts';
import type { Coverage } from './coverage.ts';
import { FAMILIES, type Family } from './metrics-types.ts';
import { readRows, type Tallies } from './read-rows.ts';
import { keepTallies, readTallies, recordId, type StoredTally } from './stored-tallies.ts';
import { Tally } from './tally.ts';
import { DAY_MS, HOUR_MS } from './time-window.ts';
import { childrenOf, dayAt, hourAt, monthAt, type Unit } from './units.ts';

export type TallyKeeper = TallyReader & Pick<World, 'recordIntent'>;

export interface Kept {
  readonly tallies: Tallies;
  readonly isFinal: boolean;
  readonly revisions: ReadonlyMap<Family, number>;
}

/** Begins of hours that are counted anew although their record is final. */
type Again = ReadonlySet<Instant>;

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

const touches = ({ startMs, endMs }: Unit, again: Again): boolean =>
  [...again].some((hour) => msOf(hour) >= startMs && msOf(hour) < endMs);

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

/** Days before the rolled-up one whose hours become final only now. */
const DAYS_BACK = 2;

/** Hours of which data came late on a day or the one before, when its own roll-up may have failed. */
export async function lateHours(
  world: Pick<World, 'events' | 'now'>,
  day: Unit,
): Promise<ReadonlySet<Instant>> {
  const dates = [day.startMs - DAY_MS, day.startMs].map((ms) => instantOf(ms).slice(0, 10));
  const marked = await Promise.all(dates.map((date) => world.events.lateHours(date)));
  return new Set(marked.flat().filter((hour) => !isExpired(world, hourAt(msOf(hour)))));
}

/**
 * What the roll-up of a day looks at beside its own hours: days before whose hours were not final, and those to which data came
 * late. Their months follow, as far as they are stored.
 */
export async function catchUp(
  world: TallyKeeper,
  day: Unit,
  late: ReadonlySet<Instant>,
  coverage: Coverage,
): Promise<void> {
  const recent = Array.from({ length: DAYS_BACK }, (_, index) => day.startMs - (index + 1) * DAY_MS);
  const begins = new Set([...recent, ...[...late].map((hour) => dayAt(msOf(hour)).startMs)]);
  for (const begin of [...begins].sort((a, b) => a - b))
    if (begin !== day.startMs) await keepUnit(world, dayAt(begin), coverage, late);
  const months = new Set([...late].map((hour) => monthAt(msOf(hour)).startMs));
  for (const begin of months) {
    // One that is not stored is left to whoever asks for it.
    const stored = await readTallies(world, [monthAt(begin)]);
    if (stored.size > 0) await keepUnit(world, monthAt(begin), coverage, late);
  }
}
