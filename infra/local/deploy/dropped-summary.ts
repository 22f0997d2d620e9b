import type { Dropped } from './transform.ts';

/** What was left out, one line per type and reason: `AWS::CloudWatch::Alarm, alarm with metric math: 12`. */
export function droppedSummary(dropped: readonly Dropped[]): string[] {
  const groups = Map.groupBy(dropped, ({ type, reason }) => `${type}, ${reason}`);
  return [...groups].map(([what, entries]) => `${what}: ${entries.length}`);
}
