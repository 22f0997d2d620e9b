import { PermanentError } from '../../errors/attempt-error.ts';
import { SEGMENT_KIND, type SegmentOrder } from '../archive/segment.ts';
import type { ChildJob } from '../ports.ts';

/** Segments of one table, enough for some ten gigabytes at a segment's time budget. */
const SEGMENTS_PER_TABLE = 4;

/** All children are written in one transaction of at most 100 items, three to four each. */
const MOST_SEGMENTS = 24;

/** One child job for each segment of each table. */
export function planSegments(prefix: string, tables: readonly string[]): readonly ChildJob[] {
  if (tables.length === 0 || tables.length > MOST_SEGMENTS)
    throw new PermanentError('too_many_tables', `A backup holds 1 to ${MOST_SEGMENTS} tables.`);
  const of = Math.min(SEGMENTS_PER_TABLE, Math.floor(MOST_SEGMENTS / tables.length));
  return tables.flatMap((table) =>
    Array.from({ length: of }, (_, segment): ChildJob => {
      const payload: SegmentOrder = { prefix, table, segment, of };
      return { key: `${table}#${segment}`, kind: SEGMENT_KIND, payload, priority: 'LOW' };
    }),
  );
}
