import { DeleteItemCommand, type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { PARTITION_KEY, SORT_KEY } from '../contract/tables.ts';
import type { RecordShapes } from '../jobs/ports.ts';
import type { DueErasure, EraseStore, SecretState } from '../operations/rights-ports.ts';
import { type Item, keyOf } from './batch-get.ts';
import { dueKey } from './due-items.ts';
import {
  ERASURES_PARTITION,
  erasureSort,
  granteePartition,
  type ItemKey,
  keyIn,
  recordKey,
  secretKey,
  USERS_PARTITION,
} from './item-keys.ts';
import { queryFirst } from './query-pages.ts';
import { RECORD_ITEM_VERSION } from './record-items.ts';
import { callAws } from './sdk-errors.ts';
import { updateItem } from './update-item.ts';

export interface EraseStoreOptions {
  readonly client: DynamoDBClient;
  /** Deployed names. */
  readonly tables: { readonly records: string; readonly secrets: string };
  readonly dueShards: number;
}

/** What stands of one user, taken away key by key: each deletion may be repeated. */
export function createEraseStore({ client, tables, dueShards }: EraseStoreOptions): EraseStore {
  const remove = async (key: ItemKey): Promise<void> => {
    const command = new DeleteItemCommand({ TableName: tables.records, Key: keyOf(key) });
    await callAws('DynamoDB DeleteItem', () => client.send(command));
  };

  const secret = async (owner: string): Promise<SecretState> => {
    const command = new GetItemCommand({
      TableName: tables.secrets,
      Key: keyOf(secretKey(owner)),
      ConsistentRead: true,
    });
    const { Item } = await callAws('DynamoDB GetItem', () => client.send(command));
    return secretState(Item);
  };

  /** The entry of a schedule's next dose follows from the schedule, so it goes first. */
  const removeRecord = async (owner: string, item: Item): Promise<void> => {
    if (item['type']?.S === 'schedule') {
      const { nextDueAt, revision } = scheduleState(item);
      const medicationRef = item['id']?.S ?? '';
      // Of a state that cannot be read the entry stays, and leads to nothing.
      if (typeof nextDueAt === 'string' && typeof revision === 'number')
        await remove(
          dueKey({ owner, medicationRef, scheduleRevision: revision, dueAt: nextDueAt }, dueShards),
        );
    }
    await remove(keyIn(item));
  };

  return {
    due: async (now, limit) => {
      const items = await queryFirst(
        client,
        {
          TableName: tables.records,
          ConsistentRead: true,
          KeyConditionExpression: `${PARTITION_KEY} = :erasures AND ${SORT_KEY} < :bound`,
          ExpressionAttributeValues: {
            ':erasures': { S: ERASURES_PARTITION },
            // Behind every entry of that very instant.
            ':bound': { S: `${now}$` },
          },
        },
        limit,
      );
      return items.flatMap(dueErasure);
    },

    settle: ({ owner, dueAt }) => remove({ pk: ERASURES_PARTITION, sk: erasureSort(dueAt, owner) }),

    secret,

    closeSecret: async (owner, at) => {
      await updateItem(client, {
        TableName: tables.secrets,
        Key: keyOf(secretKey(owner)),
        UpdateExpression: 'SET closedAt = if_not_exists(closedAt, :at)',
        ExpressionAttributeValues: { ':at': { S: at } },
      });
    },

    destroySecret: async (owner, erasureId, at) => {
      const { updated } = await updateItem(client, {
        TableName: tables.secrets,
        Key: keyOf(secretKey(owner)),
        UpdateExpression: 'SET erasedAt = :at, erasureId = :id REMOVE secret',
        ConditionExpression: 'attribute_exists(closedAt) AND attribute_not_exists(erasedAt)',
        ExpressionAttributeValues: { ':at': { S: at }, ':id': { S: erasureId } },
      });
      if (!updated && (await secret(owner)).state !== 'destroyed')
        throw new Error('Only a secret that was closed can be destroyed.');
    },

    markErased: async (owner, at) => {
      await updateItem(client, {
        TableName: tables.records,
        Key: keyOf(markKey(owner)),
        UpdateExpression:
          'SET v = :v, #type = :type, id = :id, version = :version, #state = if_not_exists(#state, :state)',
        ExpressionAttributeNames: { '#type': 'type', '#state': 'state' },
        ExpressionAttributeValues: marshall({
          ':v': RECORD_ITEM_VERSION,
          ':type': 'erased',
          ':id': '',
          ':version': 1,
          ':state': { at },
        }),
      });
    },

    deleteRecords: async (owner, limit) => {
      const decision = decisionKey(owner);
      const kept = [decision.sk, markKey(owner).sk];
      const items = await queryFirst(
        client,
        {
          TableName: tables.records,
          ConsistentRead: true,
          KeyConditionExpression: `${PARTITION_KEY} = :owner`,
          ExpressionAttributeValues: { ':owner': { S: decision.pk } },
        },
        limit + kept.length,
      );
      const records = items.filter((item) => !kept.includes(item[SORT_KEY]?.S ?? '')).slice(0, limit);
      for (const item of records) await removeRecord(owner, item);
      return records.length;
    },

    deleteGrantees: async (owner, grantees) => {
      for (const grantee of grantees) await remove({ pk: granteePartition(grantee), sk: owner });
    },

    deleteUserRow: (owner) => remove({ pk: USERS_PARTITION, sk: owner }),
    deleteDecision: (owner) => remove(decisionKey(owner)),
  };
}

const markKey = (owner: string): ItemKey => recordKey({ type: 'erased', owner, id: '' });
const decisionKey = (owner: string): ItemKey => recordKey({ type: 'erasure', owner, id: '' });

/** States stand in the clear; what an erasure takes away may be damaged all the same. */
const scheduleState = (item: Item): Partial<RecordShapes['schedule']['state']> => ({
  ...unmarshall(item)['state'],
});

function dueErasure(item: Item): DueErasure[] {
  const owner = item['owner']?.S;
  const dueAt = item['dueAt']?.S;
  return owner !== undefined && dueAt !== undefined ? [{ owner, dueAt }] : [];
}

function secretState(item: Item | undefined): SecretState {
  if (!item) return { state: 'none' };
  const [closedAt, erasedAt] = [item['closedAt']?.S, item['erasedAt']?.S];
  if (erasedAt !== undefined)
    return { state: 'destroyed', at: erasedAt, erasureId: item['erasureId']?.S ?? '' };
  return closedAt === undefined ? { state: 'open' } : { state: 'closed', at: closedAt };
}
