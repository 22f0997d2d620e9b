import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { PRIORITY_NAMES, type Priority } from '../lifecycle/priority.ts';
import { NEVER_PAUSED, NONE_PAUSED, type PauseState, settled } from '../lifecycle/priority-pause.ts';
import type { PriorityPauses } from '../operations/pause-ports.ts';
import { auditItem } from './audit-items.ts';
import type { Pseudonymize } from './audit-pseudonyms.ts';
import { batchGet, type Item, keyOf } from './batch-get.ts';
import { pauseKey } from './item-keys.ts';
import { type FieldSpec, readFields, readVersion } from './row-fields.ts';
import { transact } from './transaction.ts';
import { updateItem } from './update-item.ts';

const PAUSE_VERSION = 1;

const FIELDS: FieldSpec<PauseState> = {
  phase: 'string',
  revision: 'number',
  changedAt: 'string?',
  actorRef: 'string?',
};

export interface PriorityPausesOptions {
  readonly client: DynamoDBClient;
  /** Deployed names. */
  readonly tables: { readonly jobs: string; readonly audit: string };
  readonly pseudonymize: Pseudonymize;
}

/** One row per priority, made by its first pause and never deleted. */
export function createPriorityPauses(options: PriorityPausesOptions): PriorityPauses {
  const { client, tables } = options;
  return {
    read: async () => {
      const addresses = PRIORITY_NAMES.map((priority) => ({ table: tables.jobs, ...pauseKey(priority) }));
      const items = await batchGet(client, addresses);
      const states = PRIORITY_NAMES.map((priority, index) => [priority, stateOf(items[index])]);
      return { ...NONE_PAUSED, ...Object.fromEntries(states) };
    },

    change: async (priority, before, after, audit) => {
      const put = {
        TableName: tables.jobs,
        Item: {
          ...marshall({ ...after, v: PAUSE_VERSION }, { removeUndefinedValues: true }),
          ...keyOf(pauseKey(priority)),
        },
        ...asRead(before),
      };
      const items = [{ Put: put }, await auditItem(options, audit)];
      const answer = await transact(client, items, `pause|${priority}|${after.revision}`);
      return answer.done;
    },

    settle: async (priority: Priority, before) => {
      const { phase, revision } = settled(before);
      const { ConditionExpression, ExpressionAttributeValues } = asRead(before);
      const answer = await updateItem(client, {
        TableName: tables.jobs,
        Key: keyOf(pauseKey(priority)),
        UpdateExpression: 'SET phase = :phase, revision = :revision',
        ConditionExpression,
        ExpressionAttributeValues: {
          ...ExpressionAttributeValues,
          ':phase': { S: phase },
          ':revision': { N: String(revision) },
        },
      });
      return answer.updated;
    },
  };
}

/** The condition that nobody has decided since the state was read. */
const asRead = ({ revision }: PauseState) =>
  revision === NEVER_PAUSED.revision
    ? { ConditionExpression: 'attribute_not_exists(pk)' }
    : {
        ConditionExpression: 'revision = :before',
        ExpressionAttributeValues: { ':before': { N: String(revision) } },
      };

/** @throws StoredItemError */
function stateOf(item: Item | undefined): PauseState {
  if (!item) return NEVER_PAUSED;
  readVersion(item, 'v', PAUSE_VERSION, 'pause');
  return readFields<PauseState>(item, FIELDS, 'pause');
}
