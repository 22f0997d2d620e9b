import { SMALL_CELL } from './derivable.ts';
import type { TimeWindow } from './time-window.ts';

/** How many distinct people were told of a window. */
export interface Counted extends TimeWindow {
  readonly count: number;
}

/** Beyond so many different sums nothing is told: it could not be said what they give away. */
const MOST_SUMS = 2_000;

/**
 * Whether numbers of distinct people tell together that few were there more than once: the sum over windows that make up a
 * whole, less the number of the whole, counts those who are in several of them. True when that is 1 to 10.
 * @param told the numbers of all windows that meet, the new one among them
 */
export function tellsOfFew(told: readonly Counted[]): boolean {
  return told.some((whole) => {
    const within = told.filter((one) => one !== whole && isWithin(one, whole));
    const sums = [...tilingSums(whole, within), ...overlappingSums(whole, within)];
    return sums.length > MOST_SUMS || sums.some((sum) => isFew(sum - whole.count));
  });
}

export const isFew = (people: number): boolean => people > 0 && people <= SMALL_CELL;

const isWithin = (one: TimeWindow, whole: TimeWindow): boolean =>
  one.startMs >= whole.startMs && one.endMs <= whole.endMs && !isSame(one, whole);

const isSame = (a: TimeWindow, b: TimeWindow): boolean => a.startMs === b.startMs && a.endMs === b.endMs;

/** The sums over all sets of windows that follow each other without a gap from the begin of the whole to its end. */
function tilingSums(whole: TimeWindow, within: readonly Counted[]): readonly number[] {
  const reached = new Map<number, Set<number>>([[whole.startMs, new Set([0])]]);
  for (const tile of within.toSorted((a, b) => a.startMs - b.startMs || a.endMs - b.endMs)) {
    const before = reached.get(tile.startMs);
    if (!before) continue;
    const after = reached.get(tile.endMs) ?? new Set();
    for (const sum of before) if (after.size <= MOST_SUMS) after.add(sum + tile.count);
    reached.set(tile.endMs, after);
  }
  return [...(reached.get(whole.endMs) ?? [])];
}

/** The sums of two windows that overlap and cover the whole, also without those in what they share where that was told. */
function overlappingSums(whole: TimeWindow, within: readonly Counted[]): readonly number[] {
  const first = within.filter(({ startMs }) => startMs === whole.startMs);
  const last = within.filter(({ endMs }) => endMs === whole.endMs);
  return first.flatMap((a) =>
    last
      .filter((b) => b.startMs < a.endMs)
      .flatMap((b) => {
        const sum = a.count + b.count;
        const shared = within.filter((one) => isSame(one, { startMs: b.startMs, endMs: a.endMs }));
        return [sum, ...shared.map(({ count }) => sum - count)];
      }),
  );
}
