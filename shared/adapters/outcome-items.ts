import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { RETENTION_DAYS, TTL_ATTRIBUTE } from '../contract/tables.ts';
import type { OutcomeRow } from '../jobs/ports.ts';
import { type Item, keyOf } from './batch-get.ts';
import { outcomeKey } from './item-keys.ts';
import { ttlAfter } from './retention.ts';
import { type FieldSpec, readFields, readVersion } from './row-fields.ts';

const OUTCOME_VERSION = 1;

export const outcomeItem = (table: string, row: OutcomeRow, shards: number): TransactWriteItem => ({
  Put: {
    TableName: table,
    Item: {
      ...marshall(
        { ...row, v: OUTCOME_VERSION, [TTL_ATTRIBUTE]: ttlAfter(row.endedAt, RETENTION_DAYS.outcomes) },
        { removeUndefinedValues: true },
      ),
      ...keyOf(outcomeKey(row, shards)),
    },
  },
});

const FIELDS: FieldSpec<OutcomeRow> = {
  jobId: 'string',
  generation: 'number',
  kind: 'string',
  priority: 'string',
  status: 'string',
  errorCode: 'string?',
  createdAt: 'string',
  dueAt: 'string',
  startedAt: 'string?',
  endedAt: 'string',
  executionMs: 'number?',
  queueWaitMs: 'number?',
  attempts: 'number',
  userRef: 'string?',
};

/** @throws StoredItemError */
export function parseOutcome(item: Item): OutcomeRow {
  readVersion(item, 'v', OUTCOME_VERSION, 'outcome');
  return readFields<OutcomeRow>(item, FIELDS, 'outcome');
}
