import type { AuditEntry } from '#shared/evidence/audit-entry.ts';
import type { JsonObject, OutcomeRow, RecordType, RecordWrite, StoredRecord } from '#shared/jobs/ports.ts';
import type { Instant } from '#shared/lifecycle/instant.ts';
import type { JobRow } from '#shared/lifecycle/job-row.ts';
import { isTerminal } from '#shared/lifecycle/transitions.ts';
import type { DueEntry, IdempotencyClaim, NewJob } from '#shared/operations/ports.ts';

/** What the in-memory ports share: one database whose transactions are atomic because nothing awaits inside one. */
export class MemoryDatabase {
  readonly rows = new Map<string, JobRow>();
  /** Ids of rows that the status index holds: not ended, or failed. */
  readonly watched = new Set<string>();
  readonly payloads = new Map<string, JsonObject>();
  readonly results = new Map<string, JsonObject>();
  readonly idempotency = new Map<string, IdempotencyClaim>();
  readonly outcomes = new Map<string, OutcomeRow>();
  readonly audit = new Map<string, AuditEntry>();
  readonly records = new Map<string, StoredRecord<RecordType>>();
  readonly buckets = new Map<string, DueEntry[]>();
  readonly watermarks = new Map<number, Instant>();
  readonly dueShards: number;
  /** Every status change that was written, for the check that all of them are legal. */
  readonly changes: { jobId: string; from: string; to: string }[] = [];

  constructor(dueShards = 4) {
    this.dueShards = dueShards;
  }

  putRow(row: JobRow): void {
    this.rows.set(row.jobId, structuredClone(row));
    if (isTerminal(row.status) && row.status !== 'failed') this.watched.delete(row.jobId);
    else this.watched.add(row.jobId);
  }

  putJob(job: NewJob): void {
    this.putRow(job.row);
    this.payloads.set(job.row.jobId, structuredClone(job.payload));
    this.putAudit(job.audit);
  }

  putAudit(entry: AuditEntry): void {
    const key = entry.seq === undefined ? entry.entryId : `${entry.jobId}#${entry.seq}`;
    if (!this.audit.has(key)) this.audit.set(key, structuredClone(entry));
  }

  /** Whether every write's expectation holds. */
  expectationsHold(writes: readonly RecordWrite[]): boolean {
    return writes.every((write) => {
      const version = this.records.get(recordKey(write))?.version;
      if (write.expect === 'any') return true;
      return write.expect === 'absent' ? version === undefined : version === write.expect;
    });
  }

  applyWrites(writes: readonly RecordWrite[]): void {
    for (const write of writes) {
      const key = recordKey(write);
      const version = (this.records.get(key)?.version ?? 0) + 1;
      const { type, id, state, body } = structuredClone(write);
      this.records.set(key, { type, id, version, state, body });
      if (write.type === 'schedule') this.enterBucket(write);
    }
  }

  private enterBucket(write: Extract<RecordWrite, { type: 'schedule' }>): void {
    const { status, nextDueAt, revision } = write.state;
    if (status !== 'active' || nextDueAt === null) return;
    const key = bucketKey(shardOf(write.owner, this.dueShards), minuteOf(nextDueAt));
    const entry = {
      owner: write.owner,
      medicationRef: write.id,
      scheduleRevision: revision,
      dueAt: nextDueAt,
    };
    this.buckets.set(key, [...(this.buckets.get(key) ?? []), entry]);
  }
}

export const recordKey = (of: { type: RecordType; owner: string; id: string }): string =>
  `${of.owner}/${of.type}#${of.id}`;

export const minuteOf = (instant: Instant): Instant => `${instant.slice(0, 16)}:00.000Z`;

export const bucketKey = (shard: number, minute: Instant): string => `${shard}#${minute}`;

export function shardOf(text: string, shards: number): number {
  let sum = 0;
  for (const char of text) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 1_000_003;
  return sum % shards;
}
