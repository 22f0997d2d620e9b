import type { DynamoDBClient, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { OccurrenceState, OccurrenceStateWrite } from '../jobs/ports.ts';
import type { Clock } from '../lifecycle/instant.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { batchGet, keyOf } from './batch-get.ts';
import { recordKey } from './item-keys.ts';
import { ownerOf } from './new-job-items.ts';
import { RECORD_ITEM_VERSION, ttlOfItem } from './record-items.ts';
import { isOver } from './retention.ts';
import { readFields, readVersion } from './row-fields.ts';

// What stands of an occurrence in the clear, for functions that may open nothing.

/** @throws StoredItemError when the stored record is of a shape that this code cannot read */
export async function readOccurrenceState(
  options: { readonly client: DynamoDBClient; readonly table: string; readonly clock: Clock },
  row: JobRow,
): Promise<OccurrenceState | undefined> {
  if (!row.answersFor) return undefined;
  const key = recordKey({ type: 'occurrence', owner: ownerOf(row), id: row.answersFor.id });
  const [item] = await batchGet(options.client, [{ table: options.table, ...key }]);
  if (!item || isOver(ttlOfItem(item), options.clock())) return undefined;
  readVersion(item, 'v', RECORD_ITEM_VERSION, 'record');
  return readFields<OccurrenceState>(item, { version: 'number', state: 'map' }, 'occurrence');
}

/** The body stays sealed as it is: its envelope is bound to the record's place, not to its version. */
export const occurrenceStateItem = (
  table: string,
  { owner, id, expect, state }: OccurrenceStateWrite,
): TransactWriteItem => ({
  Update: {
    TableName: table,
    Key: keyOf(recordKey({ type: 'occurrence', owner, id })),
    ConditionExpression: '#version = :expected',
    UpdateExpression: 'SET #version = :next, #state = :state',
    ExpressionAttributeNames: { '#version': 'version', '#state': 'state' },
    ExpressionAttributeValues: marshall({ ':expected': expect, ':next': expect + 1, ':state': state }),
  },
});
