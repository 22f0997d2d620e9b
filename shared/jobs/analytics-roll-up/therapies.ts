import { plusDays } from '../../clinical/index.ts';
import type { Instant } from '../../lifecycle/instant.ts';
import type { FillRow, World } from '../ports.ts';
import { DaysCovered, type Treated } from './days-covered.ts';
import { type Crowd, SMALL_CELL } from './derivable.ts';
import { type Person, personOf } from './people.ts';

/** Local dates, `until` is the first one behind. */
export interface Dates {
  readonly from: string;
  readonly until: string;
}

export interface Therapies {
  readonly rows: number;
  readonly therapies: number;
  readonly people: ReadonlyMap<Person, Treated>;
  /** Who had a fill, by date. */
  readonly fillers: ReadonlyMap<string, Crowd>;
  /** Whose fills were written down, or other ones stated, after each of the watched answers. */
  readonly changed: readonly Crowd[];
}

/** An earlier answer: its dates, and when it was given. */
export interface Watched extends Dates {
  readonly at: Instant;
}

/**
 * The proportion of days covered (PDC) of every therapy with a fill in the period. One therapy is one medication of one person:
 * which medications could stand for each other is not known here. A later statement about the same date replaces it.
 *
 * Fills are read date by date and let go: of a therapy four numbers are held, however many fills it has.
 */
export async function readTherapies(
  world: Pick<World, 'events'>,
  { from, until }: Dates,
  watched: readonly Watched[] = [],
): Promise<Therapies> {
  const coverage = new DaysCovered(daysBetween(from, until));
  const fillers = new Map<string, Set<Person>>();
  const changed = watched.map(() => new Set<Person>());
  let rows = 0;
  for (let date = from, day = 0; date < until; date = plusDays(date, 1), day += 1) {
    const standing = new Map<string, FillRow>();
    for await (const row of world.events.fills(date, plusDays(date, 1))) {
      if (row.date !== date) continue;
      rows += 1;
      for (const [index, crowd] of changed.entries()) {
        const answer = watched[index];
        if (crowd.size <= SMALL_CELL && answer && isIn(date, answer) && row.recordedAt > answer.at)
          crowd.add(personOf(row.userRef));
      }
      const therapy = `${row.userRef} ${row.medicationRef}`;
      if ((standing.get(therapy)?.recordedAt ?? '') < row.recordedAt) standing.set(therapy, row);
    }
    for (const [therapy, row] of standing) {
      coverage.add(therapy, personOf(row.userRef), day, row.daysSupply);
      addFiller(fillers, row);
    }
  }
  return { rows, ...coverage.byPerson(), fillers, changed };
}

export const isIn = (date: string, { from, until }: Dates): boolean => date >= from && date < until;

const daysBetween = (from: string, until: string): number =>
  (Date.parse(until) - Date.parse(from)) / 86_400_000;

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
