import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { INDEXES, RETENTION_DAYS, TTL_ATTRIBUTE } from '../contract/tables.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { BreakGlassGrant } from '../operations/break-glass-ports.ts';
import { type Item, keyOf } from './batch-get.ts';
import { breakGlassKey, breakGlassPointerKey } from './item-keys.ts';
import { ttlAfter } from './retention.ts';
import { type FieldSpec, readFields, readVersion } from './row-fields.ts';

const GRANT_VERSION = 1;
/** A pointer outlives its grant by the term of the review, and a bar. */
const POINTER_DAYS = 5;

const { partition: WATCH, sort: WATCH_SORT } = INDEXES.jobsByWatch;

/** Partitions of the status index, which jobs name by class and priority. */
export const REVIEWS = { waiting: 'break_glass#waiting', made: 'break_glass#made' } as const;

/** Where a grant stands in the list of reviews: by its term, or by when it was judged. */
export const reviewEntry = ({ grantId, reviewDueAt, review }: BreakGlassGrant) => ({
  [WATCH]: review ? REVIEWS.made : REVIEWS.waiting,
  [WATCH_SORT]: `${review?.reviewedAt ?? reviewDueAt}#${grantId}`,
});

const { partition: USER, sort: USER_SORT } = INDEXES.jobsByUser;

/** Where the grants for a patient stand beside that patient's jobs, of which none is in such a month. */
export const grantsOfPatient = (userRef: string): string => `${userRef}#break_glass`;

const patientEntry = ({ userRef, grantedAt, grantId }: BreakGlassGrant) => ({
  [USER]: grantsOfPatient(userRef),
  [USER_SORT]: `${grantedAt}#${grantId}`,
});

/** @param body the sealed words */
export const grantItem = (table: string, grant: BreakGlassGrant, body: Uint8Array): TransactWriteItem => ({
  Put: {
    TableName: table,
    Item: {
      ...marshall(
        {
          ...grant,
          ...reviewEntry(grant),
          ...patientEntry(grant),
          v: GRANT_VERSION,
          [TTL_ATTRIBUTE]: ttlAfter(grant.grantedAt, RETENTION_DAYS.outcomes),
        },
        { removeUndefinedValues: true },
      ),
      ...keyOf(breakGlassKey(grant.grantId)),
      body: { B: body },
    },
    ConditionExpression: 'attribute_not_exists(pk)',
  },
});

/**
 * By which a grant is found when its holder comes: the newest one of that person for that patient. It also carries until when
 * a verdict bars them, which a newer grant leaves as it is, and which none gets past.
 */
export const pointerItem = (
  table: string,
  { actorRef, userRef, grantId, grantedAt, expiresAt }: BreakGlassGrant,
): TransactWriteItem => ({
  Update: {
    TableName: table,
    Key: keyOf(breakGlassPointerKey(actorRef, userRef)),
    UpdateExpression: 'SET #grant = :grant, #expires = :expires, #ttl = :ttl',
    ConditionExpression: 'attribute_not_exists(#barred) OR #barred <= :now',
    ExpressionAttributeNames: { ...POINTER_NAMES, '#barred': BARRED },
    ExpressionAttributeValues: {
      ...marshall({ ':grant': grantId, ':expires': expiresAt, ':now': grantedAt }),
      ':ttl': { N: String(ttlAfter(expiresAt, POINTER_DAYS)) },
    },
  },
});

/** Bars the holder of a grant until then. A late verdict finds no pointer any more: it makes one, to that grant. */
export const barItem = (
  table: string,
  { actorRef, userRef, grantId, expiresAt }: BreakGlassGrant,
  until: Instant,
): TransactWriteItem => ({
  Update: {
    TableName: table,
    Key: keyOf(breakGlassPointerKey(actorRef, userRef)),
    UpdateExpression:
      'SET #grant = if_not_exists(#grant, :grant), #expires = if_not_exists(#expires, :expires), #barred = :until, #ttl = :ttl',
    ExpressionAttributeNames: { ...POINTER_NAMES, '#barred': BARRED },
    ExpressionAttributeValues: {
      ...marshall({ ':grant': grantId, ':expires': expiresAt, ':until': until }),
      ':ttl': { N: String(ttlAfter(until, POINTER_DAYS)) },
    },
  },
});

const BARRED = 'barredUntil';
const POINTER_NAMES = { '#grant': 'grantId', '#expires': 'expiresAt', '#ttl': TTL_ATTRIBUTE } as const;

/** @throws StoredItemError */
export const parsePointer = (item: Item) =>
  readFields<Pick<BreakGlassGrant, 'grantId' | 'expiresAt'>>(
    item,
    { grantId: 'string', expiresAt: 'string' },
    'pointer to a grant',
  );

const FIELDS: FieldSpec<BreakGlassGrant> = {
  grantId: 'string',
  userRef: 'string',
  actorRef: 'string',
  role: 'string',
  reasonCode: 'string',
  grantedAt: 'string',
  expiresAt: 'string',
  reviewDueAt: 'string',
  endedAt: 'string?',
  review: 'map?',
  revision: 'number',
};

/** @throws StoredItemError */
export function parseGrant(item: Item): BreakGlassGrant {
  readVersion(item, 'v', GRANT_VERSION, 'grant of emergency access');
  return readFields<BreakGlassGrant>(item, FIELDS, 'grant of emergency access');
}
