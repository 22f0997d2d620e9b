import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { RETENTION_DAYS, TTL_ATTRIBUTE } from '../contract/tables.ts';
import { type JsonObject, type OutcomeRow, SYSTEM_OWNER } from '../jobs/ports.ts';
import { type Item, keyOf } from './batch-get.ts';
import type { FieldCipher } from './field-cipher.ts';
import { type ItemKey, keyIn, outcomeKey } from './item-keys.ts';
import { ttlAfter } from './retention.ts';
import { type FieldSpec, readFields, readVersion, StoredItemError } from './row-fields.ts';

const OUTCOME_VERSION = 1;

export interface OutcomeItemOptions {
  /** Deployed name of the jobs table. */
  readonly table: string;
  readonly shards: number;
  readonly cipher: FieldCipher;
}

/** A row's facts are filled up to a multiple of so many characters: those of every kind fit into one, so none stands out. */
const BLOCK = 256;

/** `facts` are sealed under the system's secret: a roll-up opens those of thousands of patients. */
export async function outcomeItem(
  { table, shards, cipher }: OutcomeItemOptions,
  { facts, ...row }: OutcomeRow,
): Promise<TransactWriteItem> {
  const key = outcomeKey(row, shards);
  const sealed = facts && (await cipher.seal(factsPlace(key), SYSTEM_OWNER, padded(JSON.stringify(facts))));
  const members = { ...row, ...(sealed && { facts: sealed }) };
  const ttl = ttlAfter(row.endedAt, RETENTION_DAYS.outcomes);
  return {
    Put: {
      TableName: table,
      Item: {
        ...marshall(
          { ...members, v: OUTCOME_VERSION, [TTL_ATTRIBUTE]: ttl },
          { removeUndefinedValues: true },
        ),
        ...keyOf(key),
      },
    },
  };
}

const factsPlace = (key: ItemKey) => ({ table: 'jobs', ...key, attribute: 'facts' }) as const;

const padded = (text: string): string => text.padEnd(Math.ceil(text.length / BLOCK) * BLOCK);

const FIELDS: FieldSpec<Omit<OutcomeRow, 'facts'>> = {
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

/**
 * The row without what is sealed of it: whoever lists ended jobs needs no key.
 * @throws StoredItemError
 */
export function parseOutcome(item: Item): OutcomeRow {
  readVersion(item, 'v', OUTCOME_VERSION, 'outcome');
  return readFields<Omit<OutcomeRow, 'facts'>>(item, FIELDS, 'outcome');
}

/** @throws StoredItemError, FieldCipherError */
export async function openOutcome(cipher: FieldCipher, item: Item): Promise<OutcomeRow> {
  const row = parseOutcome(item);
  const sealed = item['facts']?.B;
  if (!sealed) return row;
  const text = await cipher.open(factsPlace(keyIn(item)), SYSTEM_OWNER, sealed);
  if (typeof text !== 'string') throw new StoredItemError('The facts of a stored outcome are no text.');
  // Written by this code only, as an object, and the envelope proves that they are unaltered.
  return { ...row, facts: JSON.parse(text) as JsonObject };
}
