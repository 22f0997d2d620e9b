import type { Person } from './people.ts';

/** 1 to 10 people are a small cell: policy of the Centers for Medicare & Medicaid Services (CMS), see docs/analytics.md. */
export const SMALL_CELL = 10;

/** The people behind a number; of more than `SMALL_CELL` it is enough to hold one more. */
export type Crowd = ReadonlySet<Person>;

/** A released number as a sum over columns: 1 where a column is part of it. */
export type Row = readonly number[];

export const isSmall = (crowd: Crowd): boolean => crowd.size >= 1 && crowd.size <= SMALL_CELL;

/** Combinations that are tried before the answer is that there might be one. */
const MOST_TRIES = 20_000;
const EPSILON = 1e-9;

/**
 * A sum or difference of released numbers that tells of 1 to 10 people only, and that could not be computed from `known` alone.
 *
 * Released numbers span a space over the columns; what of it is zero in all columns with many people is spanned by a few rows of
 * the reduced echelon form. Their combinations with -1, 0 and 1 are what subtracting and adding numbers can reach.
 * @param columns who stands behind each column; none may be empty
 * @returns the combination by column, `unknown` when there were too many to try, `undefined` when none is small
 */
export function smallDerivable(
  columns: readonly Crowd[],
  known: readonly Row[],
  released: readonly Row[],
): Row | 'unknown' | undefined {
  const order = columns
    .map((_, column) => column)
    .sort((a, b) => Number(isSmall(at(columns, a))) - Number(isSmall(at(columns, b))));
  const large = columns.filter((crowd) => !isSmall(crowd)).length;
  const permuted = (row: Row): number[] => order.map((column) => row[column] ?? 0);
  const crowds = order.map((column) => at(columns, column));
  const rows = echelon([...known, ...released].map(permuted));
  const basis = rows.filter((row) => pivotOf(row) >= large);
  if (basis.length === 0) return undefined;
  const before = echelon(known.map(permuted));
  const found = search(basis, crowds, (row) => !isZero(reduced(row, before)));
  if (found === undefined || found === 'unknown') return found;
  const original = columns.map(() => 0);
  for (const [index, column] of order.entries()) original[column] = found[index] ?? 0;
  return original;
}

/** Whether a combination can be computed from these numbers. */
export const isDerivable = (combination: Row, from: readonly Row[]): boolean =>
  isZero(reduced(combination, echelon(from)));

/** Depth first: a choice whose pivots alone have more people than a small cell is not followed. */
function search(
  basis: readonly Row[],
  crowds: readonly Crowd[],
  isNew: (row: Row) => boolean,
): Row | 'unknown' | undefined {
  let tries = 0;
  const visit = (index: number, sum: Row, people: Crowd): Row | 'unknown' | undefined => {
    tries += 1;
    if (tries > MOST_TRIES) return 'unknown';
    const next = basis[index];
    if (!next) return isTelling(sum, crowds) && isNew(sum) ? sum : undefined;
    const joined = union(people, at(crowds, pivotOf(next)));
    const without = visit(index + 1, sum, people);
    if (without !== undefined || joined.size > SMALL_CELL) return without;
    // The first one that is taken is taken as it is: a combination and its negative tell the same.
    const signs = isZero(sum) ? [1] : [1, -1];
    for (const sign of signs) {
      const found = visit(
        index + 1,
        sum.map((value, column) => value + sign * (next[column] ?? 0)),
        joined,
      );
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return visit(
    0,
    crowds.map(() => 0),
    new Set(),
  );
}

function isTelling(sum: Row, crowds: readonly Crowd[]): boolean {
  let people: Crowd = new Set();
  for (const [column, value] of sum.entries()) {
    if (Math.abs(value) > EPSILON) people = union(people, at(crowds, column));
    if (people.size > SMALL_CELL) return false;
  }
  return people.size > 0;
}

/** Reduced row echelon form, without rows of zeros. */
function echelon(rows: readonly Row[]): Row[] {
  const done: Row[] = [];
  for (const row of rows) {
    const rest = reduced(row, done);
    const pivot = pivotOf(rest);
    if (pivot < 0) continue;
    const lead = rest[pivot] ?? 1;
    const unit = rest.map((value) => value / lead);
    for (const [index, earlier] of done.entries()) done[index] = minus(earlier, unit, earlier[pivot] ?? 0);
    done.push(unit);
  }
  return done;
}

function reduced(row: Row, rows: readonly Row[]): Row {
  let rest = row;
  for (const other of rows) rest = minus(rest, other, rest[pivotOf(other)] ?? 0);
  return rest;
}

const minus = (row: Row, other: Row, factor: number): Row =>
  Math.abs(factor) < EPSILON ? row : row.map((value, column) => value - factor * (other[column] ?? 0));

const pivotOf = (row: Row): number => row.findIndex((value) => Math.abs(value) > EPSILON);

const isZero = (row: Row): boolean => pivotOf(row) < 0;

const at = (crowds: readonly Crowd[], index: number): Crowd => crowds[index] ?? new Set();

/** Capped: more than `SMALL_CELL` are not told apart. */
export function union(a: Crowd, b: Crowd): Crowd {
  if (a.size > SMALL_CELL || b.size === 0) return a;
  return b.size > SMALL_CELL ? b : new Set([...a, ...b]);
}
