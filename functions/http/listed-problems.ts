import type { Problem } from '#shared/errors/problem-error.ts';

/** So many problems are told at once; the rest would only be more of the same. */
export const MOST_PROBLEMS = 50;

export interface ListedProblems {
  readonly listed: readonly Problem[];
  /** How many there are beyond those listed. */
  readonly more: number;
}

/** Each problem once, however many checks have found it, and no more of them than anybody reads. */
export function listedProblems(problems: readonly Problem[]): ListedProblems {
  const distinct = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  const listed = [...distinct.values()].slice(0, MOST_PROBLEMS);
  return { listed, more: distinct.size - listed.length };
}
