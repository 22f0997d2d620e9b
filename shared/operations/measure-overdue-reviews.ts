import { METRICS } from '../contract/metrics.ts';
import type { Engine } from './engine.ts';

/** An alarm rings with the first one; how many more there are the list tells. */
const MOST_COUNTED = 100;

/** Counts emergency accesses that nobody has judged in time. */
export async function measureOverdueReviews({
  overdueReviews,
  metrics,
  clock,
}: Pick<Engine, 'overdueReviews' | 'metrics' | 'clock'>): Promise<void> {
  metrics.add(METRICS.breakGlassOverdue, await overdueReviews.count(clock(), MOST_COUNTED), 'Count');
}
