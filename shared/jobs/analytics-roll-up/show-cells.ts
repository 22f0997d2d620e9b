import { cellsOf } from './cells.ts';
import { type Crowd, union } from './derivable.ts';
import { type Counted, isFew, tellsOfFew } from './few-in-common.ts';
import type { PersonFamily } from './metrics-types.ts';
import { joinedCrowds, type Piece } from './pieces.ts';
import { type Ledger, overlaps, type Release } from './releases.ts';
import type { Row } from './span.ts';
import type { Tally } from './tally.ts';
import type { TimeWindow } from './time-window.ts';
import { type Candidate, withheld } from './withhold.ts';

/** What an answer shows of a family, by name of the cell; `null`: withheld. */
export interface ShownCells {
  readonly numbers: ReadonlyMap<string, number | null>;
  /** Names of the cells that are shown. */
  readonly shown: readonly string[];
  readonly suppressed: readonly string[];
}

/** Beyond that much arithmetic a shorter chain of earlier answers is looked at, and beyond it one answer after the other. */
const MOST_STEPS = 40_000_000;

/**
 * Chooses the numbers of a family that may be shown: none of 1 to 10 people, and none from which, together with all others of this
 * answer and of earlier ones about the same time, such a number can be computed.
 */
export function showCells(
  family: PersonFamily,
  window: TimeWindow,
  tally: Tally,
  pieces: readonly Piece[],
  ledger: Ledger,
): ShownCells {
  const keys = [...new Set(pieces.flatMap(({ crowds }) => [...(crowds.get(family)?.keys() ?? [])]))];
  const cells = [...cellsOf(family, keys)].map(([name, fits]) => ({
    name,
    fits,
    size: tally.people.count(fits),
  }));
  const hide = (parts: readonly Part[], releases: readonly Release[], hidden: ReadonlySet<string>) =>
    withheldIn({ family, window, cells, keys }, parts, releases, hidden);
  const parts = pieces.map((piece) => partOf([piece], family));
  const columns = parts.reduce((sum, { crowds }) => sum + crowds.size, 0);
  const isWithinReach = (releases: readonly Release[]): boolean =>
    columns * releases.reduce((sum, release) => sum + release.cells.length, cells.length) <= MOST_STEPS;
  const together = [ledger.related, ledger.near].find(isWithinReach);
  // First by itself: what was told of a window while it was open was told of other numbers, and excuses nothing of these.
  const own = partOf(
    pieces.filter((piece) => overlaps(piece, window)),
    family,
  );
  const alone = hide([own], [], new Set());
  const hidden = together
    ? hide(parts, together, alone)
    : oneByOne(window, ledger.near, hide, alone, (held) => partOf(pieces.filter(held), family));
  const isShown = (name: string) => !hidden.has(name);
  return {
    numbers: new Map(cells.map(({ name, fits }) => [name, isShown(name) ? tally.sum(fits) : null])),
    shown: cells.map(({ name }) => name).filter(isShown),
    suppressed: cells.map(({ name }) => name).filter((name) => !isShown(name)),
  };
}

/** Time that every answer in question holds wholly or not at all. */
interface Part {
  readonly isIn: (window: TimeWindow) => boolean;
  readonly crowds: ReadonlyMap<string, Crowd>;
}

const partOf = (pieces: readonly Piece[], family: PersonFamily): Part => ({
  isIn: (window) => pieces.some((piece) => overlaps(piece, window)),
  crowds: joinedCrowds(pieces, family),
});

type Hide = (
  parts: readonly Part[],
  releases: readonly Release[],
  hidden: ReadonlySet<string>,
) => ReadonlySet<string>;

/** Two answers at a time: what both hold, and what only one of them does. */
function oneByOne(
  window: TimeWindow,
  releases: readonly Release[],
  hide: Hide,
  alone: ReadonlySet<string>,
  partHeld: (held: (piece: Piece) => boolean) => Part,
): ReadonlySet<string> {
  let hidden = alone;
  for (const release of releases.filter((other) => overlaps(other, window))) {
    const within = (piece: Piece) => [overlaps(piece, window), overlaps(piece, release)];
    const parts = [
      [true, true],
      [true, false],
      [false, true],
    ].map((wanted) => partHeld((piece) => within(piece).every((is, index) => is === wanted[index])));
    hidden = hide(parts, [release], hidden);
  }
  return hidden;
}

interface Question {
  readonly family: PersonFamily;
  readonly window: TimeWindow;
  readonly cells: readonly {
    readonly name: string;
    readonly fits: (key: string) => boolean;
    readonly size: number;
  }[];
  readonly keys: readonly string[];
}

function withheldIn(
  { family, window, cells, keys }: Question,
  parts: readonly Part[],
  releases: readonly Release[],
  hidden: ReadonlySet<string>,
): ReadonlySet<string> {
  const columns = parts.flatMap((part) => [...part.crowds].map(([key, crowd]) => ({ part, key, crowd })));
  const rowOf = (held: TimeWindow, fits: (key: string) => boolean): Row =>
    columns.map(({ part, key }) => (part.isIn(held) && fits(key) ? 1 : 0));
  const named = cellsOf(family, keys);
  const known = releases.flatMap((release) =>
    release.cells.flatMap((name) => {
      const fits = named.get(name);
      return fits ? [rowOf(release, fits)] : [];
    }),
  );
  const candidates = cells
    .filter(({ name }) => !hidden.has(name))
    .map(({ name, fits, size }): Candidate => {
      const row = rowOf(window, fits);
      const people = columns.reduce<Crowd>(
        (crowd, { crowd: own }, index) => (row[index] === 1 ? union(crowd, own) : crowd),
        new Set(),
      );
      return { name, row, people, size };
    });
  return new Set([
    ...hidden,
    ...withheld(
      columns.map(({ crowd }) => crowd),
      known,
      candidates,
    ),
  ]);
}

/**
 * Whether a number of distinct people may be shown: it must not differ from one of an overlapping or the same window by 1 to 10, nor tell
 * together with earlier ones that 1 to 10 people are in several windows.
 */
export function mayShowPeople(name: string, count: number, window: TimeWindow, ledger: Ledger): boolean {
  const others = countedBefore(name, ledger);
  return !differsByFew(count, window, others) && !tellsOfFew([...others, { ...window, count }]);
}

/**
 * Whether a number of rows and the people behind them may stand side by side: what is more than one for each person is that of 1 to 10
 * people when it is no more itself. The same holds for what it has more than in an overlapping window.
 * @param repeats rows less people
 */
export const mayShowRepeats = (repeats: number, window: TimeWindow, ledger: Ledger): boolean =>
  !isFew(repeats) && !differsByFew(repeats, window, countedBefore(REPEATS, ledger));

/** Under this name it is written down beside the people, and never told. */
export const REPEATS = 'repeats';

const countedBefore = (name: string, { near }: Ledger): readonly Counted[] =>
  near.flatMap(({ startMs, endMs, people }) =>
    (people[name] ?? []).map((count) => ({ startMs, endMs, count })),
  );

const differsByFew = (count: number, window: TimeWindow, others: readonly Counted[]): boolean =>
  others.filter((other) => overlaps(other, window)).some((other) => isFew(Math.abs(other.count - count)));
