import type { DynamoDBClient, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { INDEXES, RETENTION_DAYS, TTL_ATTRIBUTE } from '../contract/tables.ts';
import { RetryableError } from '../errors/attempt-error.ts';
import type { Clock } from '../lifecycle/instant.ts';
import type { BulkAction, BulkActions } from '../operations/bulk-ports.ts';
import { auditItem } from './audit-items.ts';
import type { Pseudonymize } from './audit-pseudonyms.ts';
import { batchGet, type Item, keyOf } from './batch-get.ts';
import { bulkActionKey } from './item-keys.ts';
import { queryFirst } from './query-pages.ts';
import { ttlOfItem } from './record-items.ts';
import { isOver, ttlAfter } from './retention.ts';
import { type FieldSpec, readFields, readVersion } from './row-fields.ts';
import { transact } from './transaction.ts';

const BULK_VERSION = 1;

const { name: INDEX, partition: WATCH, sort: WATCH_SORT } = INDEXES.jobsByWatch;
/** Partition of the status index, which jobs name by class and priority. */
const RUNNING = 'bulk_action#running';

export interface BulkActionsOptions {
  readonly client: DynamoDBClient;
  /** Deployed names. */
  readonly tables: { readonly jobs: string; readonly audit: string };
  readonly pseudonymize: Pseudonymize;
  readonly clock: Clock;
}

/** One row for each; those that run stand in the status index, where whoever works them off finds them. */
export function createBulkActions(options: BulkActionsOptions): BulkActions {
  const { client, tables, clock } = options;
  const read = async (id: string): Promise<BulkAction | undefined> => {
    const [item] = await batchGet(client, [{ table: tables.jobs, ...bulkActionKey(id) }]);
    return item && !isOver(ttlOfItem(item), clock()) ? parse(item) : undefined;
  };
  return {
    read,

    start: async (action, audit) => {
      const put = putItem(tables.jobs, action, { ConditionExpression: 'attribute_not_exists(pk)' });
      const answer = await transact(
        client,
        [put, await auditItem(options, audit)],
        `bulk|${action.bulkActionId}|${audit.entryId}`,
      );
      if (answer.done) return undefined;
      const first = await read(action.bulkActionId);
      if (first) return first;
      throw new RetryableError('conflict', 'Other writers kept a bulk action from being written.');
    },

    running: async (limit) => {
      const items = await queryFirst(
        client,
        {
          TableName: tables.jobs,
          IndexName: INDEX,
          KeyConditionExpression: `${WATCH} = :running`,
          ExpressionAttributeValues: { ':running': { S: RUNNING } },
        },
        limit,
      );
      return items.map(parse);
    },

    change: async (before, after, audit) => {
      const put = putItem(tables.jobs, after, {
        ConditionExpression: 'revision = :before',
        ExpressionAttributeValues: { ':before': { N: String(before.revision) } },
      });
      const items = audit ? [put, await auditItem(options, audit)] : [put];
      const answer = await transact(client, items, `bulk|${after.bulkActionId}|${after.revision}`);
      return answer.done;
    },
  };
}

/** The whole row: what has ended leaves the index with it. */
const putItem = (
  table: string,
  action: BulkAction,
  condition: Pick<NonNullable<TransactWriteItem['Put']>, 'ConditionExpression' | 'ExpressionAttributeValues'>,
): TransactWriteItem => ({
  Put: {
    TableName: table,
    Item: {
      ...marshall(
        {
          ...action,
          v: BULK_VERSION,
          [TTL_ATTRIBUTE]: ttlAfter(action.createdAt, RETENTION_DAYS.bulkActions),
          ...(action.status === 'running' && {
            [WATCH]: RUNNING,
            [WATCH_SORT]: `${action.createdAt}#${action.bulkActionId}`,
          }),
        },
        { removeUndefinedValues: true },
      ),
      ...keyOf(bulkActionKey(action.bulkActionId)),
    },
    ...condition,
  },
});

const FIELDS: FieldSpec<BulkAction> = {
  bulkActionId: 'string',
  fingerprint: 'string',
  action: 'string',
  filter: 'map',
  ratePerSecond: 'number',
  actor: 'map',
  correlationId: 'string',
  createdAt: 'string',
  updatedAt: 'string',
  endedAt: 'string?',
  status: 'string',
  matched: 'map',
  changed: 'number',
  refused: 'number',
  unreadable: 'number?',
  cursor: 'string?',
  leaseUntil: 'string?',
  revision: 'number',
};

/** @throws StoredItemError */
function parse(item: Item): BulkAction {
  readVersion(item, 'v', BULK_VERSION, 'bulk action');
  return readFields<BulkAction>(item, FIELDS, 'bulk action');
}
