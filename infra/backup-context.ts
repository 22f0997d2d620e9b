import type { BackupEngine, StageTable } from './stages.ts';

/**
 * Who reads the tables for full backups, from the context `backupEngine`: the product itself unless given.
 * @throws Error when it is neither, or cannot be had on that stage
 */
export function readBackupEngine(
  value: unknown,
  { laptop, pointInTimeRecovery }: Pick<StageTable, 'laptop' | 'pointInTimeRecovery'>,
): BackupEngine {
  if (value === undefined || value === '' || value === 'own') return 'own';
  if (value !== 'native') throw new Error('The context backupEngine is neither own nor native.');
  if (laptop)
    throw new Error(
      'The context backupEngine is native, but the laptop’s AWS writes nothing when it exports a table: leave it away.',
    );
  if (!pointInTimeRecovery)
    throw new Error('The context backupEngine is native, which needs point-in-time recovery on this stage.');
  return 'native';
}
