import { METRICS } from '../contract/metrics.ts';
import type { Engine } from './engine.ts';

/** Counts the keys that cannot be used, or soon cannot: what is encrypted with one that is deleted is lost for ever. */
export async function measureKeys({
  keyStates,
  metrics,
  log,
}: Pick<Engine, 'keyStates' | 'metrics' | 'log'>): Promise<void> {
  const keys = await keyStates.unusable();
  for (const { name, state } of keys) log.error('key.unusable', { key_name: name, status: state });
  metrics.add(METRICS.keysUnusable, keys.length, 'Count');
}
