import {
  type ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { DecryptCommand, GenerateDataKeyWithoutPlaintextCommand, type KMSClient } from '@aws-sdk/client-kms';
import { RETENTION_DAYS, TTL_ATTRIBUTE } from '../contract/tables.ts';
import { keyVersionAt } from '../evidence/pseudonyms.ts';
import { addSeconds, type Clock, type Instant } from '../lifecycle/instant.ts';
import { batchGet, type Item, type ItemAddress, keyOf } from './batch-get.ts';
import { createExpiringCache } from './expiring-cache.ts';
import { FieldCipherError } from './field-cipher-error.ts';
import { auditKeyKey, dayKeyKey, HASH_KEY_KEY, type ItemKey } from './item-keys.ts';
import { ttlAfter } from './retention.ts';
import { callAws, isNamed, translateSdkError } from './sdk-errors.ts';

/** Plaintext keys live in one environment's memory, and no longer than this. */
const KEEP_MS = 5 * 60_000;
/** Ended jobs stand for 90 days: a list of them never needs more keys than are kept. */
const KEPT_DAY_KEYS = 128;
const DAY_SECONDS = 86_400;

/**
 * The data keys: one per day for fields, one for keyed hashes, one per year for the pseudonyms of the audit trail. Each is
 * made by KMS, stands wrapped in the jobs table, and is unwrapped once per environment and five minutes. KMS sees the
 * purpose as encryption context, so that a key's policy can tell them apart.
 */
export interface KeyRing {
  /** The day's key; made when there is none yet. @param day `YYYY-MM-DD` */
  dayKeyForSealing(day: string): Promise<Uint8Array>;
  /** @throws FieldCipherError when that day has no key */
  dayKeyForOpening(day: string): Promise<Uint8Array>;
  /** Created once in the life of a deployment and never rotated: rows and records are found by the hashes under it. */
  hashKey(): Promise<Uint8Array>;
  /** The year's key for the audit trail; made when there is none yet. @param version `YYYY` */
  auditKey(version: string): Promise<Uint8Array>;
  /** Those of all years of which an entry may stand, the newest first. */
  auditKeys(): Promise<readonly AuditKey[]>;
  /** Address of the day's wrapped key when this environment has not read it yet: join it to a batch that is read anyway. */
  wanted(day: string): ItemAddress | undefined;
  /** Hands over what the batch found at that address. */
  offer(day: string, item: Item | undefined): void;
}

/** A key of the audit trail with the year whose entries it was made for. */
interface AuditKey {
  readonly version: string;
  readonly key: Uint8Array;
}

export interface KeyRingOptions {
  readonly dynamo: DynamoDBClient;
  readonly kms: KMSClient;
  /** ARN or id of the KMS key that wraps data keys. */
  readonly kmsKeyId: string;
  /** Deployed name of the jobs table. */
  readonly table: string;
  readonly clock: Clock;
  readonly ageMs?: () => number;
}

interface KeyName {
  readonly key: ItemKey;
  readonly context: Record<string, string>;
  /** Epoch seconds; absent: it is kept for ever. */
  readonly ttl?: number;
}

export function createKeyRing(options: KeyRingOptions): KeyRing {
  const plain = createExpiringCache<Uint8Array>(KEPT_DAY_KEYS, KEEP_MS, options.ageMs);
  // Wrapped keys never change, so they are kept for as long as there is room.
  const wrapped = new Map<string, Uint8Array>();
  const remember = (name: KeyName, bytes: Uint8Array): Uint8Array => {
    wrapped.set(name.key.pk, bytes);
    // Only the oldest goes: a batch offers several keys before the first of them is used.
    const oldest = wrapped.keys().next();
    if (wrapped.size > KEPT_DAY_KEYS && !oldest.done) wrapped.delete(oldest.value);
    return bytes;
  };

  const find = async (name: KeyName): Promise<Uint8Array | undefined> => {
    const known = wrapped.get(name.key.pk);
    if (known) return known;
    const command = new GetItemCommand({
      TableName: options.table,
      Key: keyOf(name.key),
      ConsistentRead: true,
    });
    const { Item } = await callAws('DynamoDB GetItem', () => options.dynamo.send(command));
    const bytes = Item?.['wrapped']?.B;
    return bytes && remember(name, bytes);
  };

  const unwrap = async (name: KeyName, bytes: Uint8Array): Promise<Uint8Array> => {
    const command = new DecryptCommand({
      KeyId: options.kmsKeyId,
      CiphertextBlob: bytes,
      EncryptionContext: name.context,
    });
    const { Plaintext } = await callAws('KMS Decrypt', () => options.kms.send(command));
    if (Plaintext?.length !== 32) throw new FieldCipherError('key_unusable', 'A data key is not 32 bytes.');
    return Plaintext;
  };

  const findOrMake = async (name: KeyName): Promise<Uint8Array> =>
    unwrap(name, (await find(name)) ?? remember(name, await make(options, name)));

  return {
    dayKeyForSealing: (day) => plain.get(day, () => findOrMake(dayName(day))),
    dayKeyForOpening: (day) =>
      plain.get(day, async () => {
        const bytes = await find(dayName(day));
        if (!bytes) throw new FieldCipherError('key_missing', `There is no field key of ${day}.`);
        return unwrap(dayName(day), bytes);
      }),
    hashKey: () => plain.get('hash', () => findOrMake(HASH_NAME)),
    auditKey: (version) => plain.get(auditKeyKey(version).pk, () => findOrMake(auditName(version))),
    auditKeys: async () => {
      const names = yearsKept(options.clock()).map((version) => ({ version, ...auditName(version) }));
      const items = await batchGet(
        options.dynamo,
        names.map(({ key }) => ({ table: options.table, ...key })),
      );
      const keys = await Promise.all(
        names.map(async ({ version, ...name }, index) => {
          const bytes = items[index]?.['wrapped']?.B;
          if (!bytes) return [];
          return [{ version, key: await plain.get(name.key.pk, () => unwrap(name, bytes)) }];
        }),
      );
      return keys.flat();
    },
    wanted: (day) => {
      const { key } = dayName(day);
      return plain.has(day) || wrapped.has(key.pk) ? undefined : { table: options.table, ...key };
    },
    offer: (day, item) => {
      const bytes = item?.['wrapped']?.B;
      if (bytes) remember(dayName(day), bytes);
    },
  };
}

const dayName = (day: string): KeyName => ({ key: dayKeyKey(day), context: { purpose: 'field', day } });
const HASH_NAME: KeyName = { key: HASH_KEY_KEY, context: { purpose: 'hash' } };
/** It goes with the last entry that was written under it: from then on nobody can tell whose any of them was. */
const auditName = (version: string): KeyName => ({
  key: auditKeyKey(version),
  context: { purpose: 'audit-hash', year: version },
  ttl: ttlAfter(`${Number(version) + 1}-01-01T00:00:00.000Z`, RETENTION_DAYS.accesses),
});

/** Every year of which entries may stand, the newest first; another environment's clock may be in the next one. */
function yearsKept(now: Instant): readonly string[] {
  const first = Number(keyVersionAt(addSeconds(now, -RETENTION_DAYS.accesses * DAY_SECONDS)));
  const last = Number(keyVersionAt(addSeconds(now, DAY_SECONDS)));
  return Array.from({ length: last - first + 1 }, (_, index) => String(last - index));
}

/** Makes a key and stores it wrapped; the loser of a race takes the winner's. */
async function make(options: KeyRingOptions, name: KeyName): Promise<Uint8Array> {
  const generate = new GenerateDataKeyWithoutPlaintextCommand({
    KeyId: options.kmsKeyId,
    KeySpec: 'AES_256',
    EncryptionContext: name.context,
  });
  const answer = await callAws('KMS GenerateDataKeyWithoutPlaintext', () => options.kms.send(generate));
  const bytes = answer.CiphertextBlob;
  if (!bytes) throw new FieldCipherError('key_unusable', 'KMS made a data key without bytes.');
  try {
    await options.dynamo.send(
      new PutItemCommand({
        TableName: options.table,
        Item: {
          ...keyOf(name.key),
          wrapped: { B: bytes },
          context: { S: JSON.stringify(name.context) },
          createdAt: { S: options.clock() },
          ...(name.ttl !== undefined && { [TTL_ATTRIBUTE]: { N: String(name.ttl) } }),
        },
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return bytes;
  } catch (error) {
    if (!isNamed(error, 'ConditionalCheckFailedException'))
      throw translateSdkError(error, 'DynamoDB PutItem');
    // Matched by name just above.
    const winner = (error as ConditionalCheckFailedException).Item?.['wrapped']?.B;
    if (!winner) throw new FieldCipherError('key_unusable', 'A stored data key has no bytes.');
    return winner;
  }
}
