import { adherence } from '../../clinical/index.ts';
import type { FillRow, World } from '../ports.ts';
import { type Crowd, SMALL_CELL } from './derivable.ts';
import { type Person, personOf } from './people.ts';

/** Local dates, `until` is the first one behind. */
export interface Dates {
  readonly from: string;
  readonly until: string;
}

/** One person's therapies in a measurement period. */
interface Treated {
  /** Proportions of days covered of those that count in the population. */
  readonly covered: readonly number[];
}

export interface Therapies {
  readonly rows: number;
  readonly therapies: number;
  readonly people: ReadonlyMap<Person, Treated>;
  /** Who had a fill, by date. */
  readonly fillers: ReadonlyMap<string, Crowd>;
}

type DatedFill = { readonly date: string; readonly days_supply: number; readonly recordedAt: string };

/**
 * The proportion of days covered (PDC) of every therapy with a fill in the period. One therapy is one medication of one person:
 * which medications could stand for each other is not known here. A later statement about the same date replaces it.
 */
export async function readTherapies(
  world: Pick<World, 'events'>,
  { from, until }: Dates,
  lastDate: string,
): Promise<Therapies> {
  const fills = new Map<string, DatedFill[]>();
  const fillers = new Map<string, Set<Person>>();
  let rows = 0;
  for await (const row of world.events.fills(from, until)) {
    if (row.date < from || row.date >= until) continue;
    rows += 1;
    addFill(fills, row);
    addFiller(fillers, row);
  }
  const people = new Map<Person, Treated>();
  let therapies = 0;
  for (const [key, ofTherapy] of fills) {
    const [userRef, ingredient = ''] = key.split(' ');
    const answer = adherence({
      fills: ofTherapy.map(({ date, days_supply }) => ({ ingredient, date, days_supply })),
      measurement_period: [from, lastDate],
    });
    const person = personOf(userRef);
    const before = people.get(person)?.covered ?? [];
    const counts = answer.in_population && answer.pdc !== null;
    if (counts) therapies += 1;
    people.set(person, {
      covered: counts ? [...before, answer.covered_days / answer.treatment_days] : before,
    });
    // What is computed is let go.
    fills.delete(key);
  }
  return { rows, therapies, people, fillers };
}

function addFill(fills: Map<string, DatedFill[]>, row: FillRow): void {
  const key = `${row.userRef} ${row.medicationRef}`;
  const known = fills.get(key) ?? [];
  const fill = { date: row.date, days_supply: row.daysSupply, recordedAt: row.recordedAt };
  const standing = known.findIndex(({ date }) => date === row.date);
  if (standing < 0) known.push(fill);
  else if ((known[standing]?.recordedAt ?? '') < row.recordedAt) known[standing] = fill;
  fills.set(key, known);
}

/** Who had a fill on the dates, by date. */
export async function readFillers(
  world: Pick<World, 'events'>,
  { from, until }: Dates,
): Promise<ReadonlyMap<string, Crowd>> {
  const fillers = new Map<string, Set<Person>>();
  if (from < until) for await (const row of world.events.fills(from, until)) addFiller(fillers, row);
  return fillers;
}

function addFiller(fillers: Map<string, Set<Person>>, { date, userRef }: FillRow): void {
  const crowd = fillers.get(date) ?? new Set();
  fillers.set(date, crowd);
  if (crowd.size <= SMALL_CELL) crowd.add(personOf(userRef));
}
