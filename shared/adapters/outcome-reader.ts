import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PARTITION_KEY, SORT_KEY } from '../contract/tables.ts';
import type { OutcomeReader, OutcomeRow } from '../jobs/ports.ts';
import { addSeconds, type Clock, type Instant } from '../lifecycle/instant.ts';
import type { JobStore } from '../operations/ports.ts';
import type { Item } from './batch-get.ts';
import { decodeCursor, encodeCursor, OUTCOME_POSITION } from './cursor.ts';
import type { FieldCipher } from './field-cipher.ts';
import { outcomePartition } from './item-keys.ts';
import { openOutcome, parseOutcome } from './outcome-items.ts';
import { queryFirst, queryItems } from './query-pages.ts';
import { ttlOfItem } from './record-items.ts';
import { isOver } from './retention.ts';

export interface OutcomeReaderOptions {
  readonly client: DynamoDBClient;
  /** Deployed name of the jobs table. */
  readonly table: string;
  readonly outcomeShards: number;
  /** Opens what attempts told of their work; lists leave it shut. */
  readonly cipher: FieldCipher;
  readonly clock: Clock;
}

/** Hours that one page of a list looks through; an idle week takes several pages, some of them empty. */
const HOURS_PER_PAGE = 72;
const HOUR_SECONDS = 3_600;

/** Ended jobs by the hour of their end. */
export function createOutcomeReader(
  options: OutcomeReaderOptions,
): OutcomeReader & Pick<JobStore, 'listEnded'> {
  const { client, table, outcomeShards, cipher, clock } = options;
  const shards = Array.from({ length: outcomeShards }, (_, shard) => shard);
  const lives = (item: Item) => !isOver(ttlOfItem(item), clock());

  /** Keys begin with the end time, so the bounds also cut the first and the last hour where the range cuts them. */
  const inHour = (hourStart: Instant, shard: number, from: string, before: string) => ({
    TableName: table,
    KeyConditionExpression: `${PARTITION_KEY} = :hour AND ${SORT_KEY} BETWEEN :from AND :before`,
    ExpressionAttributeValues: {
      ':hour': { S: outcomePartition(hourStart.slice(0, 13), shard) },
      ':from': { S: from },
      ':before': { S: before },
    },
  });

  return {
    between: async function* (start, end) {
      // An empty range has no hours; DynamoDB refuses bounds that are the wrong way round.
      if (start >= end) return;
      for (let hour = hourOf(start); hour < end; hour = addSeconds(hour, HOUR_SECONDS))
        // `<end>#<job>` sorts after `<end>`: what ended exactly at the end is left out.
        for (const shard of shards)
          for await (const item of queryItems(client, inHour(hour, shard, start, end)))
            if (lives(item)) yield await openOutcome(cipher, item);
    },

    listEnded: async ({ from, to }, limit, after) => {
      const rows: { readonly sort: string; readonly row: OutcomeRow }[] = [];
      const bound = after === undefined ? to : earlierText(decodeCursor(after, OUTCOME_POSITION), to);
      if (bound <= from) return { rows: [] };
      let hour = hourOf(lastBefore(bound));
      for (
        let hours = 0;
        hours < HOURS_PER_PAGE && rows.length <= limit && hour >= hourOf(from);
        hours += 1
      ) {
        const lists = await Promise.all(
          shards.map((shard) =>
            queryFirst(
              client,
              { ...inHour(hour, shard, from, bound), ScanIndexForward: false },
              // The bound itself is the last row of the page before: BETWEEN includes it.
              limit + 2,
            ),
          ),
        );
        const found = lists
          .flat()
          .filter(lives)
          .map((item) => ({ sort: item[SORT_KEY]?.S ?? '', row: parseOutcome(item) }))
          .filter(({ sort }) => sort < bound)
          .sort((a, b) => (a.sort > b.sort ? -1 : 1));
        rows.push(...found);
        hour = addSeconds(hour, -HOUR_SECONDS);
      }
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      if (rows.length > limit && last)
        return { rows: shown.map(({ row }) => row), next: encodeCursor(last.sort) };
      // Nothing more was found so far, but hours are left to look at: the next page begins before them.
      const rest = hour >= hourOf(from) ? { next: encodeCursor(addSeconds(hour, HOUR_SECONDS)) } : {};
      return { rows: shown.map(({ row }) => row), ...rest };
    },
  };
}

const hourOf = (instant: Instant): Instant => `${instant.slice(0, 13)}:00:00.000Z`;

/** The last instant that can stand before a position: of a bare instant the one before it. */
const lastBefore = (position: string): Instant =>
  position.includes('#') ? position.slice(0, 24) : addSeconds(position, -0.001);

const earlierText = (a: string, b: string): string => (a < b ? a : b);
