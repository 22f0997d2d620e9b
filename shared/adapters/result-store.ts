import type { DynamoDBClient, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { TTL_ATTRIBUTE } from '../contract/tables.ts';
import { ProblemError } from '../errors/problem-error.ts';
import type { Json, JsonObject } from '../jobs/ports.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { keyOf } from './batch-get.ts';
import type { FieldCipher } from './field-cipher.ts';
import { payloadKey, resultKey } from './item-keys.ts';
import { joinedGet } from './joined-get.ts';
import type { LargeObjects } from './large-objects.ts';
import { ownerOf, payloadPlace } from './new-job-items.ts';
import { jobTtl } from './retention.ts';
import { StoredItemError } from './row-fields.ts';

/** Sealed results over this go to S3; DynamoDB's own limit of an item is 400 KB. */
export const LARGEST_IN_ITEM = 200 * 1024;

/** A job's sealed payload and result. */
export interface ResultStore {
  /** Items that write the result; a large one is put into its bucket first. */
  items(row: JobRow, result: JsonObject): Promise<TransactWriteItem[]>;
  payload(row: JobRow): Promise<JsonObject>;
  /** @throws ProblemError `result_lost` when it was a large one, and its object is gone */
  result(row: JobRow): Promise<JsonObject | undefined>;
}

export interface ResultStoreOptions {
  readonly client: DynamoDBClient;
  /** Deployed name of the jobs table. */
  readonly table: string;
  readonly cipher: FieldCipher;
  /** Absent in functions that neither end jobs nor show results. */
  readonly largeResults?: LargeObjects | undefined;
}

/** After a restore of a full backup alone: what changed while it scanned is told by the increment after it. */
const LOST =
  'The job has succeeded, and its large result is not stored any more. An operator may restore it from the backups made after the job ended; otherwise ask for the job again.';

const resultPlace = (jobId: string) => ({ table: 'jobs', ...resultKey(jobId), attribute: 'body' }) as const;

export function createResultStore(options: ResultStoreOptions): ResultStore {
  const { client, table, cipher } = options;

  const largeResults = (): LargeObjects => {
    if (!options.largeResults) throw new Error('This function was not given the bucket of large results.');
    return options.largeResults;
  };

  /** Reads one item of a job, with the keys that opening it needs in the same batch. */
  const readJoined = async (row: JobRow, key: { pk: string; sk: string }, sealedOn: string | undefined) => {
    const joins = cipher.joins(ownerOf(row), sealedOn?.slice(0, 10));
    const [item] = await joinedGet(client, [{ table, ...key }], joins);
    return item;
  };

  return {
    items: async (row, result) => {
      const body = await cipher.seal(resultPlace(row.jobId), ownerOf(row), result);
      const ttl = row.endedAt === undefined ? {} : { [TTL_ATTRIBUTE]: { N: String(jobTtl(row.endedAt)) } };
      const base = { ...keyOf(resultKey(row.jobId)), ...ttl };
      if (body.length <= LARGEST_IN_ITEM)
        return [{ Put: { TableName: table, Item: { ...base, body: { B: body } } } }];
      // The fence is part of the name: a worker that wakes up late cannot overwrite what a later attempt committed.
      const objectKey = `results/${row.jobId}/${row.generation}/${row.fence}`;
      await largeResults().put(objectKey, body);
      return [{ Put: { TableName: table, Item: { ...base, objectKey: { S: objectKey } } } }];
    },

    payload: async (row) => {
      const item = await readJoined(row, payloadKey(row.jobId), row.createdAt);
      if (!item?.['body']) throw new StoredItemError('A job has no stored payload.');
      return objectOf(await cipher.open(payloadPlace(row.jobId), ownerOf(row), item['body'].B), 'payload');
    },

    result: async (row) => {
      const item = await readJoined(row, resultKey(row.jobId), row.endedAt);
      if (!item) return undefined;
      const objectKey = item['objectKey']?.S;
      const body = objectKey === undefined ? item['body']?.B : await largeResults().get(objectKey);
      if (objectKey !== undefined && !body) throw new ProblemError('result_lost', LOST);
      return objectOf(await cipher.open(resultPlace(row.jobId), ownerOf(row), body), 'result');
    },
  };
}

function objectOf(value: Json, what: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new StoredItemError(`A stored ${what} is no JSON object.`);
  // What is neither list nor null nor a plain value is an object.
  return value as JsonObject;
}
