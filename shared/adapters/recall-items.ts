import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { TTL_ATTRIBUTE } from '../contract/tables.ts';
import type { Json, Recall } from '../jobs/ports.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import type { RecallEntry, RecallRow } from '../operations/recall-ports.ts';
import { type Item, keyOf } from './batch-get.ts';
import type { FieldCipher } from './field-cipher.ts';
import { FieldCipherError } from './field-cipher-error.ts';
import { type ItemKey, recallPartition } from './item-keys.ts';
import { jobTtl } from './retention.ts';
import { readFields, readVersion, StoredItemError } from './row-fields.ts';
import { shardOf } from './stable-hash.ts';

const RECALL_VERSION = 1;

export interface RecallItemsOptions {
  /** Deployed name of the jobs table. */
  readonly table: string;
  readonly cipher: FieldCipher;
  readonly shards: number;
}

export const recallKey = (
  ref: string,
  { jobId, endedAt }: { readonly jobId: string; readonly endedAt: string },
  shards: number,
): ItemKey => ({ pk: recallPartition(ref, shardOf(jobId, shards)), sk: `${endedAt}#${jobId}` });

const bodyPlace = (key: ItemKey) => ({ table: 'jobs', ...key, attribute: 'body' }) as const;

/**
 * One item under each hash. Rules, level and outcome tell of a patient whose hash stands beside them: they are sealed with
 * the patient's secret, in each item for its own place.
 */
export async function recallItems(
  { table, cipher, shards }: RecallItemsOptions,
  { jobId, endedAt, userRef }: JobRow,
  { refs, recall }: RecallEntry,
): Promise<TransactWriteItem[]> {
  // What is about no patient, or has not ended, is nothing to be recalled.
  if (userRef === undefined || endedAt === undefined) return [];
  return Promise.all(
    refs.map(async (ref): Promise<TransactWriteItem> => {
      const key = recallKey(ref, { jobId, endedAt }, shards);
      const body = await cipher.seal(bodyPlace(key), userRef, { ...recall });
      const clear = { v: RECALL_VERSION, ref, jobId, endedAt, userRef, [TTL_ATTRIBUTE]: jobTtl(endedAt) };
      return { Put: { TableName: table, Item: { ...marshall(clear), ...keyOf(key), body: { B: body } } } };
    }),
  );
}

type ClearRow = Omit<RecallRow, 'recall'>;

/** What stands in the clear of an item. @throws StoredItemError */
export function parseRecallItem(item: Item): ClearRow {
  readVersion(item, 'v', RECALL_VERSION, 'recall entry');
  const spec = { ref: 'string', jobId: 'string', endedAt: 'string', userRef: 'string' } as const;
  return readFields<ClearRow>(item, spec, 'recall entry');
}

/** The whole entry; without what was sealed when its user was erased. @throws FieldCipherError, StoredItemError */
export async function openRecallItem(cipher: FieldCipher, item: Item): Promise<RecallRow> {
  const row = parseRecallItem(item);
  const key = { pk: item['pk']?.S ?? '', sk: item['sk']?.S ?? '' };
  try {
    return { ...row, recall: recallOf(await cipher.open(bodyPlace(key), row.userRef, item['body']?.B)) };
  } catch (error) {
    if (error instanceof FieldCipherError && error.code === 'secret_missing') return row;
    throw error;
  }
}

function recallOf(body: Json): Recall {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new StoredItemError('The body of a recall entry is no object.');
  // Written by this code only, and the envelope proves that it is unaltered.
  return body as unknown as Recall;
}
