import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { RETENTION_DAYS, TTL_ATTRIBUTE } from '../contract/tables.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { keyOf } from './batch-get.ts';
import { openCountKey } from './item-keys.ts';
import { ttlAfter } from './retention.ts';

/**
 * Each user's counter of open jobs moves in the transactions that make and end them, and by nothing else, so it cannot
 * drift from the rows that carry `counted`. A counter that nobody has moved for longer than a job can be open goes.
 */
export function countUp(table: string, row: JobRow, limit: number | undefined): readonly TransactWriteItem[] {
  if (!row.counted || row.userRef === undefined) return [];
  const item = moved(table, row.userRef, 1, row.createdAt);
  if (limit === undefined) return [{ Update: item }];
  return [
    {
      Update: {
        ...item,
        ConditionExpression: 'attribute_not_exists(#open) OR #open < :limit',
        ExpressionAttributeValues: { ...item.ExpressionAttributeValues, ':limit': { N: String(limit) } },
      },
    },
  ];
}

/** Without a condition: what is counted stands in the way of no end. */
export function countDown(table: string, before: JobRow, after: JobRow): readonly TransactWriteItem[] {
  if (!before.counted || after.counted || before.userRef === undefined) return [];
  return [{ Update: moved(table, before.userRef, -1, after.endedAt ?? before.createdAt) }];
}

const moved = (table: string, userRef: string, by: number, at: Instant) => ({
  TableName: table,
  Key: keyOf(openCountKey(userRef)),
  UpdateExpression: 'SET #ttl = :ttl ADD #open :by',
  ExpressionAttributeNames: { '#open': 'open', '#ttl': TTL_ATTRIBUTE },
  ExpressionAttributeValues: {
    ':by': { N: String(by) },
    ':ttl': { N: String(ttlAfter(at, RETENTION_DAYS.outcomes)) },
  },
});
