import { METRICS } from '../contract/metrics.ts';
import { secondsBetween } from '../lifecycle/instant.ts';
import type { Engine } from './engine.ts';

/** Tells how much a restore of the newest backup would lose. Without any backup nothing is told, and silence rings. */
export async function measureBackupAge({
  latestBackup,
  metrics,
  clock,
}: Pick<Engine, 'latestBackup' | 'metrics' | 'clock'>): Promise<void> {
  const until = await latestBackup.until();
  if (until !== undefined)
    metrics.add(METRICS.backupAge, Math.max(0, Math.round(secondsBetween(until, clock()))), 'Seconds');
}
