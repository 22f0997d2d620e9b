import { compose } from './compose.ts';
import { Coverage } from './coverage.ts';
import { type Crowd, SMALL_CELL, union } from './derivable.ts';
import type { TallyKeeper } from './keep-unit.ts';
import { type Family, isPersonFamily, type PersonFamily } from './metrics-types.ts';
import type { Tallies } from './read-rows.ts';
import { isSameWindow, type Ledger, overlaps } from './releases.ts';
import { Tally } from './tally.ts';
import type { TimeWindow } from './time-window.ts';

/** A stretch of time that every answer in question holds wholly or not at all, and who stands behind its numbers. */
export interface Piece extends TimeWindow {
  readonly crowds: ReadonlyMap<PersonFamily, ReadonlyMap<string, Crowd>>;
}

export interface InPieces {
  readonly tallies: Tallies;
  readonly pieces: readonly Piece[];
}

/**
 * The numbers of a window, put together from pieces that are cut where earlier answers begin and end. Of pieces outside the
 * window, which only earlier answers hold, nothing but the people is kept.
 * @param kept the numbers of the whole window, when they are at hand already
 */
export async function composeInPieces(
  world: TallyKeeper,
  window: TimeWindow,
  families: readonly Family[],
  ledgers: readonly Ledger[],
  coverage: Coverage,
  kept: Tallies | undefined,
): Promise<InPieces> {
  const totals = new Map(families.map((family) => [family, new Tally()]));
  const pieces: Piece[] = [];
  for (const piece of cut(
    window,
    ledgers.flatMap(({ related }) => related),
  )) {
    const isInside = overlaps(piece, window);
    const wanted = isInside ? families : families.filter(isPersonFamily);
    const tallies =
      kept && isSameWindow(piece, window)
        ? kept
        : await compose(world, piece, wanted, isInside && !kept ? coverage : new Coverage());
    if (isInside) for (const [family, tally] of tallies) totals.get(family)?.merge(tally);
    const crowds = wanted
      .filter(isPersonFamily)
      .map((family) => [family, tallies.get(family)?.people.crowds(SMALL_CELL) ?? new Map()] as const);
    pieces.push({ ...piece, crowds: new Map(crowds) });
  }
  return { tallies: totals, pieces };
}

/** What the window and the other ones hold, cut at all their ends, in order. */
export function cut(window: TimeWindow, others: readonly TimeWindow[]): readonly TimeWindow[] {
  const all = [window, ...others];
  const ends = [...new Set(all.flatMap(({ startMs, endMs }) => [startMs, endMs]))].sort((a, b) => a - b);
  return ends
    .slice(0, -1)
    .map((startMs, index) => ({ startMs, endMs: ends[index + 1] ?? startMs }))
    .filter((piece) => all.some((each) => overlaps(each, piece)));
}

/** Pieces that are alike for a question, as one. */
export function joinedCrowds(pieces: readonly Piece[], family: PersonFamily): ReadonlyMap<string, Crowd> {
  const joined = new Map<string, Crowd>();
  for (const { crowds } of pieces)
    for (const [key, crowd] of crowds.get(family) ?? [])
      joined.set(key, union(joined.get(key) ?? new Set(), crowd));
  return joined;
}
