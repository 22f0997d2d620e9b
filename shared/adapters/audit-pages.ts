import type { DynamoDBClient, QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { INDEXES } from '../contract/tables.ts';
import type { AuditEntry } from '../evidence/audit-entry.ts';
import { type Instant, instantOf, msOf } from '../lifecycle/instant.ts';
import type { AuditAbout, AuditPage, AuditPages } from '../operations/audit-ports.ts';
import { parseAuditEntry } from './audit-items.ts';
import type { Item } from './batch-get.ts';
import { AUDIT_POSITION, decodeCursor, encodeCursor } from './cursor.ts';
import { queryFirst } from './query-pages.ts';
import { StoredItemError } from './row-fields.ts';

const { auditByJob, auditBySubject, auditByActor } = INDEXES;

/** The audit trail by its indexes. Those by people have a partition for each month, which are read one after the other. */
export function createAuditPages({
  client,
  table,
}: {
  readonly client: DynamoDBClient;
  /** Deployed name of the audit table. */
  readonly table: string;
}): AuditPages {
  return {
    page: async (about, { from, to }, limit, after) => {
      const start =
        after === undefined ? from : laterText(from, justAfter(decodeCursor(after, AUDIT_POSITION)));
      const items: Item[] = [];
      // One more than is shown tells of a next page.
      for (const keys of partitionsOf(about, start, to)) {
        const room = limit + 1 - items.length;
        if (room <= 0) break;
        const lists = await Promise.all(
          keys.map((key) => queryFirst(client, query(table, key, start, to), room)),
        );
        items.push(...lists.flat().sort(byTime).slice(0, room));
      }
      const shown = items.slice(0, limit);
      const last = shown.at(-1);
      return {
        ...read(shown),
        ...(items.length > limit && last && { next: encodeCursor(last[auditByJob.sort]?.S ?? '') }),
      };
    },
  };
}

interface Partition {
  readonly index: { readonly name: string; readonly partition: string; readonly sort: string };
  readonly value: string;
}

/** One after the other; those that stand together are of the same time. */
function partitionsOf(about: AuditAbout, from: string, to: Instant): readonly (readonly Partition[])[] {
  if (from >= to) return [];
  if (about.by === 'job') return [[{ index: auditByJob, value: about.jobId }]];
  const index = about.by === 'subject' ? auditBySubject : auditByActor;
  const refs = [about.ref, ...(about.pseudonyms ?? [])];
  return monthsOf(from, to).map((month) => refs.map((ref) => ({ index, value: `${ref}#${month}` })));
}

/** All three indexes are sorted by the same attribute. */
const byTime = (a: Item, b: Item): number =>
  (a[auditByJob.sort]?.S ?? '') < (b[auditByJob.sort]?.S ?? '') ? -1 : 1;

/** `YYYY-MM` of every month that has an instant of `[from, to)`. */
function monthsOf(from: string, to: Instant): readonly string[] {
  const months: string[] = [];
  const last = instantOf(msOf(to) - 1).slice(0, 7);
  for (let month = from.slice(0, 7); month <= last; month = monthAfter(month)) months.push(month);
  return months;
}

/** @param month `YYYY-MM` */
function monthAfter(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
}

const query = (table: string, { index, value }: Partition, from: string, to: Instant): QueryCommandInput => ({
  TableName: table,
  IndexName: index.name,
  KeyConditionExpression: `${index.partition} = :of AND ${index.sort} BETWEEN :from AND :to`,
  // A sort key is longer than the instant with which it begins, so the end is not included.
  ExpressionAttributeValues: { ':of': { S: value }, ':from': { S: from }, ':to': { S: to } },
});

function read(items: readonly Item[]): Pick<AuditPage, 'entries' | 'unreadable'> {
  const entries: AuditEntry[] = [];
  for (const item of items)
    try {
      entries.push(parseAuditEntry(item));
    } catch (error) {
      if (!(error instanceof StoredItemError)) throw error;
    }
  return { entries, unreadable: items.length - entries.length };
}

/** The first text after a sort key: none of theirs has a character below this one. */
const justAfter = (sort: string): string => `${sort}!`;
const laterText = (a: string, b: string): string => (a > b ? a : b);
