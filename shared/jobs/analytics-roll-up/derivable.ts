import type { Person } from './people.ts';
import { EPSILON, firstOf, plus, type Row, type Span } from './span.ts';

/** 1 to 10 people are a small cell: policy of the Centers for Medicare & Medicaid Services (CMS), see docs/analytics.md. */
export const SMALL_CELL = 10;

/** The people behind a number; of more than `SMALL_CELL` it is enough to hold one more. */
export type Crowd = ReadonlySet<Person>;

export const isSmall = (crowd: Crowd): boolean => crowd.size >= 1 && crowd.size <= SMALL_CELL;

/** Combinations that are tried before the answer is that there might be one. */
const MOST_TRIES = 20_000;

/**
 * A sum or difference of released numbers that tells of 1 to 10 people only, and that could not be computed from `known` alone.
 *
 * What released numbers span and what is zero in all columns with many people is spanned by a few rows of the echelon form, because
 * those columns come first. Their combinations with up to twice a row are most of what subtracting and adding numbers can reach.
 * @param columns who stands behind each column, those with more than ten people first; none may be empty
 * @returns the combination by column, `unknown` when there were too many to try, `undefined` when none is small
 */
export function smallDerivable(
  columns: readonly Crowd[],
  known: Span,
  released: readonly Row[],
): Row | 'unknown' | undefined {
  const large = columns.filter((crowd) => !isSmall(crowd)).length;
  const fresh = reducedRows(known.with(released).added.filter((row) => firstOf(row) >= large));
  if (fresh.length === 0) return undefined;
  return search(fresh, reducedRows(known.from(large, columns.length)), columns);
}

/** Reduced: no row has anything where another one begins. */
function reducedRows(rows: readonly Row[]): readonly Row[] {
  const done: Row[] = [];
  for (const row of rows.toReversed())
    done.push(done.reduce((rest, other) => plus(rest, other, -(rest[firstOf(other)] ?? 0)), row));
  return done.reverse();
}

/**
 * Depth first over the rows, fresh ones before known ones. A column that no later row touches is settled: when the settled ones have more
 * than ten people, nothing small can come of it.
 */
function search(
  fresh: readonly Row[],
  known: readonly Row[],
  columns: readonly Crowd[],
): Row | 'unknown' | undefined {
  const rows = [...fresh, ...known];
  const settledAfter = columns.map((_, column) =>
    rows.findLastIndex((row) => Math.abs(row[column] ?? 0) > EPSILON),
  );
  const settling = rows.map((_, index) =>
    columns.map((_, column) => column).filter((column) => settledAfter[column] === index),
  );
  let tries = 0;
  const visit = (index: number, sum: Row, isNew: boolean, people: Crowd): Row | 'unknown' | undefined => {
    tries += 1;
    if (tries > MOST_TRIES) return 'unknown';
    const row = rows[index];
    if (!row) return people.size > 0 ? sum : undefined;
    // From here on nothing new can come in.
    if (index === fresh.length && !isNew) return undefined;
    // The first one that is taken is taken as it is: a combination and its negative tell the same.
    for (const factor of isNew ? [0, 1, -1, 2, -2] : [0, 1, 2]) {
      const next = plus(sum, row, factor);
      const settled = (settling[index] ?? []).reduce<Crowd>(
        (crowd, column) =>
          Math.abs(next[column] ?? 0) > EPSILON ? union(crowd, columns[column] ?? new Set()) : crowd,
        people,
      );
      if (settled.size > SMALL_CELL) continue;
      const found = visit(index + 1, next, isNew || (factor !== 0 && index < fresh.length), settled);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const none = columns.map(() => 0);
  return visit(0, none, false, new Set());
}

/** Capped: more than `SMALL_CELL` are not told apart. */
export function union(a: Crowd, b: Crowd): Crowd {
  if (a.size > SMALL_CELL || b.size === 0) return a;
  return b.size > SMALL_CELL ? b : new Set([...a, ...b]);
}
