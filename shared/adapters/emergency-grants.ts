import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { INDEXES, PARTITION_KEY } from '../contract/tables.ts';
import { reviewDueAt } from '../evidence/break-glass.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { EmergencyGrants, OverdueReviews } from '../operations/break-glass-ports.ts';
import { batchGet } from './batch-get.ts';
import { parseGrant, parsePointer, REVIEWS } from './break-glass-items.ts';
import { breakGlassKey, breakGlassPointerKey } from './item-keys.ts';
import { queryFirst, queryItems } from './query-pages.ts';

export interface EmergencyGrantsOptions {
  readonly client: DynamoDBClient;
  /** Deployed name of the jobs table. */
  readonly table: string;
}

/** Whether somebody has emergency access. Read strongly consistent: what was ended a moment ago opens nothing. */
export function createEmergencyGrants({ client, table }: EmergencyGrantsOptions): EmergencyGrants {
  const grants = async (ids: readonly string[]) => {
    const items = await batchGet(
      client,
      ids.map((id) => ({ table, ...breakGlassKey(id) })),
    );
    return items.flatMap((item) => (item ? [parseGrant(item)] : []));
  };
  return {
    newest: async (actorRef, userRef) => {
      const [pointer] = await batchGet(client, [{ table, ...breakGlassPointerKey(actorRef, userRef) }]);
      if (!pointer) return undefined;
      const [grant] = await grants([parsePointer(pointer).grantId]);
      return grant;
    },

    unexpired: async (actorRef, now) => {
      const ids: string[] = [];
      const pointers = queryItems(client, {
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: `${PARTITION_KEY} = :holder`,
        ExpressionAttributeValues: { ':holder': { S: breakGlassPointerKey(actorRef, '').pk } },
      });
      for await (const item of pointers) {
        const { grantId, expiresAt } = parsePointer(item);
        if (expiresAt > now) ids.push(grantId);
      }
      // By age, so that a cursor into the list still fits when one more has come.
      return (await grants(ids)).sort((a, b) => (a.grantedAt < b.grantedAt ? -1 : 1));
    },
  };
}

/** The same rows by the term of their review, and by when they were judged. */
export const createOverdueReviews = ({ client, table }: EmergencyGrantsOptions): OverdueReviews => {
  const { name, partition, sort } = INDEXES.jobsByWatch;
  const find = (list: string, comparison: '<' | '>=', bound: Instant, limit: number) =>
    queryFirst(
      client,
      {
        TableName: table,
        IndexName: name,
        KeyConditionExpression: `#partition = :list AND #sort ${comparison} :bound`,
        ExpressionAttributeNames: { '#partition': partition, '#sort': sort },
        ExpressionAttributeValues: { ':list': { S: list }, ':bound': { S: bound } },
        ScanIndexForward: comparison === '<',
      },
      limit,
    );
  return {
    count: async (now, limit) => (await find(REVIEWS.waiting, '<', now, limit)).length,
    made: async (since, limit) => {
      const lists = await Promise.all([
        find(REVIEWS.waiting, '>=', reviewDueAt(since), limit),
        find(REVIEWS.made, '>=', since, limit),
      ]);
      const made = lists
        .flat()
        .map(parseGrant)
        .filter(({ grantedAt }) => grantedAt >= since);
      return Math.min(made.length, limit);
    },
  };
};
