import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { INDEXES } from '../contract/tables.ts';
import type { AuditEntry } from '../evidence/audit-entry.ts';
import type { Clock } from '../lifecycle/instant.ts';
import type { SubjectTrail } from '../operations/rights-ports.ts';
import { parseAuditEntry } from './audit-items.ts';
import type { Item } from './batch-get.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { queryFirst } from './query-pages.ts';
import { ttlOfItem } from './record-items.ts';
import { isOver } from './retention.ts';

export interface SubjectTrailOptions {
  readonly client: DynamoDBClient;
  /** Deployed name of the audit table. */
  readonly table: string;
  readonly clock: Clock;
}

/** Entries that one query reads at most. */
const BATCH = 200;
/** Queries of one request and subject: a month that is empty takes one. */
const MOST_ROUNDS = 24;
/** An instant, alone or followed by the id of an entry. */
const POSITION = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z(#[0-9A-Za-z#_-]{1,80})?$/;

const { name, partition, sort } = INDEXES.auditBySubject;

/** The trail by its index of patients and months. It follows the table within moments. */
export function createSubjectTrail({ client, table, clock }: SubjectTrailOptions): SubjectTrail {
  /** What stands before `bound` in that month, newest first. */
  const before = (subject: string, month: string, bound: string): Promise<Item[]> =>
    queryFirst(
      client,
      {
        TableName: table,
        IndexName: name,
        KeyConditionExpression: `${partition} = :month AND ${sort} < :bound`,
        ExpressionAttributeValues: { ':month': { S: `${subject}#${month}` }, ':bound': { S: bound } },
        ScanIndexForward: false,
      },
      BATCH,
    );

  return {
    page: async (subjects, { from, to }, wanted, limit, after) => {
      const found: AuditEntry[] = [];
      let bound = after === undefined ? to : earlier(decodeCursor(after, POSITION), to);
      for (let rounds = 0; bound > from; rounds += 1) {
        if (rounds === MOST_ROUNDS) return { entries: found, next: encodeCursor(bound) };
        const month = lastMonthBefore(bound);
        const lists = await Promise.all(subjects.map((subject) => before(subject, month, bound)));
        const items = lists
          .flat()
          .sort((a, b) => (sortOf(a) > sortOf(b) ? -1 : 1))
          .slice(0, BATCH);
        for (const item of items) {
          bound = sortOf(item);
          if (bound < from) return { entries: found };
          const entry = parseAuditEntry(item);
          if (isOver(ttlOfItem(item), clock()) || !wanted(entry)) continue;
          found.push(entry);
          if (found.length === limit) return { entries: found, next: encodeCursor(bound) };
        }
        // A month that was read to its end: on with the one before.
        if (items.length < BATCH) bound = startOf(month);
      }
      return { entries: found };
    },
  };
}

const sortOf = (item: Item): string => item[sort]?.S ?? '';
const earlier = (a: string, b: string): string => (a < b ? a : b);
const startOf = (month: string): string => `${month}-01T00:00:00.000Z`;

/** The month of the last moment before. */
function lastMonthBefore(bound: string): string {
  const month = bound.slice(0, 7);
  if (bound > startOf(month)) return month;
  const index = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 2;
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
}
