import type { Instant } from '../../lifecycle/instant.ts';
import type { BackupType } from '../archive/backup-manifest.ts';
import { type CompletedBackup, chainOf, isCompleted, newestFirst } from '../archive/catalogue.ts';
import type { Archive, ArchiveReader } from '../ports.ts';

/**
 * The backup that a new one continues: the last one for an increment, the last full one for a differential.
 * `undefined`: there is none, or one of its links is missing; a full backup is made instead.
 */
export async function findBase(
  archive: Pick<Archive, keyof ArchiveReader | 'verifies'>,
  type: Exclude<BackupType, 'full'>,
  until: Instant,
): Promise<CompletedBackup | undefined> {
  const seen = [];
  let last: CompletedBackup | undefined;
  for await (const entry of newestFirst(archive)) {
    // Whoever can write into the bucket can make what looks finished. Continued, it would spoil all increments until the next full one.
    if (isCompleted(entry) && !(await archive.verifies(entry.text, entry.marker.signature))) continue;
    seen.push(entry);
    if (!isCompleted(entry) || entry.manifest.interval.until >= until) continue;
    const isFull = entry.manifest.backup_type === 'full';
    // It shows what was written after the end of this increment, which would bring older states of it back.
    if (isFull && entry.manifest.ended_at > until) continue;
    if (type === 'incremental' || isFull) last ??= entry;
    // What is older than the full one is of no use to it.
    if (isFull) break;
  }
  try {
    if (last) chainOf(seen, last.backupId);
    return last;
  } catch {
    return undefined;
  }
}
