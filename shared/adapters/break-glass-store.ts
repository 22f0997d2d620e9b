import type { DynamoDBClient, QueryCommandInput, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { INDEXES } from '../contract/tables.ts';
import { RetryableError } from '../errors/attempt-error.ts';
import { ProblemError } from '../errors/problem-error.ts';
import { barredUntil, type ReviewStatus } from '../evidence/break-glass.ts';
import type { Json } from '../jobs/ports.ts';
import type { Clock, Instant } from '../lifecycle/instant.ts';
import type { BreakGlassGrant, BreakGlassStore, BreakGlassWords } from '../operations/break-glass-ports.ts';
import { answerIn, idempotencyItem } from './accept-job.ts';
import { auditItem } from './audit-items.ts';
import type { Pseudonymize } from './audit-pseudonyms.ts';
import { batchGet, type Item, keyOf } from './batch-get.ts';
import { barItem, grantItem, parseGrant, pointerItem, REVIEWS, reviewEntry } from './break-glass-items.ts';
import { decodeCursor, encodeCursor, INSTANT_AND_JOB } from './cursor.ts';
import { acceptedItems, breakGlassItem } from './event-items.ts';
import type { FieldCipher } from './field-cipher.ts';
import { FieldCipherError } from './field-cipher-error.ts';
import { breakGlassKey } from './item-keys.ts';
import { newJobItems } from './new-job-items.ts';
import { queryFirst } from './query-pages.ts';
import { ttlOfItem } from './record-items.ts';
import { isOver } from './retention.ts';
import { StoredItemError } from './row-fields.ts';
import { transact } from './transaction.ts';

export interface BreakGlassStoreOptions {
  readonly client: DynamoDBClient;
  /** Deployed names. */
  readonly tables: { readonly jobs: string; readonly audit: string };
  readonly cipher: FieldCipher;
  readonly pseudonymize: Pseudonymize;
  readonly clock: Clock;
  readonly shards: { readonly watch: number; readonly outcome: number };
}

/** Grants of emergency access: codes and times in the clear, whose they are and why sealed with the patient's secret. */
export function createBreakGlassStore(options: BreakGlassStoreOptions): BreakGlassStore {
  const { client, tables, cipher, pseudonymize, clock, shards } = options;
  const itemOf = async (grantId: string): Promise<Item | undefined> => {
    const [item] = await batchGet(client, [{ table: tables.jobs, ...breakGlassKey(grantId) }]);
    return item && !isOver(ttlOfItem(item), clock()) ? item : undefined;
  };
  return {
    open: async ({ grant, words, audit, notice, idempotency }) => {
      const body = await cipher.seal(placeOf(grant.grantId, 'body'), grant.userRef, { ...words });
      const outcomeShards = shards.outcome;
      const items = [
        pointerItem(tables.jobs, grant),
        grantItem(tables.jobs, grant, body),
        breakGlassItem({ table: tables.jobs, outcomeShards }, { id: grant.grantId, at: grant.grantedAt }),
        await auditItem(options, audit),
        ...(await newJobItems({ tables, cipher, pseudonymize, watchShards: shards.watch }, notice)),
        ...acceptedItems({ table: tables.jobs, outcomeShards }, [notice]),
      ];
      const before = items.length;
      if (idempotency) items.push(idempotencyItem(tables.jobs, idempotency, grant.grantedAt));
      const answer = await transact(client, items, `break-glass|${grant.grantId}`);
      if (answer.done) return {};
      if (answer.reasons[0]?.Code === 'ConditionalCheckFailed') return { barred: true };
      const claim = answer.reasons[before];
      if (claim?.Code === 'ConditionalCheckFailed') return { taken: answerIn(claim.Item ?? {}) };
      throw new RetryableError('conflict', 'Other writers kept the grant from being written.');
    },

    read: async (grantId) => {
      const item = await itemOf(grantId);
      if (!item) return undefined;
      const grant = parseGrant(item);
      const words = await wordsIn(cipher, grant, item);
      return { grant, ...(words && { words }) };
    },

    readClear: async (grantId) => {
      const item = await itemOf(grantId);
      return item && parseGrant(item);
    },

    change: async (before, after, audit, note) => {
      const { grantId, userRef } = before;
      const sealed =
        note === undefined ? undefined : await sealNote(cipher, placeOf(grantId, 'note'), userRef, note);
      const until = after.review && barredUntil(after.review);
      const items = [
        changeItem(tables.jobs, before, after, sealed),
        await auditItem(options, audit),
        ...(until === undefined ? [] : [barItem(tables.jobs, after, until)]),
      ];
      return (await transact(client, items, `break-glass|${grantId}|${after.revision}`)).done;
    },

    page: async (status, now, limit, after) => {
      const position = after === undefined ? undefined : decodeCursor(after, INSTANT_AND_JOB);
      const input = queryOf(tables.jobs, status, now, position);
      // One more tells of a next page; the position itself is in the range, too.
      const items = await queryFirst(client, input, limit + 2);
      const found = items.map(parseGrant).filter((grant) => positionOf(grant) !== position);
      const grants = found.slice(0, limit);
      const last = grants.at(-1);
      return { grants, ...(found.length > limit && last && { next: encodeCursor(positionOf(last)) }) };
    },
  };
}

const placeOf = (grantId: string, attribute: 'body' | 'note') =>
  ({ table: 'jobs', ...breakGlassKey(grantId), attribute }) as const;

const { name: INDEX, partition: WATCH, sort: WATCH_SORT } = INDEXES.jobsByWatch;

const positionOf = (grant: BreakGlassGrant): string => String(reviewEntry(grant)[WATCH_SORT]);

/** Waiting ones by their term, cut at now; judged ones backwards. */
function queryOf(table: string, status: ReviewStatus, now: Instant, position?: string): QueryCommandInput {
  const [from, until] = RANGES[status](now, position);
  return {
    TableName: table,
    IndexName: INDEX,
    KeyConditionExpression: '#partition = :list AND #sort BETWEEN :from AND :until',
    ExpressionAttributeNames: { '#partition': WATCH, '#sort': WATCH_SORT },
    ExpressionAttributeValues: {
      ':list': { S: status === 'reviewed' ? REVIEWS.made : REVIEWS.waiting },
      ':from': { S: from },
      ':until': { S: until },
    },
    ScanIndexForward: status !== 'reviewed',
  };
}

/** Sorts before and after every instant. */
const FIRST = '0';
const LAST = '~';

const RANGES = {
  // `<now>#<id>` sorts after `<now>`: what is due at this very moment is not overdue yet.
  overdue: (now, position = FIRST) => [position, now],
  open: (now, position = now) => [position, LAST],
  reviewed: (_now, position = LAST) => [FIRST, position],
} as const satisfies Record<
  ReviewStatus,
  (now: Instant, position?: string) => readonly [from: string, until: string]
>;

function changeItem(
  table: string,
  before: BreakGlassGrant,
  after: BreakGlassGrant,
  note: Uint8Array | undefined,
): TransactWriteItem {
  const { endedAt, review, revision } = after;
  const members = marshall(
    { endedAt, review, revision, ...reviewEntry(after) },
    { removeUndefinedValues: true },
  );
  const set: Item = { ...members, ...(note && { note: { B: note } }) };
  const names = Object.keys(set);
  return {
    Update: {
      TableName: table,
      Key: keyOf(breakGlassKey(before.grantId)),
      UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
      ConditionExpression: 'revision = :before',
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
        ':before': { N: String(before.revision) },
      },
    },
  };
}

