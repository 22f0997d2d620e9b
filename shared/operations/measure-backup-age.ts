import { METRICS } from '../contract/metrics.ts';
import { type Instant, secondsBetween } from '../lifecycle/instant.ts';
import type { Engine } from './engine.ts';

/**
 * Tells how much a restore of the newest backup would lose, and how long ago a restore was shown to work. Without any
 * backup, or any drill that passed, nothing is told, and silence rings.
 */
export async function measureBackupAge({
  latestBackup,
  metrics,
  clock,
}: Pick<Engine, 'latestBackup' | 'metrics' | 'clock'>): Promise<void> {
  const [until, drilled] = [await latestBackup.until(), await latestBackup.drilled()];
  const since = (instant: Instant) => Math.max(0, Math.round(secondsBetween(instant, clock())));
  if (until !== undefined) metrics.add(METRICS.backupAge, since(until), 'Seconds');
  if (drilled !== undefined) metrics.add(METRICS.restoreDrillAge, since(drilled), 'Seconds');
}
