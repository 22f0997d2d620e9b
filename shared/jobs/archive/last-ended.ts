import { type RecordWriteOf, SYSTEM_OWNER, type World } from '../ports.ts';

/**
 * The backup that ended last. It stands with the tables and not with the backups: whoever takes the newest backup out of the bucket, entry
 * and all, leaves its name here, and in the manifest of the next one.
 */
const HEAD = { type: 'backup', owner: SYSTEM_OWNER, id: 'head' } as const;

/**
 * The id of the backup that has ended last; `undefined`: none has. While one holds the lock nobody else ends, so that its repeated attempts
 * read the same.
 */
export async function lastEnded({ records }: Pick<World, 'records'>): Promise<string | undefined> {
  const [head] = await records.readMany([HEAD]);
  return head?.state.backupId;
}

/** Written with the end of a backup, or not at all. */
export const lastEndedIs = (backupId: string): RecordWriteOf<'backup'> => ({
  ...HEAD,
  expect: 'any',
  state: { status: 'completed', backupId },
  body: {},
});
