import type { Problem } from '../../errors/problem-error.ts';
import type { ImportTally } from '../intake/import-tally.ts';
import type { JsonObject } from '../ports.ts';
import type { JudgedLine } from './judge-lines.ts';

/** So many problems of one line are told; the rest would only be more of the same. */
const MOST_PROBLEMS = 10;

/** What became of each line, in their order. No value that was sent is in it. */
export function reportOf(judged: readonly JudgedLine[]): {
  readonly tally: ImportTally;
  readonly lines: readonly JsonObject[];
} {
  const lines = judged.map((one) => ({ line: one.line.line, outcome: outcomeOf(one), ...detailsOf(one) }));
  const count = (outcome: keyof ImportTally) => lines.filter((line) => line.outcome === outcome).length;
  const tally = {
    accepted: count('accepted'),
    rejected: count('rejected'),
    superseded: count('superseded'),
  };
  return { tally, lines };
}

function outcomeOf({ line, jobId }: JudgedLine): keyof ImportTally {
  if (line.superseded_by !== undefined) return 'superseded';
  return jobId === undefined ? 'rejected' : 'accepted';
}

const detailsOf = ({ line, jobId, repeated, problems, warnings }: JudgedLine): JsonObject => ({
  ...(line.superseded_by !== undefined && { superseded_by: line.superseded_by }),
  ...(jobId !== undefined && { job_id: jobId }),
  ...(repeated && { repeated }),
  ...(problems.length > 0 && { problems: told(problems) }),
  ...(warnings.length > 0 && { warnings: told(warnings) }),
});

const told = (problems: readonly Problem[]): JsonObject[] =>
  problems.slice(0, MOST_PROBLEMS).map(({ pointer, code, detail }) => ({ pointer, code, detail }));
