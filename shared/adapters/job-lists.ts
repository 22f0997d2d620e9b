import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { INDEXES, PARTITION_KEY } from '../contract/tables.ts';
import type { Clock, Instant } from '../lifecycle/instant.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import type { JobPage, JobStore } from '../operations/ports.ts';
import type { Item } from './batch-get.ts';
import { decodeCursor, encodeCursor, INSTANT_AND_JOB } from './cursor.ts';
import { parseJobRow, userMonth, watchPartition } from './job-row-item.ts';
import { queryFirst } from './query-pages.ts';
import { ttlOfItem } from './record-items.ts';
import { isOver } from './retention.ts';
import { StoredItemError } from './row-fields.ts';

export interface JobListsOptions {
  readonly client: DynamoDBClient;
  /** Deployed name of the jobs table. */
  readonly table: string;
  readonly watchShards: number;
  readonly clock: Clock;
  /** Is told of each row that this code cannot read: it stands in no list, and must not go unnoticed. */
  readonly unreadable: (jobId: string) => void;
}

/** Sorts after every job id, so that `<instant>#` with it is an upper bound that includes the instant. */
const AFTER_ANY_ID = '~';

const WATCH = INDEXES.jobsByWatch;
const USER = INDEXES.jobsByUser;

/** Lists by the two indexes. They follow the table within moments, so a list is what stood a moment ago. */
export function createJobLists(
  options: JobListsOptions,
): Pick<JobStore, 'watched' | 'listByUser' | 'listOpen'> {
  const { client, table, watchShards, clock, unreadable } = options;

  /** Rows of several partitions of the status index, merged: each gives its first ones, the earliest of all count. */
  const merged = async (
    partitions: readonly string[],
    condition: string,
    bound: string,
    limit: number,
  ): Promise<Item[]> => {
    const lists = await Promise.all(
      partitions.map((partition) =>
        queryFirst(
          client,
          {
            TableName: table,
            IndexName: WATCH.name,
            KeyConditionExpression: `${WATCH.partition} = :partition AND ${condition}`,
            ExpressionAttributeValues: { ':partition': { S: partition }, ':bound': { S: bound } },
          },
          limit,
        ),
      ),
    );
    return lists.flat().sort(bySort(WATCH.sort)).slice(0, limit);
  };

  const shardsOf = (watch: Parameters<typeof watchPartition>[0], priority: JobRow['priority']) =>
    Array.from({ length: watchShards }, (_, shard) => watchPartition(watch, priority, shard));

  const read = (item: Item): JobRow | undefined => {
    try {
      return parseJobRow(item);
    } catch (error) {
      if (!(error instanceof StoredItemError)) throw error;
      unreadable(item[PARTITION_KEY]?.S?.replace(/^JOB#/, '') ?? '');
      return undefined;
    }
  };

  /** One row that cannot be read holds up none of the others. */
  const rowsOf = (items: readonly Item[]): Pick<JobPage, 'rows' | 'unreadable'> => {
    const standing = items.filter((item) => !isOver(ttlOfItem(item), clock()));
    const rows = standing.flatMap((item) => read(item) ?? []);
    const lost = standing.length - rows.length;
    return { rows, ...(lost > 0 && { unreadable: lost }) };
  };

  return {
    watched: async (watch, priority, until: Instant, limit) => {
      const shards = shardsOf(watch, priority);
      const items = await merged(shards, `${WATCH.sort} <= :bound`, `${until}#${AFTER_ANY_ID}`, limit);
      return [...rowsOf(items).rows];
    },

    listOpen: async ({ watches, priorities }, limit, after) => {
      const partitions = watches.flatMap((watch) => priorities.flatMap((name) => shardsOf(watch, name)));
      const start = after === undefined ? '' : decodeCursor(after, INSTANT_AND_JOB);
      // One more than asked for tells whether there is a next page.
      const items = await merged(partitions, `${WATCH.sort} > :bound`, start || ' ', limit + 1);
      return page(items, limit, WATCH.sort, rowsOf);
    },

    listByUser: async (userRef, month, limit, after) => {
      const bound = after === undefined ? AFTER_ANY_ID : decodeCursor(after, INSTANT_AND_JOB);
      const items = await queryFirst(
        client,
        {
          TableName: table,
          IndexName: USER.name,
          KeyConditionExpression: `${USER.partition} = :partition AND ${USER.sort} < :bound`,
          ExpressionAttributeValues: {
            ':partition': { S: userMonth(userRef, month) },
            ':bound': { S: bound },
          },
          ScanIndexForward: false,
        },
        limit + 1,
      );
      return page(items, limit, USER.sort, rowsOf);
    },
  };
}

function page(
  items: readonly Item[],
  limit: number,
  sort: string,
  rowsOf: (items: readonly Item[]) => Pick<JobPage, 'rows' | 'unreadable'>,
): JobPage {
  const shown = items.slice(0, limit);
  const last = shown.at(-1)?.[sort]?.S;
  const more = items.length > limit && last !== undefined;
  return { ...rowsOf(shown), ...(more && { next: encodeCursor(last) }) };
}

const bySort =
  (attribute: string) =>
  (a: Item, b: Item): number =>
    (a[attribute]?.S ?? '') < (b[attribute]?.S ?? '') ? -1 : 1;
