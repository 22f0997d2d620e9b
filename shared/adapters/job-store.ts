import { randomUUID } from 'node:crypto';
import type { DynamoDBClient, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../lifecycle/instant.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import type { JobStore } from '../operations/ports.ts';
import { acceptJob, firstAnswer } from './accept-job.ts';
import { auditItem } from './audit-items.ts';
import type { Pseudonymize } from './audit-pseudonyms.ts';
import { batchGet, keyOf } from './batch-get.ts';
import { claimJob } from './claim-job.ts';
import { commitJob } from './commit-job.ts';
import type { FieldCipher } from './field-cipher.ts';
import { jobRowKey } from './item-keys.ts';
import { createJobLists } from './job-lists.ts';
import { parseJobRow } from './job-row-item.ts';
import type { LargeObjects } from './large-objects.ts';
import { readOccurrenceState } from './occurrence-states.ts';
import { readCounts } from './open-count.ts';
import { createOutcomeReader } from './outcome-reader.ts';
import { recordItems, ttlOfItem, unchangedItem } from './record-items.ts';
import { createResultStore } from './result-store.ts';
import { isOver } from './retention.ts';
import { StoredItemError } from './row-fields.ts';
import { openSummaries } from './summaries.ts';
import { touchUpdate } from './touch-update.ts';
import { transact } from './transaction.ts';
import { updateItem } from './update-item.ts';

export interface JobStoreOptions {
  readonly client: DynamoDBClient;
  /** Deployed names. */
  readonly tables: { readonly jobs: string; readonly records: string; readonly audit: string };
  readonly cipher: FieldCipher;
  readonly pseudonymize: Pseudonymize;
  readonly clock: Clock;
  /** `outcome` is needed to make, end and list ended jobs and to write occurrences, `due` to commit active schedules. */
  readonly shards: { readonly watch: number; readonly outcome?: number; readonly due?: number };
  /** Needed by functions that commit or show results. */
  readonly largeResults?: LargeObjects;
  /** Is told of each row of a list that this code cannot read; without it the list fails. */
  readonly unreadable?: (jobId: string) => void;
}

/** Jobs over DynamoDB. Building it calls nothing. */
export function createJobStore(options: JobStoreOptions): JobStore {
  const { client, tables, cipher, pseudonymize, clock, shards } = options;
  const table = tables.jobs;
  const results = createResultStore({ client, table, cipher, largeResults: options.largeResults });
  const unreadable =
    options.unreadable ??
    ((jobId: string) => {
      throw new StoredItemError(`The row of job ${jobId} cannot be read.`);
    });
  const lists = createJobLists({ client, table, watchShards: shards.watch, clock, unreadable });
  const ended = createOutcomeReader({ client, table, outcomeShards: shards.outcome ?? 1, cipher, clock });

  const readMany = async (jobIds: readonly string[]): Promise<(JobRow | undefined)[]> => {
    const items = await batchGet(
      client,
      jobIds.map((jobId) => ({ table, ...jobRowKey(jobId) })),
    );
    return items.map((item) => (item && !isOver(ttlOfItem(item), clock()) ? parseJobRow(item) : undefined));
  };

  return {
    answered: (keyRef, now) => firstAnswer(client, table, keyRef, now),
    accept: (job, idempotency, openLimit) =>
      acceptJob(client, { tables, cipher, pseudonymize, shards }, job, idempotency, openLimit),
    claim: (request) => claimJob(client, table, request, randomUUID()),
    commit: (change) => commitJob({ client, tables, cipher, pseudonymize, clock, results, shards }, change),

    recordIntent: async (row, writes, unchanged = [], evidence = []) => {
      const items = await recordItems({ tables, cipher, clock, shards }, writes);
      const seed = `intent|${row.jobId}|${row.generation}|${row.fence}`;
      const checks = unchanged.map((record) => unchangedItem(tables.records, record));
      const entries = await Promise.all(evidence.map((entry) => auditItem(options, entry)));
      const answer = await transact(client, [heldUnder(table, row), ...items, ...checks, ...entries], seed);
      if (answer.done) return 'committed';
      return answer.reasons[0]?.Code === 'ConditionalCheckFailed' ? 'lost' : 'conflict';
    },

    openCounts: (userRefs) => readCounts(client, table, userRefs),
    read: async (jobId) => (await readMany([jobId]))[0],
    readMany,
    payload: results.payload,
    result: results.result,
    answeredRecord: (row) => readOccurrenceState({ client, table: tables.records, clock }, row),
    summaries: (rows) => openSummaries(client, cipher, rows),

    touch: async (row, next) =>
      (await updateItem(client, { TableName: table, ...touchUpdate(row, next) })).updated,

    ...lists,
    listEnded: (range, limit, after) => {
      if (shards.outcome === undefined)
        throw new Error('This function lists ended jobs but was not given the number of outcome shards.');
      return ended.listEnded(range, limit, after);
    },
  };
}

/** True as long as the attempt that read `row` holds the job. */
const heldUnder = (table: string, row: JobRow): TransactWriteItem => ({
  ConditionCheck: {
    TableName: table,
    Key: keyOf(jobRowKey(row.jobId)),
    ConditionExpression: '#status = :running AND fence = :fence AND generation = :generation',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: {
      ':running': { S: 'running' },
      ':fence': { N: String(row.fence) },
      ':generation': { N: String(row.generation) },
    },
  },
});
