import { PermanentError } from '../../errors/attempt-error.ts';
import type { ChildOutcome, Json } from '../ports.ts';

/** How many lines ended how. */
export interface ImportTally {
  readonly accepted: number;
  readonly rejected: number;
  readonly superseded: number;
}

export const NO_LINES: ImportTally = { accepted: 0, rejected: 0, superseded: 0 };

export const addTallies = (all: readonly ImportTally[]): ImportTally =>
  all.reduce(
    (sum, one) => ({
      accepted: sum.accepted + one.accepted,
      rejected: sum.rejected + one.rejected,
      superseded: sum.superseded + one.superseded,
    }),
    NO_LINES,
  );

/** The summary of a chunk, for people and for whoever counts without opening its result. */
export const tallyText = ({ accepted, rejected, superseded }: ImportTally): string =>
  `${accepted} accepted, ${rejected} rejected, ${superseded} superseded`;

/** `undefined`: it is no such summary. */
export function readTally(summary: string): ImportTally | undefined {
  const numbers = /^(\d+) accepted, (\d+) rejected, (\d+) superseded$/.exec(summary)?.slice(1).map(Number);
  const [accepted, rejected, superseded] = numbers ?? [];
  if (accepted === undefined || rejected === undefined || superseded === undefined) return undefined;
  return { accepted, rejected, superseded };
}

/**
 * What the chunks did together.
 * @throws PermanentError `chunk_failed`: lines were not looked at, and an import with a hole must not look finished
 */
export function tallyOf(children: readonly ChildOutcome[]): ImportTally {
  const failed = children.filter(({ status }) => status !== 'succeeded').length;
  if (failed > 0)
    throw new PermanentError('chunk_failed', `${failed} of ${children.length} chunks did not succeed.`);
  return addTallies(
    children.map(({ result }) => ({
      accepted: countOf(result?.['accepted']),
      rejected: countOf(result?.['rejected']),
      superseded: countOf(result?.['superseded']),
    })),
  );
}

const countOf = (value: Json | undefined): number => (typeof value === 'number' ? value : 0);
