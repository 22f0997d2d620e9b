import { SMALL_CELL } from './derivable.ts';
import type { Tally } from './tally.ts';

/**
 * Whether a settled hour may take on numbers that were counted anew: the difference between the two is told to whoever saw the old ones,
 * so each way in which people moved between the numbers must be that of more than ten. Who moved must also be all that
 * changed: two doses more of somebody who had one do not show in sets of people.
 */
export function mayTellCorrection(before: Tally, after: Tally): boolean {
  const moves = before.people.movesTo(after.people);
  const keys = new Set([...before.sums.keys(), ...after.sums.keys()]);
  const isExplained = [...keys].every((key) => {
    const fits = (other: string) => other === key;
    const people = after.people.count(fits) - before.people.count(fits);
    return (after.sums.get(key) ?? 0) - (before.sums.get(key) ?? 0) === people;
  });
  return moves.length > 0 && isExplained && moves.every((people) => people > SMALL_CELL);
}
