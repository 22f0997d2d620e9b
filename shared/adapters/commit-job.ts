import type { CancellationReason, DynamoDBClient, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { TTL_ATTRIBUTE } from '../contract/tables.ts';
import type { Clock } from '../lifecycle/instant.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { isTerminal } from '../lifecycle/transitions.ts';
import type { CommitAnswer, JobChange, NewJob, ParentChange } from '../operations/ports.ts';
import { auditItem } from './audit-items.ts';
import { changeUnderPseudonyms, type Pseudonymize } from './audit-pseudonyms.ts';
import { keyOf } from './batch-get.ts';
import { acceptedItems } from './event-items.ts';
import type { FieldCipher } from './field-cipher.ts';
import { payloadKey } from './item-keys.ts';
import { rowUpdate } from './job-row-update.ts';
import { newJobItems } from './new-job-items.ts';
import { occurrenceStateItem } from './occurrence-states.ts';
import { countItems, countSteps } from './open-count.ts';
import { outcomeItem } from './outcome-items.ts';
import { recallItems } from './recall-items.ts';
import { recordItems } from './record-items.ts';
import type { ResultStore } from './result-store.ts';
import { jobTtl } from './retention.ts';
import { sealSummary } from './summaries.ts';
import { transact } from './transaction.ts';

export interface CommitOptions {
  readonly client: DynamoDBClient;
  readonly tables: { readonly jobs: string; readonly records: string; readonly audit: string };
  readonly cipher: FieldCipher;
  readonly pseudonymize: Pseudonymize;
  readonly clock: Clock;
  readonly results: ResultStore;
  readonly shards: {
    readonly watch: number;
    readonly outcome?: number | undefined;
    readonly due?: number | undefined;
  };
}

/** Items that stand and fall together. A child's existence is no obstacle: the same id is the same child. */
interface Group {
  readonly part: 'row' | 'child' | 'other';
  readonly items: readonly TransactWriteItem[];
  readonly child?: NewJob;
}

/** One status change with all that belongs to it, in one transaction. */
export async function commitJob(options: CommitOptions, asked: JobChange): Promise<CommitAnswer> {
  const change = await changeUnderPseudonyms(options.pseudonymize, asked);
  const { before, event } = change;
  const seed = `${before.jobId}|${before.generation}|${before.fence}|${before.chainSeq}|${event}`;
  let groups = await groupsOf(options, change);
  for (;;) {
    const made = groups.flatMap(({ child }) => child ?? []);
    const own = groups.flatMap((group) => group.items);
    const counters = counterItems(options, change, made);
    // The reasons of what comes last are nobody's: these items have no condition.
    const items = [...own, ...counters, ...acceptedItems(eventOptions(options), made)];
    const answer = await transact(options.client, items, seed);
    if (answer.done) return 'committed';
    const judged = judge(groups, answer.reasons);
    const row = judged.find((group) => group.part === 'row');
    if (row?.failed) return isOurs(row.failed, change) ? 'committed' : 'lost';
    const existing = judged.filter((group) => group.part === 'child' && group.failed);
    const others = judged.some((group) => group.part === 'other' && group.failed);
    if (others) return 'conflict';
    if (existing.length === 0) {
      const full = answer.reasons.slice(own.length, own.length + counters.length).some(failedReason);
      return full ? 'full' : 'conflict';
    }
    groups = judged.filter((group) => !existing.includes(group));
  }
}

const eventOptions = ({ tables, shards }: CommitOptions) => ({
  table: tables.jobs,
  outcomeShards: shards.outcome,
});

/** The users' counters of open jobs: what ends is one less, what is retried or made one more. */
function counterItems({ tables }: CommitOptions, change: JobChange, made: readonly NewJob[]) {
  const { before, after, audit, openLimit } = change;
  return countItems(tables.jobs, countSteps(before, after, made), audit.at, openLimit);
}

const failedReason = (reason: CancellationReason): boolean => reason.Code === 'ConditionalCheckFailed';

/** The row shows this very change by the hash of its audit entry: an earlier try took effect, its answer got lost. */
const isOurs = (reason: CancellationReason, change: JobChange): boolean =>
  reason.Item?.['chainHash']?.S === change.after.chainHash;

/** Each group with the first failed condition among its items. */
function judge(groups: readonly Group[], reasons: readonly CancellationReason[]) {
  let next = 0;
  return groups.map((group) => {
    const own = reasons.slice(next, next + group.items.length);
    next += group.items.length;
    const failed = own.find(failedReason);
    return { ...group, failed };
  });
}

async function groupsOf(options: CommitOptions, change: JobChange): Promise<Group[]> {
  const { tables, cipher, pseudonymize, shards } = options;
  const { before, after, outcome, result, summary, recall } = change;
  if (outcome && shards.outcome === undefined)
    throw new Error('This function ends jobs but was not given the number of outcome shards.');
  const [sealed, children, records, results, ended, recalls] = await Promise.all([
    summary === undefined ? undefined : sealSummary(cipher, after, summary),
    Promise.all(
      (change.children ?? []).map((child) =>
        newJobItems({ tables, cipher, pseudonymize, watchShards: shards.watch }, child).then((items) => ({
          child,
          items,
        })),
      ),
    ),
    recordItems(options, change.writes ?? [], change.closing),
    result ? options.results.items(after, result) : [],
    outcome ? outcomeItem({ table: tables.jobs, shards: shards.outcome ?? 1, cipher }, outcome) : undefined,
    recall ? recallItems({ table: tables.jobs, cipher, shards: shards.outcome ?? 1 }, after, recall) : [],
  ]);
  return [
    {
      part: 'row',
      items: [ownRow(options, sealed ? { ...change, after: { ...after, summary: sealed } } : change)],
    },
    {
      part: 'other',
      items: [
        await auditItem(options, change.audit),
        ...payloadTtl(tables.jobs, before, after),
        ...results,
        ...(ended ? [ended] : []),
        ...recalls,
        ...records,
        ...(change.closing ? [occurrenceStateItem(tables.records, change.closing)] : []),
        ...(change.parent ? await parentItems(options, change.parent) : []),
      ],
    },
    ...children.map((made) => ({ part: 'child', ...made }) as const),
  ];
}

function ownRow({ tables, shards }: CommitOptions, { before, after, event }: JobChange): TransactWriteItem {
  const { generation, fence, chainSeq } = before;
  const unchanged = { generation, fence, chainSeq };
  return rowUpdate({ table: tables.jobs, before, after, event, unchanged, watchShards: shards.watch });
}

async function parentItems(options: CommitOptions, { before, after, audit }: ParentChange) {
  const { tables, shards } = options;
  const { chainSeq, generation, openChildren } = before;
  const unchanged = { chainSeq, generation, ...(openChildren !== undefined && { openChildren }) };
  return [
    rowUpdate({ table: tables.jobs, before, after, unchanged, watchShards: shards.watch }),
    ...(audit ? [await auditItem(options, audit)] : []),
  ];
}

/** The payload lives as long as its row: its time begins when the job ends, and stops when a person retries it. */
function payloadTtl(table: string, before: JobRow, after: JobRow): TransactWriteItem[] {
  const ends = isTerminal(after.status) && after.endedAt !== undefined;
  if (!ends && !isTerminal(before.status)) return [];
  return [
    {
      Update: {
        TableName: table,
        Key: keyOf(payloadKey(before.jobId)),
        UpdateExpression: ends ? 'SET #ttl = :ttl' : 'REMOVE #ttl',
        ExpressionAttributeNames: { '#ttl': TTL_ATTRIBUTE },
        ...(ends && {
          ExpressionAttributeValues: { ':ttl': { N: String(jobTtl(after.endedAt ?? '')) } },
        }),
      },
    },
  ];
}
