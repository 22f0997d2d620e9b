import { WORK_COUNTS, type WorkCounts } from '../jobs/work-counts.ts';
import type { MetricSink } from './ports.ts';

/** Adds what a committed end has counted to the metrics of those names. */
export function addCounts(metrics: MetricSink, counts: WorkCounts = {}): void {
  for (const name of WORK_COUNTS) {
    const count = counts[name];
    if (count !== undefined) metrics.add(name, count, name.endsWith('_seconds') ? 'Seconds' : 'Count');
  }
}
