import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { AUDIT_SHARDS, INDEXES, TTL_ATTRIBUTE } from '../contract/tables.ts';
import { daysKept } from '../evidence/accounting.ts';
import type { AuditEntry } from '../evidence/audit-entry.ts';
import type { Pseudonymize } from './audit-pseudonyms.ts';
import { type Item, keyOf } from './batch-get.ts';
import { chainPartition, chainSort, type ItemKey } from './item-keys.ts';
import { ttlAfter } from './retention.ts';
import { type FieldSpec, readFields, readVersion } from './row-fields.ts';
import { shardOf } from './stable-hash.ts';

const ENTRY_VERSION = 1;

/** How the ids of entries begin that stand for all refusals of one minute and reason. */
const GATHERED = 'refusal#';

/** Entries of a job's chain stand together in their order, gathered refusals under their minute, others under their day. */
function entryKey(entry: AuditEntry): ItemKey {
  if (entry.jobId !== undefined && entry.seq !== undefined)
    return { pk: chainPartition(entry.jobId), sk: chainSort(entry.seq) };
  if (entry.entryId.startsWith(GATHERED))
    return { pk: gatheredPartition(entry.at), sk: entry.entryId.slice(GATHERED.length) };
  return { pk: unchainedPartition(entry.at), sk: `${entry.at}#${entry.entryId}` };
}

/** @param minute the instant at which it begins */
export const gatheredPartition = (minute: string): string => `REFUSAL#${minute}`;
/** Time and id of a gathered entry by its sort key. @param minute the instant at which it begins */
export const gatheredSort = (minute: string, sk: string): string => `${minute}#${GATHERED}${sk}`;
/** @param at any instant of the day, or what it begins with */
export const unchainedPartition = (at: string): string => `DAY#${at.slice(0, 10)}`;

/** @param hour `YYYY-MM-DDTHH` */
export const hourPartition = (hour: string, shard: number): string => `${hour}#${shard}`;

/** The put of an entry as it stands in the trail. Nothing that stands is ever overwritten. */
export function auditPut(table: string, entry: AuditEntry) {
  const month = entry.at.slice(0, 7);
  const { auditBySubject, auditByActor, auditByHour } = INDEXES;
  return {
    TableName: table,
    Item: {
      ...marshall(
        {
          ...entry,
          ...(entry.subjectRef !== undefined && {
            [auditBySubject.partition]: `${entry.subjectRef}#${month}`,
          }),
          [auditByActor.partition]: `${entry.actor.ref}#${month}`,
          [auditByHour.partition]: hourPartition(entry.at.slice(0, 13), shardOf(entry.entryId, AUDIT_SHARDS)),
          [auditByActor.sort]: `${entry.at}#${entry.entryId}`,
          [TTL_ATTRIBUTE]: ttlAfter(entry.at, daysKept(entry)),
        },
        { removeUndefinedValues: true },
      ),
      ...keyOf(entryKey(entry)),
    },
    ConditionExpression: 'attribute_not_exists(pk)',
  };
}

/** What it takes to write entries. */
export interface AuditWriting {
  readonly tables: { readonly audit: string };
  readonly pseudonymize: Pseudonymize;
}

/** The one way of an entry into a transaction: under pseudonyms. */
export const auditItem = async (
  { tables, pseudonymize }: AuditWriting,
  entry: AuditEntry,
): Promise<TransactWriteItem> => ({ Put: auditPut(tables.audit, await pseudonymize(entry)) });

const FIELDS: FieldSpec<AuditEntry> = {
  v: 'number',
  entryId: 'string',
  at: 'string',
  action: 'string',
  outcome: 'string',
  actor: 'map',
  subjectRef: 'string?',
  jobId: 'string?',
  correlationId: 'string',
  details: 'map',
  seq: 'number?',
  prevHash: 'string?',
  hash: 'string',
};

/** @throws StoredItemError */
export function parseAuditEntry(item: Item): AuditEntry {
  readVersion(item, 'v', ENTRY_VERSION, 'audit entry');
  return readFields<AuditEntry>(item, FIELDS, 'audit entry');
}
