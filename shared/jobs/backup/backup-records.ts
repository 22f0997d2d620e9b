import type { Instant } from '../../lifecycle/instant.ts';
import { type JobView, type JsonObject, type RecordWriteOf, SYSTEM_OWNER, type World } from '../ports.ts';

type Of = Pick<JobView<unknown>, 'jobId' | 'createdAt'>;

/** What operators find of a backup among the records. */
export const catalogueRecord = (
  { createdAt, jobId }: Of,
  status: 'completed' | 'failed',
  body: JsonObject,
): RecordWriteOf<'backup'> => ({
  type: 'backup',
  owner: SYSTEM_OWNER,
  id: `${createdAt}#${jobId}`,
  // A backup that failed and was retried by a person replaces its entry.
  expect: 'any',
  state: { status },
  body,
});

const LATEST = { type: 'backup', owner: SYSTEM_OWNER, id: 'latest' } as const;

/** From which the age of the newest backup is told. One that had to wait for others may hold less than they do. */
export async function newest(
  { records }: World,
  until: Instant,
): Promise<readonly RecordWriteOf<'backup'>[]> {
  const [known] = await records.readMany([LATEST]);
  if ((known?.state.until ?? '') >= until) return [];
  return [{ ...LATEST, expect: 'any', state: { status: 'completed', until }, body: {} }];
}
