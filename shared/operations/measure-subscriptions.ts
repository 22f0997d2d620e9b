import { METRICS } from '../contract/metrics.ts';
import type { Engine } from './engine.ts';

/** Counts who hears of a published dose: with nobody there, every reminder would be told to an empty room. */
export async function measureSubscriptions({
  channels,
  metrics,
}: Pick<Engine, 'channels' | 'metrics'>): Promise<void> {
  metrics.add(METRICS.confirmedSubscriptions, await channels.confirmedSubscriptions(), 'Count');
}
