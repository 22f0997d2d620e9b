/** A released number as a sum over columns: 1 where a column is part of it. */
export type Row = readonly number[];

/** The columns of a row that are not zero, ascending. */
type Sparse = readonly (readonly [column: number, value: number])[];

export const EPSILON = 1e-9;

/**
 * All sums and differences of some rows, in echelon form: each held row begins with a 1 in a column of its own. Rows are sparse, because
 * an answer's number touches few columns when there are many.
 */
export class Span {
  readonly #byPivot: Map<number, Sparse>;

  private constructor(byPivot: Map<number, Sparse>) {
    this.#byPivot = byPivot;
  }

  static readonly empty = new Span(new Map());

  /** This span and what the rows add to it. @returns also the rows in echelon form that are new in it, in order of their pivots */
  with(rows: readonly Row[]): { readonly span: Span; readonly added: readonly Row[] } {
    const span = new Span(new Map(this.#byPivot));
    const width = rows[0]?.length ?? 0;
    const pivots = rows.flatMap((row) => span.#add(row));
    const added = pivots.sort((a, b) => a - b).map((pivot) => dense(span.#byPivot.get(pivot) ?? [], width));
    return { span, added };
  }

  /** What is left of a row when everything that the span holds is taken from it; zero when it is in the span. */
  rest(row: Row): Row {
    const rest = [...row];
    for (let column = 0; column < rest.length; column += 1) {
      const value = rest[column] ?? 0;
      if (Math.abs(value) < EPSILON) continue;
      for (const [at, factor] of this.#byPivot.get(column) ?? []) rest[at] = (rest[at] ?? 0) - value * factor;
    }
    return rest;
  }

  has(row: Row): boolean {
    return isZero(this.rest(row));
  }

  /** The held rows that begin at `column` or later: they span what the span holds that is zero before it. */
  from(column: number, width: number): readonly Row[] {
    return [...this.#byPivot]
      .filter(([pivot]) => pivot >= column)
      .sort(([a], [b]) => a - b)
      .map(([, row]) => dense(row, width));
  }

  #add(row: Row): number[] {
    const rest = this.rest(row);
    const pivot = firstOf(rest);
    if (pivot < 0) return [];
    const lead = rest[pivot] ?? 1;
    const sparse = rest.flatMap((value, column) =>
      Math.abs(value) > EPSILON ? [[column, value / lead] as const] : [],
    );
    this.#byPivot.set(pivot, sparse);
    return [pivot];
  }
}

function dense(row: Sparse, width: number): Row {
  const values = Array.from({ length: width }, () => 0);
  for (const [column, value] of row) values[column] = value;
  return values;
}

/** The first column that is not zero; -1 when all are. */
export const firstOf = (row: Row): number => row.findIndex((value) => Math.abs(value) > EPSILON);

export const isZero = (row: Row): boolean => firstOf(row) < 0;

/** What of a row is not zero: columns, ascending, and the value in each. Most rows touch few of very many columns. */
export interface RowEntries {
  readonly columns: readonly number[];
  readonly values: readonly number[];
}

export function entriesOf(row: Row): RowEntries {
  const columns: number[] = [];
  for (let column = 0; column < row.length; column += 1)
    if (Math.abs(row[column] ?? 0) > EPSILON) columns.push(column);
  return { columns, values: columns.map((column) => row[column] ?? 0) };
}
