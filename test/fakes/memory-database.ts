import { ProblemError } from '#shared/errors/problem-error.ts';
import type { AuditEntry } from '#shared/evidence/audit-entry.ts';
import type {
  JsonObject,
  OccurrenceStateWrite,
  OutcomeRow,
  RecordType,
  RecordVersion,
  RecordWrite,
  Release,
  StoredRecord,
} from '#shared/jobs/ports.ts';
import { type Clock, type Instant, instantOf } from '#shared/lifecycle/instant.ts';
import type { JobRow } from '#shared/lifecycle/job-row.ts';
import { isTerminal } from '#shared/lifecycle/transitions.ts';
import type { BreakGlassGrant, BreakGlassWords } from '#shared/operations/break-glass-ports.ts';
import type { BulkAction } from '#shared/operations/bulk-ports.ts';
import type { DueEntry, IdempotencyClaim, NewJob } from '#shared/operations/ports.ts';
import type { RecallRow } from '#shared/operations/recall-ports.ts';
import type { DueErasure } from '#shared/operations/rights-ports.ts';
import { MemoryEvents } from './memory-events.ts';

/** What the in-memory ports share: one database whose transactions are atomic because nothing awaits inside one. */
export class MemoryDatabase {
  readonly rows = new Map<string, JobRow>();
  /** Ids of rows that the status index holds: not ended, or failed. */
  readonly watched = new Set<string>();
  readonly payloads = new Map<string, JsonObject>();
  readonly results = new Map<string, JsonObject>();
  /** Jobs whose results stood apart for their size, and are not there any more. */
  readonly lost = new Set<string>();
  /** What the marks that rows carry in the place of a sealed summary stand for. */
  readonly summaries = new Map<string, { readonly jobId: string; readonly text: string }>();
  readonly idempotency = new Map<string, IdempotencyClaim>();
  /** Open jobs that were asked for, by user. */
  readonly open = new Map<string, number>();
  readonly outcomes = new Map<string, OutcomeRow>();
  readonly events = new MemoryEvents();
  readonly audit = new Map<string, AuditEntry>();
  readonly records = new Map<string, StoredRecord<RecordType>>();
  readonly buckets = new Map<string, DueEntry[]>();
  readonly recalls: RecallRow[] = [];
  readonly releases = new Map<string, Release>();
  /** By holder and patient of emergency access: until when a verdict bars them. */
  readonly barred = new Map<string, Instant>();
  readonly breakGlass = new Map<
    string,
    { readonly grant: BreakGlassGrant; readonly words: BreakGlassWords }
  >();
  readonly bulkActions = new Map<string, BulkAction>();
  /** Users whose secret is gone: what it sealed cannot be opened any more. */
  readonly erased = new Set<string>();
  /** Keys of records, and ids of jobs, that stand and cannot be read any more. */
  readonly damaged = new Set<string>();
  /** `<grantee>/<patient>`. */
  readonly grantees = new Set<string>();
  /** Users for whom nothing new is sealed, since when. */
  readonly closed = new Map<string, Instant>();
  readonly tombstones = new Map<string, { readonly at: Instant; readonly erasureId: string }>();
  /** Who is to be erased when. */
  readonly erasures = new Map<string, DueErasure>();
  readonly watermarks = new Map<number, Instant>();
  readonly dueShards: number;
  /** Every status change that was written, for the check that all of them are legal. */
  readonly changes: { jobId: string; from: string; to: string }[] = [];

  /** By which it is told when rows of events are written. */
  readonly clock: Clock;

  constructor(dueShards = 4, clock: Clock = () => instantOf(Date.now())) {
    this.dueShards = dueShards;
    this.clock = clock;
  }

  /** @param summary put on the row, sealed: in the place of what it carries */
  putRow(row: JobRow, summary?: string): void {
    const sealed = summary === undefined ? {} : { summary: this.sealSummary(row.jobId, summary) };
    this.rows.set(row.jobId, structuredClone({ ...row, ...sealed }));
    if (isTerminal(row.status) && row.status !== 'failed') this.watched.delete(row.jobId);
    else this.watched.add(row.jobId);
  }

  putJob(job: NewJob): void {
    this.putRow(job.row);
    this.payloads.set(job.row.jobId, structuredClone(job.payload));
    this.putAudit(job.audit);
    this.events.putJob(job);
  }

  countOpen(userRef: string, by: 1 | -1): void {
    this.open.set(userRef, (this.open.get(userRef) ?? 0) + by);
  }

  openSummaries(rows: readonly JobRow[]): Map<string, string> {
    const opened = new Map<string, string>();
    for (const { jobId, summary } of rows) {
      if (!summary) continue;
      const found = this.summaries.get(new TextDecoder().decode(summary));
      if (found?.jobId !== jobId) throw new Error('A summary stands on a row that is not its own.');
      opened.set(jobId, found.text);
    }
    return opened;
  }

  /** Bytes that tell nothing. */
  private sealSummary(jobId: string, text: string): Uint8Array {
    const mark = `sealed-${this.summaries.size}`;
    this.summaries.set(mark, { jobId, text });
    return new TextEncoder().encode(mark);
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

  areUnchanged(records: readonly RecordVersion[]): boolean {
    return records.every((one) => (this.records.get(recordKey(one))?.version ?? 'absent') === one.version);
  }

  /** @throws ProblemError `user_erased`, as sealing does */
  demandSealable(writes: readonly RecordWrite[], jobs: readonly NewJob[] = []): void {
    for (const { owner } of writes) this.demandOpen(owner);
    for (const { row } of jobs) this.demandOpen(row.userRef);
  }

  demandOpen(owner: string | undefined): void {
    if (owner !== undefined && (this.closed.has(owner) || this.erased.has(owner)))
      throw new ProblemError(
        'user_erased',
        'What was known of this user is erased, and nothing new is taken.',
      );
  }

  applyWrites(writes: readonly RecordWrite[]): void {
    for (const write of writes) {
      const key = recordKey(write);
      const version = (this.records.get(key)?.version ?? 0) + 1;
      const { type, id, state, body } = structuredClone(write);
      this.records.set(key, { type, id, version, state, body });
      if (write.type === 'schedule') this.enterBucket(write);
      for (const grantee of write.grantees ?? []) this.grantees.add(`${grantee}/${write.owner}`);
      if (write.type === 'erasure' && write.state.status === 'scheduled') {
        const { owner } = write;
        const { dueAt = '' } = write.state;
        this.erasures.set(`${dueAt}#${owner}`, { owner, dueAt });
      }
      this.events.putWrite(write, this.clock());
    }
  }

  occurrence(owner: string, id: string): StoredRecord<'occurrence'> | undefined {
    const record = this.records.get(recordKey({ type: 'occurrence', owner, id }));
    // What stands under a key of that type was written as one.
    return record as StoredRecord<'occurrence'> | undefined;
  }

  stateExpectationHolds({ owner, id, expect }: OccurrenceStateWrite): boolean {
    return this.occurrence(owner, id)?.version === expect;
  }

  applyState({ owner, id, expect, state }: OccurrenceStateWrite): void {
    const record = this.occurrence(owner, id);
    if (!record) return;
    const key = recordKey({ type: 'occurrence', owner, id });
    this.records.set(key, { ...record, version: expect + 1, state: structuredClone(state) });
    this.events.putDose({ owner, id, state }, this.clock());
  }

  private enterBucket(write: Extract<RecordWrite, { type: 'schedule' }>): void {
    const { status, nextDueAt, revision } = write.state;
    if (status !== 'active' || nextDueAt === null || write.isEntered) return;
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
