import type { CancellationReason, DynamoDBClient, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { TTL_ATTRIBUTE } from '../contract/tables.ts';
import { RetryableError } from '../errors/attempt-error.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { AcceptAnswer, FirstAnswer, IdempotencyClaim, NewJob } from '../operations/ports.ts';
import { batchGet, type Item, keyOf } from './batch-get.ts';
import { acceptedItems } from './event-items.ts';
import { idempotencyKey } from './item-keys.ts';
import { type NewJobItemsOptions, newJobItems } from './new-job-items.ts';
import { countItems, countSteps } from './open-count.ts';
import { ttlAfter } from './retention.ts';
import { readFields } from './row-fields.ts';
import { transact } from './transaction.ts';

/**
 * The accepting transaction: row, payload, audit entry, what roll-ups count, the user's counter of open jobs, and
 * idempotency row, all or nothing. The loser of a race for a key learns the winner's answer in the same call.
 */
export async function acceptJob(
  client: DynamoDBClient,
  options: Omit<NewJobItemsOptions, 'watchShards'> & {
    readonly shards: { readonly watch: number; readonly outcome?: number | undefined };
  },
  job: NewJob,
  idempotency: IdempotencyClaim | undefined,
  openLimit?: number,
): Promise<AcceptAnswer> {
  const { shards, tables } = options;
  const own = await newJobItems({ ...options, watchShards: shards.watch }, job);
  const accepted = acceptedItems({ table: tables.jobs, outcomeShards: shards.outcome }, [job]);
  const items = [...own, ...accepted];
  const beforeCount = items.length;
  const steps = countSteps(undefined, undefined, [job]);
  items.push(...countItems(tables.jobs, steps, job.row.createdAt, openLimit));
  const before = items.length;
  if (idempotency) items.push(idempotencyItem(tables.jobs, idempotency, job.row.createdAt));
  const answer = await transact(client, items, `accept|${job.row.jobId}`);
  if (answer.done) return { accepted: true };
  const [row, , audit] = answer.reasons;
  const claim = answer.reasons[before];
  const counter = answer.reasons.slice(beforeCount, before);
  // Our own row, by the hash of its first audit entry: an earlier try took effect and its answer got lost.
  const [ours] = own;
  if (row?.Item?.['chainHash']?.S === ours?.Put?.Item?.['chainHash']?.S) return { accepted: true };
  if (failed(claim)) return { accepted: false, taken: answerIn(claim.Item ?? {}) };
  if (failed(row) || failed(audit)) return { accepted: false, exists: true };
  if (counter.some(failed)) return { accepted: false, full: true };
  throw new RetryableError('conflict', 'Other writers kept the accepting transaction from ending.');
}

const failed = (reason: CancellationReason | undefined): reason is CancellationReason =>
  reason?.Code === 'ConditionalCheckFailed';

/** The first answer given under a key, if the key still lives. */
export async function firstAnswer(
  client: DynamoDBClient,
  table: string,
  keyRef: string,
  now: Instant,
): Promise<FirstAnswer | undefined> {
  const [item] = await batchGet(client, [{ table, ...idempotencyKey(keyRef) }]);
  return item && (item['expiresAt']?.S ?? '') > now ? answerIn(item) : undefined;
}

/** What the row of a key says was answered. */
export const answerIn = (item: Item): FirstAnswer =>
  readFields<FirstAnswer>(item, { fingerprint: 'string', answer: 'map' }, 'idempotency row');

/** The claim of a key; where the key is taken, the row that stands comes back. */
export function idempotencyItem(table: string, claim: IdempotencyClaim, now: Instant): TransactWriteItem {
  const { keyRef, ...members } = claim;
  return {
    Put: {
      TableName: table,
      Item: {
        ...marshall({ ...members, [TTL_ATTRIBUTE]: ttlAfter(claim.expiresAt, 0) }),
        ...keyOf(idempotencyKey(keyRef)),
      },
      // DynamoDB deletes late, so an expired row may still stand.
      ConditionExpression: 'attribute_not_exists(pk) OR expiresAt <= :now',
      ExpressionAttributeValues: { ':now': { S: now } },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}
