/** Sums that somebody was told, over quantities that are no less than zero: one row of factors each, and its value. */
export interface ToldSums {
  readonly rows: readonly (readonly number[])[];
  readonly values: readonly number[];
}

const EPSILON = 1e-7;

/**
 * Everything that follows from told sums for another one, by linear programming: no value outside of `[low, high]` is possible, and
 * what the sums leave open lies between. The told sums must have a solution.
 */
export function intervalOf(told: ToldSums, wanted: readonly number[]): { low: number; high: number } {
  const most = maximum(told, wanted);
  const least = maximum(
    told,
    wanted.map((factor) => -factor),
  );
  return { low: least === 0 ? 0 : -least, high: most };
}

/** The simplex method in two phases, with the rule of Bland, which never goes in circles. */
function maximum({ rows, values }: ToldSums, goal: readonly number[]): number {
  const [height, width] = [rows.length, goal.length];
  // Columns: the quantities, one artificial for each row, the value.
  const table = rows.map((row, index) => [
    ...row,
    ...rows.map((_, other) => (other === index ? 1 : 0)),
    values[index] ?? 0,
  ]);
  const basis = rows.map((_, index) => width + index);
  const last = width + height;
  const at = (row: number, column: number): number => table[row]?.[column] ?? 0;
  const pivot = (row: number, column: number): void => {
    const lead = at(row, column);
    const own = (table[row] ?? []).map((value) => value / lead);
    table[row] = own;
    for (let other = 0; other < height; other += 1) {
      const factor = at(other, column);
      if (other === row || factor === 0) continue;
      table[other] = (table[other] ?? []).map((value, index) => {
        const next = value - factor * (own[index] ?? 0);
        return Math.abs(next) < EPSILON / 100 ? 0 : next;
      });
    }
    basis[row] = column;
  };
  const climb = (costs: readonly number[], columns: number): number => {
    for (;;) {
      let entering = -1;
      for (let column = 0; column < columns && entering < 0; column += 1) {
        const gain =
          (costs[column] ?? 0) -
          basis.reduce((sum, own, row) => sum + (costs[own] ?? 0) * at(row, column), 0);
        if (gain > EPSILON) entering = column;
      }
      if (entering < 0) return basis.reduce((sum, own, row) => sum + (costs[own] ?? 0) * at(row, last), 0);
      let [leaving, best] = [-1, Number.POSITIVE_INFINITY];
      for (let row = 0; row < height; row += 1) {
        if (at(row, entering) <= EPSILON) continue;
        const ratio = at(row, last) / at(row, entering);
        const isBetter = ratio < best - EPSILON;
        const isFirst =
          ratio < best + EPSILON && (basis[row] ?? 0) < (basis[leaving] ?? Number.POSITIVE_INFINITY);
        if (isBetter || isFirst) [leaving, best] = [row, Math.min(ratio, best)];
      }
      if (leaving < 0) return Number.POSITIVE_INFINITY;
      pivot(leaving, entering);
    }
  };
  const artificial = Array.from({ length: last }, (_, column) => (column < width ? 0 : -1));
  if (climb(artificial, last) < -1e-4) throw new Error('The told sums contradict each other.');
  for (let row = 0; row < height; row += 1) {
    if ((basis[row] ?? 0) < width) continue;
    const column = Array.from({ length: width }, (_, index) => index).find(
      (index) => Math.abs(at(row, index)) > EPSILON,
    );
    // Without one the row says what others say already.
    if (column !== undefined) pivot(row, column);
  }
  return climb([...goal, ...rows.map(() => 0)], width);
}
