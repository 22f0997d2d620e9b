import type { Person } from './people.ts';
import { EPSILON, entriesOf, firstOf, type Row, type RowEntries, type Span } from './span.ts';

/** 1 to 10 people are a small cell: policy of the Centers for Medicare & Medicaid Services (CMS), see docs/analytics.md. */
export const SMALL_CELL = 10;

/** The people behind a number; of more than `SMALL_CELL` it is enough to hold one more. */
export type Crowd = ReadonlySet<Person>;

export const isSmall = (crowd: Crowd): boolean => crowd.size >= 1 && crowd.size <= SMALL_CELL;

/** Combinations that are tried before the answer is that there might be one. */
const MOST_TRIES = 20_000;

/** What may be computed of numbers that were shown before and those that an answer would like to show. */
export class Derivable {
  readonly #columns: readonly Crowd[];
  readonly #known: Span;
  /** How many columns have more than ten people. */
  readonly #large: number;
  #knownRows: readonly RowEntries[] | undefined;

  /**
   * @param columns who stands behind each column, those with more than ten people first; none may be empty
   * @param known what was shown before
   */
  constructor(columns: readonly Crowd[], known: Span) {
    this.#columns = columns;
    this.#known = known;
    this.#large = columns.filter((crowd) => !isSmall(crowd)).length;
  }

  /**
   * A sum or difference of released numbers that tells of 1 to 10 people only, and that could not be computed from what was shown before.
   *
   * What released numbers span and what is zero in all columns with many people is spanned by a few rows of the echelon form, because
   * those columns come first. Their combinations with up to twice a row are most of what subtracting and adding numbers can reach.
   * @returns the combination by column, `unknown` when there were too many to try, `undefined` when none is small
   */
  small(released: readonly Row[]): Row | 'unknown' | undefined {
    const fresh = reducedRows(this.#known.with(released).added.filter((row) => firstOf(row) >= this.#large));
    if (fresh.length === 0) return undefined;
    this.#knownRows ??= reducedRows(this.#known.from(this.#large, this.#columns.length));
    return search(fresh, this.#knownRows, this.#columns);
  }
}

/** Reduced: no row has anything where another one begins. */
function reducedRows(rows: readonly Row[]): readonly RowEntries[] {
  const byPivot = new Map<number, RowEntries>();
  // From the last one up, so that what is subtracted is reduced itself and brings no other pivot in.
  const reduced = rows.toReversed().map((row) => {
    const { columns, values } = entriesOf(row);
    const rest = new Map(columns.map((column, index) => [column, values[index] ?? 0]));
    for (const [index, column] of columns.entries()) {
      const other = byPivot.get(column);
      const factor = values[index] ?? 0;
      for (const [at, value] of other?.columns.map((each, n) => [each, other.values[n] ?? 0] as const) ?? [])
        rest.set(at, (rest.get(at) ?? 0) - factor * value);
    }
    const left = [...rest].filter(([, value]) => Math.abs(value) > EPSILON).sort(([a], [b]) => a - b);
    const done = { columns: left.map(([column]) => column), values: left.map(([, value]) => value) };
    const [pivot] = done.columns;
    if (pivot !== undefined) byPivot.set(pivot, done);
    return done;
  });
  return reduced.reverse();
}

/**
 * Depth first over the rows, fresh ones before known ones. A column that no later row touches is settled: when the settled ones have more
 * than ten people, nothing small can come of it.
 */
function search(
  fresh: readonly RowEntries[],
  known: readonly RowEntries[],
  columns: readonly Crowd[],
): Row | 'unknown' | undefined {
  const rows = [...fresh, ...known];
  const settling = settledBy(rows);
  const sum = new Float64Array(columns.length);
  let tries = 0;
  const visit = (index: number, isNew: boolean, people: Crowd): Row | 'unknown' | undefined => {
    tries += 1;
    if (tries > MOST_TRIES) return 'unknown';
    const row = rows[index];
    if (!row) return people.size > 0 ? [...sum] : undefined;
    // From here on nothing new can come in.
    if (index === fresh.length && !isNew) return undefined;
    const before = row.columns.map((column) => sum[column] ?? 0);
    // The first one that is taken is taken as it is: a combination and its negative tell the same.
    for (const factor of isNew ? [0, 1, -1, 2, -2] : [0, 1, 2]) {
      for (const [n, column] of row.columns.entries())
        sum[column] = (before[n] ?? 0) + factor * (row.values[n] ?? 0);
      let settled = people;
      for (const column of settling[index] ?? [])
        if (Math.abs(sum[column] ?? 0) > EPSILON) settled = union(settled, columns[column] ?? new Set());
      if (settled.size > SMALL_CELL) continue;
      const found = visit(index + 1, isNew || (factor !== 0 && index < fresh.length), settled);
      if (found !== undefined) return found;
    }
    for (const [n, column] of row.columns.entries()) sum[column] = before[n] ?? 0;
    return undefined;
  };
  return visit(0, false, new Set());
}

/** By row, the columns that no later one touches. */
function settledBy(rows: readonly RowEntries[]): readonly (readonly number[])[] {
  const last = new Map<number, number>();
  for (const [index, { columns }] of rows.entries()) for (const column of columns) last.set(column, index);
  const settling: number[][] = rows.map(() => []);
  for (const [column, index] of last) settling[index]?.push(column);
  return settling;
}

/** Capped: more than `SMALL_CELL` are not told apart. */
export function union(a: Crowd, b: Crowd): Crowd {
  if (a.size > SMALL_CELL || b.size === 0) return a;
  return b.size > SMALL_CELL ? b : new Set([...a, ...b]);
}
