import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SORT_KEY } from '../contract/tables.ts';
import { unlessUnreadable } from '../errors/unreadable.ts';
import type { PassOver, RecordKey, RecordReader, RecordType, Ref, StoredRecord } from '../jobs/ports.ts';
import type { Clock } from '../lifecycle/instant.ts';
import type { ScheduleStore } from '../operations/ports.ts';
import { auditItem } from './audit-items.ts';
import type { Pseudonymize } from './audit-pseudonyms.ts';
import type { Item } from './batch-get.ts';
import { acceptedItems } from './event-items.ts';
import type { FieldCipher } from './field-cipher.ts';
import { granteePartition, recordKey, USERS_PARTITION } from './item-keys.ts';
import { joinedGet } from './joined-get.ts';
import { newJobItems } from './new-job-items.ts';
import { queryFirst, queryItems } from './query-pages.ts';
import { parseRecord, recordItems, ttlOfItem, unchangedItem } from './record-items.ts';
import { isOver } from './retention.ts';
import { transact } from './transaction.ts';

export interface RecordStoreOptions {
  readonly client: DynamoDBClient;
  /** Deployed names. */
  readonly tables: { readonly records: string; readonly jobs: string; readonly audit: string };
  readonly cipher: FieldCipher;
  readonly pseudonymize: Pseudonymize;
  readonly clock: Clock;
  /** `watch` is needed to make jobs, `due` to write active schedules, `outcome` for jobs, occurrences and dispensings. */
  readonly shards: { readonly watch?: number; readonly due?: number; readonly outcome?: number };
}

/** What is known about users, over DynamoDB: both ports, because they share the table and the translation. */
export function createRecordStore(options: RecordStoreOptions): RecordReader & ScheduleStore {
  const { client, tables, cipher, pseudonymize, clock, shards } = options;

  const parse = async <T extends RecordType>(
    key: Pick<RecordKey<T>, 'type' | 'owner'>,
    item: Item | undefined,
  ): Promise<StoredRecord<T> | undefined> =>
    item && !isOver(ttlOfItem(item), clock()) ? parseRecord(cipher, key.type, key.owner, item) : undefined;

  /** The same, in a list: what can never be read is told instead, if anybody wants to be told. */
  const parseOrPass = <T extends RecordType>(
    key: Pick<RecordKey<T>, 'type' | 'owner'>,
    item: Item,
    passOver: PassOver | undefined,
  ): Promise<StoredRecord<T> | undefined> =>
    passOver
      ? unlessUnreadable(
          () => parse(key, item),
          (reason) => passOver(idIn(key, item), reason),
        )
      : parse(key, item);

  const readMany = async <T extends RecordType>(keys: readonly RecordKey<T>[]) => {
    // The owners' secrets come in the same batch: one call instead of one more per owner.
    const owners = [...new Set(keys.map((key) => key.owner))];
    const joins = owners.flatMap((owner) => cipher.joins(owner, clock().slice(0, 10)));
    const addresses = keys.map((key) => ({ table: tables.records, ...recordKey(key) }));
    const items = await joinedGet(client, addresses, joins);
    return Promise.all(keys.map((key, index) => parse(key, items[index])));
  };

  /** Before records of several owners are sealed, as in an import: one read of all secrets instead of one for each. */
  const knowSecrets = async (those: readonly Ref[]): Promise<void> => {
    const owners = [...new Set(those)];
    const joins = owners.length > 1 ? owners.flatMap((owner) => cipher.joins(owner)) : [];
    if (joins.length > 0) await joinedGet(client, [], joins);
  };

  /** Those of the first items of a partition that begin with `prefix`. */
  const sortKeys = async (partition: string, prefix: string, limit: number): Promise<readonly string[]> => {
    const items = await queryFirst(
      client,
      {
        TableName: tables.records,
        ConsistentRead: true,
        KeyConditionExpression: prefix === '' ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :sk)',
        ExpressionAttributeValues: {
          ':pk': { S: partition },
          ...(prefix !== '' && { ':sk': { S: prefix } }),
        },
        ProjectionExpression: SORT_KEY,
      },
      limit,
    );
    return items.flatMap((item) => item[SORT_KEY]?.S ?? []);
  };

  return {
    readMany,

    list: async function* <T extends RecordType>(
      type: T,
      owner: string,
      idPrefix: string,
      passOver?: PassOver,
    ) {
      const { pk, sk } = recordKey({ type, owner, id: idPrefix });
      const items = queryItems(client, {
        TableName: tables.records,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
        ExpressionAttributeValues: { ':pk': { S: pk }, ':sk': { S: sk } },
      });
      for await (const item of items) {
        const record = await parseOrPass({ type, owner }, item, passOver);
        if (record) yield record;
      }
    },

    range: async function* <T extends RecordType>(
      type: T,
      owner: string,
      ids: { readonly from: string; readonly until: string },
      passOver?: PassOver,
    ) {
      if (ids.from >= ids.until) return;
      const { pk, sk: first } = recordKey({ type, owner, id: ids.from });
      const { sk: last } = recordKey({ type, owner, id: ids.until });
      const items = queryItems(client, {
        TableName: tables.records,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
        ExpressionAttributeValues: {
          ':pk': { S: pk },
          ':first': { S: first },
          ':last': { S: last },
        },
      });
      for await (const item of items) {
        const record = await parseOrPass({ type, owner }, item, passOver);
        // BETWEEN takes its end with it.
        if (record && record.id < ids.until) yield record;
      }
    },

    owners: (prefix, limit) => sortKeys(USERS_PARTITION, prefix, limit),
    patientsOf: (grantee, limit) => sortKeys(granteePartition(grantee), '', limit),

    read: async (key) => (await readMany([key]))[0],

    commit: async (writes, jobs, audit = [], unchanged = []) => {
      const { watch } = shards;
      if (jobs.length > 0 && watch === undefined)
        throw new Error('This function makes jobs but was not given the number of watch shards.');
      await knowSecrets(writes.map(({ owner }) => owner));
      const [records, rows, entries] = await Promise.all([
        recordItems({ tables, cipher, clock, shards }, writes),
        Promise.all(
          jobs.map((job) => newJobItems({ tables, cipher, pseudonymize, watchShards: watch ?? 1 }, job)),
        ),
        Promise.all(audit.map((entry) => auditItem(options, entry))),
      ]);
      const accepted = acceptedItems({ table: tables.jobs, outcomeShards: shards.outcome }, jobs);
      const checks = unchanged.map((one) => unchangedItem(tables.records, one));
      const items = [...records, ...rows.flat(), ...accepted, ...entries, ...checks];
      if (items.length === 0) return 'committed';
      const { done } = await transact(client, items, 'schedules');
      return done ? 'committed' : 'conflict';
    },
  };
}

/** A record is found by its key, also where nothing else of it can be read. */
const idIn = ({ type, owner }: Pick<RecordKey, 'type' | 'owner'>, item: Item): string =>
  (item[SORT_KEY]?.S ?? '').slice(recordKey({ type, owner, id: '' }).sk.length);
