import { PermanentError } from '../../errors/attempt-error.ts';
import { readSegmentResult, type SegmentResult } from '../archive/segment.ts';
import type { ChildOutcome } from '../ports.ts';

/**
 * The results of all segments, ordered by table and segment.
 * @throws PermanentError `segment_failed` when one did not succeed, or a table's segments are not all there: a backup
 * with a hole must never look finished
 */
export function gatherSegments(children: readonly ChildOutcome[]): readonly SegmentResult[] {
  const failed = children.filter((child) => child.status !== 'succeeded').length;
  if (failed > 0 || children.length === 0)
    throw new PermanentError('segment_failed', `${failed} of ${children.length} segments did not succeed.`);
  const segments = children
    .map((child) => readSegmentResult(child.result))
    .sort((a, b) => (a.table === b.table ? a.segment - b.segment : a.table < b.table ? -1 : 1));
  for (const ofTable of Map.groupBy(segments, ({ table }) => table).values()) {
    const whole = ofTable.every(({ segment, of }, index) => segment === index && of === ofTable.length);
    if (!whole) throw new PermanentError('segment_failed', 'The segments of a table are not all there.');
  }
  return segments;
}
