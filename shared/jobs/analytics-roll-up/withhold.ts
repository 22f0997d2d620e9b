import { type Crowd, isDerivable, isSmall, type Row, smallDerivable } from './derivable.ts';

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
 * @param known numbers that were shown before
 */
export function withheld(
  columns: readonly Crowd[],
  known: readonly Row[],
  candidates: readonly Candidate[],
): ReadonlySet<string> {
  const hidden = new Set(candidates.filter(({ people }) => isSmall(people)).map(({ name }) => name));
  for (;;) {
    // What nobody stands behind is zero and adds nothing.
    const shown = candidates.filter(({ name, size }) => !hidden.has(name) && size > 0);
    const rows = shown.map(({ row }) => row);
    const found = smallDerivable(columns, known, rows);
    if (found === undefined) return hidden;
    hidden.add(victimOf(found, known, shown).name);
  }
}

/** Of those without which the combination is lost, the one with fewest people; else the one with fewest people at all. */
function victimOf(found: Row | 'unknown', known: readonly Row[], shown: readonly Candidate[]): Candidate {
  const smallestFirst = shown.toSorted((a, b) => a.size - b.size || (a.name < b.name ? -1 : 1));
  const needed =
    found === 'unknown'
      ? undefined
      : smallestFirst.find(({ name }) => {
          const others = shown.filter((other) => other.name !== name).map(({ row }) => row);
          return !isDerivable(found, [...known, ...others]);
        });
  const victim = needed ?? smallestFirst[0];
  if (!victim) throw new Error('A combination of released numbers needs a released number.');
  return victim;
}