/** A verdict goes on without the reviewer's words when nothing is sealed for the patient any more. */
async function sealNote(
  cipher: FieldCipher,
  place: ReturnType<typeof placeOf>,
  userRef: string,
  note: string,
): Promise<Uint8Array | undefined> {
  try {
    return await cipher.seal(place, userRef, note);
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'user_erased') return undefined;
    throw error;
  }
}

/** Nothing when the patient's secret was erased. @throws FieldCipherError, StoredItemError */
async function wordsIn(
  cipher: FieldCipher,
  { grantId, userRef }: BreakGlassGrant,
  item: Item,
): Promise<BreakGlassWords | undefined> {
  try {
    const words = wordsOf(await cipher.open(placeOf(grantId, 'body'), userRef, item['body']?.B));
    const sealed = item['note']?.B;
    if (!sealed) return words;
    return { ...words, note: String(await cipher.open(placeOf(grantId, 'note'), userRef, sealed)) };
  } catch (error) {
    if (error instanceof FieldCipherError && error.code === 'secret_missing') return undefined;
    throw error;
  }
}

function wordsOf(body: Json): BreakGlassWords {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new StoredItemError('The words of a grant are no object.');
  // Written by this code only, and the envelope proves that it is unaltered.
  return body as unknown as BreakGlassWords;
}
