import type { DynamoDBClient, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { RETENTION_DAYS, TTL_ATTRIBUTE } from '../contract/tables.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import type { NewJob } from '../operations/ports.ts';
import { batchGet, keyOf } from './batch-get.ts';
import { openCountKey } from './item-keys.ts';
import { ttlAfter } from './retention.ts';

/**
 * Each user's counter of open jobs moves in the transactions that make, retry and end them, and by nothing else, so it
 * cannot drift from the rows that carry `counted`. A counter that nobody has moved for longer than a job can be open goes.
 */
interface Step {
  readonly userRef: string;
  readonly by: number;
}

/** A transaction may name an item once, so what it does to one user is one step. */
export function countSteps(
  before: JobRow | undefined,
  after: JobRow | undefined,
  made: readonly NewJob[],
): readonly Step[] {
  const rows = [before, after, ...made.map(({ row }) => row)];
  const steps = new Map<string, number>();
  for (const [index, row] of rows.entries()) {
    if (!row?.counted || row.userRef === undefined) continue;
    steps.set(row.userRef, (steps.get(row.userRef) ?? 0) + (index === 0 ? -1 : 1));
  }
  return [...steps].flatMap(([userRef, by]) => (by === 0 ? [] : [{ userRef, by }]));
}

/** Only a step up has a condition: what is counted stands in the way of no end. */
export const countItems = (
  table: string,
  steps: readonly Step[],
  at: Instant,
  limit: number | undefined,
): TransactWriteItem[] =>
  steps.map((step) => {
    const item = moved(table, step, at);
    if (limit === undefined || step.by < 0) return { Update: item };
    const room = { ':room': { N: String(limit - step.by) } };
    // Without a counter there are no open jobs; more at once than the limit have no room even then.
    const none = step.by <= limit ? 'attribute_not_exists(#open) OR ' : '';
    return {
      Update: {
        ...item,
        ConditionExpression: `${none}#open <= :room`,
        ExpressionAttributeValues: { ...item.ExpressionAttributeValues, ...room },
      },
    };
  });

const moved = (table: string, { userRef, by }: Step, at: Instant) => ({
  TableName: table,
  Key: keyOf(openCountKey(userRef)),
  UpdateExpression: 'SET #ttl = :ttl ADD #open :by',
  ExpressionAttributeNames: { '#open': 'open', '#ttl': TTL_ATTRIBUTE },
  ExpressionAttributeValues: {
    ':by': { N: String(by) },
    ':ttl': { N: String(ttlAfter(at, RETENTION_DAYS.outcomes)) },
  },
});

/** The counters of these users as they stand; a user without one has no open job. */
export async function readCounts(
  client: DynamoDBClient,
  table: string,
  userRefs: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const users = [...new Set(userRefs)];
  const items = await batchGet(
    client,
    users.map((userRef) => ({ table, ...openCountKey(userRef) })),
  );
  return new Map(users.map((userRef, index) => [userRef, Number(items[index]?.['open']?.N ?? 0)]));
}
