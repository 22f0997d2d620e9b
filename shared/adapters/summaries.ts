import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { JobRow } from '../lifecycle/job-row.ts';
import { keyIdOf } from './envelope.ts';
import type { FieldCipher } from './field-cipher.ts';
import { FieldCipherError } from './field-cipher-error.ts';
import { jobRowKey } from './item-keys.ts';
import { joinedGet } from './joined-get.ts';
import { ownerOf } from './new-job-items.ts';
import { StoredItemError } from './row-fields.ts';

/**
 * A line is filled up to a multiple of so many characters: its bare length would tell `published` from `published, late`.
 * Most lines fit into one block, and the row with it into the 1 KB that DynamoDB counts as one unit.
 */
const BLOCK = 64;

/** The summary stands on the row itself, so it costs no item and no call, neither to write nor to read. */
const summaryPlace = (jobId: string) =>
  ({ table: 'jobs', ...jobRowKey(jobId), attribute: 'summary' }) as const;

/** Seals one line about a job's result, under the keys that the result is sealed with. */
export const sealSummary = (cipher: FieldCipher, row: JobRow, summary: string): Promise<Uint8Array> =>
  cipher.seal(
    summaryPlace(row.jobId),
    ownerOf(row),
    summary.padEnd(Math.max(1, Math.ceil(summary.length / BLOCK)) * BLOCK),
  );

/**
 * Opens the summaries of rows, by job id. Secrets and day keys that are not at hand come in one batch; KMS unwraps each
 * day's key once, whatever the number of rows.
 * @throws FieldCipherError when one was altered or stands in another's place
 */
export async function openSummaries(
  client: DynamoDBClient,
  cipher: FieldCipher,
  rows: readonly JobRow[],
): Promise<ReadonlyMap<string, string>> {
  const sealed = rows.flatMap((row) => (row.summary ? [{ row, summary: row.summary }] : []));
  const joins = sealed.flatMap(({ row, summary }) => cipher.joins(ownerOf(row), keyIdOf(summary)));
  await joinedGet(client, [], joins);
  const opened = await Promise.all(
    sealed.map(async ({ row, summary }) => [row.jobId, await openOne(cipher, row, summary)] as const),
  );
  return new Map(opened.flatMap(([jobId, text]) => (text === undefined ? [] : [[jobId, text] as const])));
}

async function openOne(cipher: FieldCipher, row: JobRow, summary: Uint8Array): Promise<string | undefined> {
  try {
    const text = await cipher.open(summaryPlace(row.jobId), ownerOf(row), summary);
    if (typeof text === 'string') return text.trimEnd();
  } catch (error) {
    // An erased patient's lines are gone; the list of the others still stands.
    if (error instanceof FieldCipherError && error.code === 'secret_missing') return undefined;
    throw error;
  }
  throw new StoredItemError('A stored summary is no text.');
}
