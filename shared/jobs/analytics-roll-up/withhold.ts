import { type Crowd, Derivable, isSmall } from './derivable.ts';
import { type Row, Span } from './span.ts';

/** A number that an answer would like to show. */
export interface Candidate {
  readonly name: string;
  readonly row: Row;
  readonly people: Crowd;
  /** Distinct people, for the choice of what is left out beside a small cell: whoever has fewest. */
  readonly size: number;
}

/**
 * The names of numbers that must not be shown: those of 1 to 10 people, and as many others as it takes until no sum or
 * difference of what is shown, and of what was shown before, tells of 1 to 10 people.
 * @param columns who stands behind each column of the rows; none may be empty
 * @param known numbers that were shown before
 */
export function withheld(
  columns: readonly Crowd[],
  known: readonly Row[],
  candidates: readonly Candidate[],
): ReadonlySet<string> {
  const hidden = new Set(candidates.filter(({ people }) => isSmall(people)).map(({ name }) => name));
  // Columns with many people first, as the search wants them.
  const order = columns
    .map((crowd, column) => ({ column, rank: Number(isSmall(crowd)) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ column }) => column);
  const ordered = (row: Row): Row => order.map((column) => row[column] ?? 0);
  const crowds = order.map((column) => columns[column] ?? new Set<string>());
  const before = Span.empty.with(known.map(ordered)).span;
  const derivable = new Derivable(crowds, before);
  // What nobody stands behind is zero and adds nothing.
  const wanted = candidates
    .filter(({ size }) => size > 0)
    .map((each) => ({ ...each, row: ordered(each.row) }));
  for (;;) {
    const shown = wanted.filter(({ name }) => !hidden.has(name));
    const found = derivable.small(shown.map(({ row }) => row));
    if (found === undefined) return hidden;
    hidden.add(victimOf(found, before, shown).name);
  }
}

/** Of those without which the combination is lost, the one with fewest people; else the one with fewest people at all. */
function victimOf(found: Row | 'unknown', before: Span, shown: readonly Candidate[]): Candidate {
  const smallestFirst = shown.toSorted((a, b) => a.size - b.size || (a.name < b.name ? -1 : 1));
  const isNeeded = ({ name }: Candidate): boolean => {
    const others = shown.filter((other) => other.name !== name).map(({ row }) => row);
    return found !== 'unknown' && !before.with(others).span.has(found);
  };
  const victim = smallestFirst.find(isNeeded) ?? smallestFirst[0];
  if (!victim) throw new Error('A combination of released numbers needs a released number.');
  return victim;
}
