import type { ImportLine } from './import-order.ts';

/**
 * Lines of one chunk that makes jobs. Its last transaction holds three items for each line's job, the counter of each
 * line's user, and some of its own; DynamoDB takes 100.
 */
export const LINES_PER_CHUNK = 20;

/** A job waits for 30 children at most. */
const MOST_CHUNKS = 30;

/** Where a chunk begins among the lines of what it is a part of, and where it ends (exclusive). */
export interface ChunkRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The parts that so many lines are split into: chunks that make jobs, or, if those were more than a job may wait for,
 * parts of three chunks each, which split again. The number alone decides, so that whoever reads the report finds the parts.
 */
export function planChunks(lines: number): readonly ChunkRange[] {
  const whole = Math.ceil(lines / LINES_PER_CHUNK);
  const chunksPerPart = Math.ceil(whole / MOST_CHUNKS);
  const size = chunksPerPart * LINES_PER_CHUNK;
  return Array.from({ length: Math.ceil(lines / size) }, (_, index) => ({
    start: index * size,
    end: Math.min((index + 1) * size, lines),
  }));
}

/** The chunks that make jobs, each with the positions of the parts that lead to it. */
export function planLeaves(lines: number): readonly (ChunkRange & { readonly path: readonly number[] })[] {
  if (lines <= LINES_PER_CHUNK) return [{ start: 0, end: lines, path: [] }];
  return planChunks(lines).flatMap(({ start, end }, index) =>
    planLeaves(end - start).map((leaf) => ({
      start: start + leaf.start,
      end: start + leaf.end,
      path: [index, ...leaf.path],
    })),
  );
}

export const linesOf = (lines: readonly ImportLine[], { start, end }: ChunkRange): ImportLine[] =>
  lines.slice(start, end);
