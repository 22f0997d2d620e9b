import { type KeyObject, verify } from 'node:crypto';
import type { ArchiveReader } from '../ports.ts';
import type { CompletedBackup } from './catalogue.ts';
import { readingAhead } from './read-ahead.ts';
import { DamagedFileError } from './read-lines.ts';
import { readStates } from './read-states.ts';
import { listedFiles } from './restore-plan.ts';

/** Whether what a backup says of itself was signed with that key. */
export function isSigned({ marker, text }: CompletedBackup, key: KeyObject): boolean {
  try {
    return verify('sha256', text, key, Buffer.from(marker.signature, 'base64'));
  } catch {
    // Not even the form of a signature of this key.
    return false;
  }
}

/**
 * Whether a chain is whole: each link signed, and, when `files` are wanted, each file there, unchanged and readable to its
 * last line.
 * @returns what is wrong
 */
export async function chainFaults(
  archive: ArchiveReader,
  chain: readonly CompletedBackup[],
  key: KeyObject,
  level: 'signature' | 'files',
): Promise<readonly string[]> {
  const faults: string[] = [];
  const tried = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof DamagedFileError)) throw error;
      faults.push(error.message);
    }
  };
  for (const backup of chain) {
    if (!isSigned(backup, key))
      faults.push(`Backup ${backup.backupId} was not signed with the key of backups.`);
    for (const { table } of backup.manifest.tables)
      await tried(async () => {
        const files = await listedFiles(archive, backup, table);
        if (level === 'signature') return;
        const ahead = readingAhead(archive, files);
        for (const file of files)
          await tried(async () => {
            for await (const _state of readStates(ahead, file, []));
          });
      });
  }
  return faults;
}
