import { DeleteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PARTITION_KEY, SORT_KEY } from '../contract/tables.ts';
import type { Clock } from '../lifecycle/instant.ts';
import type { RecalledJob, RecallIndex } from '../operations/recall-ports.ts';
import { type Item, keyOf } from './batch-get.ts';
import { decodeCursor, encodeCursor, INSTANT_AND_JOB } from './cursor.ts';
import { keyIdOf } from './envelope.ts';
import type { FieldCipher } from './field-cipher.ts';
import { recallPartition } from './item-keys.ts';
import { joinedGet } from './joined-get.ts';
import { queryFirst } from './query-pages.ts';
import { openRecallItem, parseRecallItem, recallKey } from './recall-items.ts';
import { ttlOfItem } from './record-items.ts';
import { isOver } from './retention.ts';
import { callAws } from './sdk-errors.ts';

export interface RecallIndexOptions {
  readonly client: DynamoDBClient;
  /** Deployed name of the jobs table. */
  readonly table: string;
  readonly cipher: FieldCipher;
  readonly shards: number;
  readonly clock: Clock;
}

/** Results by what they are recalled for, merged from the shards of each hash. */
export function createRecallIndex(options: RecallIndexOptions): RecallIndex {
  const { client, table, cipher, clock } = options;
  const shards = Array.from({ length: options.shards }, (_, shard) => shard);

  /** Secrets and day keys that are not at hand come in one batch. */
  const open = async (items: readonly Item[]) => {
    const joins = items.flatMap((item) => {
      const body = item['body']?.B;
      return body ? cipher.joins(parseRecallItem(item).userRef, keyIdOf(body)) : [];
    });
    await joinedGet(client, [], joins);
    return Promise.all(items.map((item) => openRecallItem(cipher, item)));
  };

  const keyOfEntry = (ref: string, { jobId, endedAt }: RecalledJob) =>
    recallKey(ref, { jobId, endedAt: endedAt ?? '' }, options.shards);

  return {
    entry: async (ref, job) => {
      const [item] = await joinedGet(client, [{ table, ...keyOfEntry(ref, job) }], []);
      return item && (await openRecallItem(cipher, item)).recall;
    },

    remove: async (refs, job) => {
      for (const ref of refs)
        await callAws('DynamoDB DeleteItem', () =>
          client.send(new DeleteItemCommand({ TableName: table, Key: keyOf(keyOfEntry(ref, job)) })),
        );
    },

    page: async (refs, { from = '', to }, limit, after) => {
      const bound = after === undefined ? to : earlierText(decodeCursor(after, INSTANT_AND_JOB), to);
      if (bound <= from) return { rows: [] };
      const lists = await Promise.all(
        refs.flatMap((ref) =>
          shards.map((shard) =>
            queryFirst(
              client,
              {
                TableName: table,
                KeyConditionExpression: `${PARTITION_KEY} = :partition AND ${SORT_KEY} BETWEEN :from AND :bound`,
                ExpressionAttributeValues: {
                  ':partition': { S: recallPartition(ref, shard) },
                  ':from': { S: from || ' ' },
                  ':bound': { S: bound },
                },
                ScanIndexForward: false,
              },
              // The bound itself is the last one of the page before: BETWEEN includes it. One more tells of a next page.
              limit + 2,
            ),
          ),
        ),
      );
      const found = lists
        .flat()
        .filter((item) => sortOf(item) < bound)
        .sort((a, b) => (sortOf(a) > sortOf(b) ? -1 : 1));
      const shown = found.slice(0, limit);
      const last = shown.at(-1);
      const rows = await open(shown.filter((item) => !isOver(ttlOfItem(item), clock())));
      return { rows, ...(found.length > limit && last && { next: encodeCursor(sortOf(last)) }) };
    },
  };
}

const sortOf = (item: Item): string => item[SORT_KEY]?.S ?? '';

const earlierText = (a: string, b: string): string => (a < b ? a : b);
