import { METRICS } from '../contract/metrics.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import type { Engine } from './engine.ts';
import { tryEach } from './try-each.ts';

/** An alarm rings with the first one; how many more there are the list tells. */
const MOST_COUNTED = 100;

/** A few runs may fail, and none of the grants goes unnoticed. */
const OPENED_SECONDS = 15 * 60;

/**
 * Counts emergency accesses that were opened lately, and those that nobody has judged in time. Both from the rows: what an
 * invocation says of itself is lost with it.
 */
export async function measureBreakGlass({
  overdueReviews,
  metrics,
  clock,
}: Pick<Engine, 'overdueReviews' | 'metrics' | 'clock'>): Promise<void> {
  const now = clock();
  const measures = [
    async () => {
      const made = await overdueReviews.made(addSeconds(now, -OPENED_SECONDS), MOST_COUNTED);
      metrics.add(METRICS.breakGlassOpened, made, 'Count');
    },
    async () =>
      metrics.add(METRICS.breakGlassOverdue, await overdueReviews.count(now, MOST_COUNTED), 'Count'),
  ];
  await tryEach(measures, (measure) => measure());
}
