import { randomBytes } from 'node:crypto';
import {
  type ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { ProblemError } from '../errors/problem-error.ts';
import type { Clock } from '../lifecycle/instant.ts';
import { type Item, type ItemAddress, keyOf } from './batch-get.ts';
import { createExpiringCache } from './expiring-cache.ts';
import { FieldCipherError } from './field-cipher-error.ts';
import { createGate } from './gate.ts';
import { secretKey } from './item-keys.ts';
import { callAws, isNamed, translateSdkError } from './sdk-errors.ts';

/** Short, so that an erased secret is soon out of every environment. */
const KEEP_MS = 60_000;
const KEPT_SECRETS = 500;
const SECRET_BYTES = 32;
/**
 * Owners whose secrets are looked for at a time. An import seals the lines of hundreds of new ones at once: all in one go
 * they would wait for each other's connections until the first of them have waited too long.
 */
const MOST_AT_ONCE = 16;

/**
 * One random secret per owner. It salts the keys of all the owner's fields: deleting it erases them, in the tables
 * and in every backup. Therefore opening never makes a secret, only sealing does.
 */
export interface OwnerSecrets {
  /** @throws ProblemError `user_erased` once it is closed or destroyed: such an owner never gets a new one */
  secretForSealing(owner: string): Promise<Uint8Array>;
  /** @throws FieldCipherError `secret_missing` */
  secretForOpening(owner: string): Promise<Uint8Array>;
  /** Address of a secret that is not cached: join it to a batch that is read anyway. */
  wanted(owner: string): ItemAddress | undefined;
  /** Hands over what the batch found; `undefined` saves the next sealing a read. */
  offer(owner: string, item: Item | undefined): void;
}

export interface OwnerSecretsOptions {
  readonly dynamo: DynamoDBClient;
  /** Deployed name of the secrets table. */
  readonly table: string;
  readonly clock: Clock;
  readonly ageMs?: () => number;
}

export function createOwnerSecrets(options: OwnerSecretsOptions): OwnerSecrets {
  const cache = createExpiringCache<Uint8Array>(KEPT_SECRETS, KEEP_MS, options.ageMs);
  /** Owners of whom the last batch found no secret: the next sealing makes one without looking again. */
  const absent = new Set<string>();
  const oneOfFew = createGate(MOST_AT_ONCE);

  const find = async (owner: string): Promise<Item | undefined> => {
    const command = new GetItemCommand({
      TableName: options.table,
      Key: keyOf(secretKey(owner)),
      ConsistentRead: true,
    });
    const { Item } = await callAws('DynamoDB GetItem', () => options.dynamo.send(command));
    return Item;
  };

  const opened = async (owner: string): Promise<Uint8Array> => demandSecret(await find(owner));

  return {
    secretForSealing: (owner) =>
      cache.get(owner, () =>
        oneOfFew(async () => {
          const known = absent.delete(owner) ? undefined : await find(owner);
          if (isClosed(known)) throw userErased();
          return secretOf(known) ?? make(options, owner);
        }),
      ),
    secretForOpening: async (owner) => {
      if (cache.has(owner)) return cache.get(owner, () => opened(owner));
      const known = await find(owner);
      const secret = demandSecret(known);
      // A closed one is not kept: from the cache it would seal.
      return isClosed(known) ? secret : cache.get(owner, () => Promise.resolve(secret));
    },
    wanted: (owner) => (cache.has(owner) ? undefined : { table: options.table, ...secretKey(owner) }),
    offer: (owner, item) => {
      const secret = secretOf(item);
      absent.delete(owner);
      if (isClosed(item)) return;
      if (secret) cache.get(owner, () => Promise.resolve(secret)).catch(() => undefined);
      else if (absent.size < KEPT_SECRETS) absent.add(owner);
    },
  };
}

const secretOf = (item: Item | undefined): Uint8Array | undefined => item?.['secret']?.B;

/** From then on nothing new is sealed; what stands can be opened until the secret is destroyed. */
const isClosed = (item: Item | undefined): boolean => item?.['closedAt'] !== undefined;

function demandSecret(item: Item | undefined): Uint8Array {
  const secret = secretOf(item);
  if (!secret) throw new FieldCipherError('secret_missing', 'The secret of an owner does not exist.');
  return secret;
}

const userErased = (): ProblemError =>
  new ProblemError('user_erased', 'What was known of this user is erased, and nothing new is taken.');

/** The loser of a race takes the winner's secret. */
async function make(options: OwnerSecretsOptions, owner: string): Promise<Uint8Array> {
  const secret = randomBytes(SECRET_BYTES);
  try {
    await options.dynamo.send(
      new PutItemCommand({
        TableName: options.table,
        Item: { ...keyOf(secretKey(owner)), secret: { B: secret }, createdAt: { S: options.clock() } },
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return secret;
  } catch (error) {
    if (!isNamed(error, 'ConditionalCheckFailedException'))
      throw translateSdkError(error, 'DynamoDB PutItem');
    // Matched by name just above.
    const row = (error as ConditionalCheckFailedException).Item;
    if (isClosed(row)) throw userErased();
    const winner = secretOf(row);
    if (!winner) throw new FieldCipherError('secret_missing', 'The row of an owner holds no secret.');
    return winner;
  }
}
