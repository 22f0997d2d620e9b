import type { LogEvent } from '../contract/log-events.ts';
import type { MetricName } from '../contract/metrics.ts';
import type { Problem } from '../errors/problem-error.ts';
import type { AuditEntry } from '../evidence/audit-entry.ts';
import type {
  Json,
  JsonObject,
  OccurrenceState,
  OccurrenceStateWrite,
  OutcomeRow,
  RecordKey,
  RecordType,
  RecordVersion,
  RecordWrite,
  Refs,
  RefusalCount,
  StoredRecord,
} from '../jobs/ports.ts';
import type { ClaimRefusal, ClaimRequest } from '../lifecycle/claim.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { JobMessage, JobRow } from '../lifecycle/job-row.ts';
import type { Priority } from '../lifecycle/priority.ts';
import type { TransitionEvent } from '../lifecycle/transitions.ts';
import type { RouteWithBody } from './bodies/index.ts';

/** A job to be written: its first row, its payload (encrypted by the store) and its first audit entry. */
export interface NewJob {
  readonly row: JobRow;
  readonly payload: JsonObject;
  readonly audit: AuditEntry;
}

/** Claims an idempotency key in the accepting transaction. */
export interface IdempotencyClaim {
  /** Keyed hash of subject, route and key. */
  readonly keyRef: string;
  /** Keyed hash of the canonical body. */
  readonly fingerprint: string;
  readonly expiresAt: Instant;
  /** Given back to a repetition: the first answer, made of ids and codes. */
  readonly answer: JsonObject;
}

/** What the first request with an idempotency key was, and what it was answered. */
export interface FirstAnswer {
  readonly fingerprint: string;
  readonly answer: JsonObject;
}

export type AcceptAnswer =
  | { readonly accepted: true }
  /** The key is taken, by an earlier request or the winner of a race. */
  | { readonly accepted: false; readonly taken: FirstAnswer }
  /** A job of that id stands already: a derived id made twice. */
  | { readonly accepted: false; readonly exists: true };

export type ClaimAnswer = { readonly row: JobRow } | { readonly refusal: ClaimRefusal };

/** One status change with all that belongs to it: one transaction, all or nothing. */
export interface JobChange {
  readonly event: TransitionEvent;
  /** The row as it was read. The write is conditional on its status being one that `event` allows, and on `chainSeq`, `fence` and `generation` being unchanged. */
  readonly before: JobRow;
  readonly after: JobRow;
  readonly audit: AuditEntry;
  /** Replaces any earlier result (encrypted by the store; large ones go to S3). */
  readonly result?: JsonObject;
  /** The result in one line: sealed by the store, it becomes a member of the row. */
  readonly summary?: string;
  readonly outcome?: OutcomeRow;
  readonly writes?: readonly RecordWrite[];
  /** How the record that the job answers for is left when the engine ends it. */
  readonly closing?: OccurrenceStateWrite;
  readonly children?: readonly NewJob[];
  /** The parent's own change when this job is its child: the countdown, or `childrenDone`. */
  readonly parent?: ParentChange;
}

export interface ParentChange {
  readonly before: JobRow;
  readonly after: JobRow;
  /** Present when the countdown reached zero and the parent's status changes. */
  readonly audit?: AuditEntry;
}

/**
 * - `committed`: it stands.
 * - `lost`: the row has moved (fence, generation, chain or status): nothing was written.
 * - `conflict`: the row is as it was, but a record's version or the parent has moved: read again and try again.
 */
export type CommitAnswer = 'committed' | 'lost' | 'conflict';

export interface JobPage {
  readonly rows: readonly JobRow[];
  /** Opaque; absent on the last page. */
  readonly next?: string;
}

export type WatchClass = 'scheduled' | 'open' | 'waiting' | 'failed';

export interface JobStore {
  /** What an idempotency key was answered with, while it lives at `now`. */
  answered(keyRef: string, now: Instant): Promise<FirstAnswer | undefined>;
  accept(job: NewJob, idempotency?: IdempotencyClaim): Promise<AcceptAnswer>;
  claim(request: ClaimRequest): Promise<ClaimAnswer>;
  commit(change: JobChange): Promise<CommitAnswer>;
  /** Writes records, conditional on the row still being held under `fence` and on `unchanged` standing as they were read. */
  recordIntent(
    row: JobRow,
    writes: readonly RecordWrite[],
    unchanged?: readonly RecordVersion[],
    evidence?: readonly AuditEntry[],
  ): Promise<CommitAnswer>;
  read(jobId: string): Promise<JobRow | undefined>;
  readMany(jobIds: readonly string[]): Promise<(JobRow | undefined)[]>;
  payload(row: JobRow): Promise<JsonObject>;
  result(row: JobRow): Promise<JsonObject | undefined>;
  /** The occurrence that the job answers for, as far as it stands in the clear: no key is needed. */
  answeredRecord(row: JobRow): Promise<OccurrenceState | undefined>;
  /**
   * The summaries of these rows by job id; rows that have none, or whose owner's secret was erased, are left out. The
   * keys of all of them are read together: no call when none has a summary.
   */
  summaries(rows: readonly JobRow[]): Promise<ReadonlyMap<string, string>>;
  /** Rows of one class and priority whose `checkAt` is at or before `until`, oldest first, at most `limit`. */
  watched(watch: WatchClass, priority: Priority, until: Instant, limit: number): Promise<JobRow[]>;
  /** Moves `checkAt` on; false when somebody else did, or the row has moved. Also counts a resend when asked. */
  touch(row: JobRow, next: { checkAt: Instant; checks: number; resends?: number }): Promise<boolean>;
  /** Newest first. `month` is `YYYY-MM`. */
  listByUser(userRef: string, month: string, limit: number, after?: string): Promise<JobPage>;
  /** Unfinished and failed jobs by the status index, page by page; for staff. */
  listOpen(
    filter: { watches: readonly WatchClass[]; priorities: readonly Priority[] },
    limit: number,
    after?: string,
  ): Promise<JobPage>;
  /** Ended jobs by outcome rows of `[from, to)`, latest hour first; for staff. */
  listEnded(
    range: { from: Instant; to: Instant },
    limit: number,
    after?: string,
  ): Promise<{ readonly rows: readonly OutcomeRow[]; readonly next?: string }>;
}

export interface AuditLog {
  /** Writes one unchained entry; throws when it cannot. An entry id that exists already is not an error. */
  put(entry: AuditEntry): Promise<void>;
  /** Entries of one job's chain, in order. */
  chain(jobId: string): Promise<AuditEntry[]>;
}

/** Counters of refused requests. */
export interface RefusalCounter {
  /** Adds to the counter of that hour, step and code. What is handed over twice counts twice. */
  add(refusals: RefusalCount): Promise<void>;
}

export interface JobQueue {
  /** `delaySeconds` at most 900. Throws when the message was not taken. */
  send(message: JobMessage, options?: { delaySeconds?: number; groupRef?: string }): Promise<void>;
  /** Each message fails or succeeds by itself; answers the ones that were not taken. */
  sendMany(messages: readonly QueuedMessage[]): Promise<readonly QueuedMessage[]>;
  /** Whether the queue shows visible messages: an approximate number, cached for some seconds. */
  hasBacklog(priority: Priority): Promise<boolean>;
}

export interface QueuedMessage {
  readonly message: JobMessage;
  readonly delaySeconds: number;
  readonly groupRef?: string;
  /** The job's, for the log only: it is not sent. */
  readonly correlationId?: string;
}

/** What the engine counts. Dimensions are kind and priority only. */
export interface MetricSink {
  add(
    name: MetricName,
    value: number,
    unit: 'Count' | 'Milliseconds' | 'Seconds',
    dimensions?: MetricDimensions,
  ): void;
}
export interface MetricDimensions {
  readonly kind?: string;
  readonly priority?: Priority;
}

/** The validators of the routes' bodies: what is wrong with one, or nothing. No problem repeats a value. */
export interface BodyForms {
  /** Of the endpoint of a public kind, without what is for every endpoint (`priority`, `run_at`). */
  readonly job: (kind: string, body: Json) => readonly Problem[];
  readonly route: (route: RouteWithBody, body: Json) => readonly Problem[];
}

/** Log by catalogue: a code, allow-listed fields. */
export interface Log {
  info(event: LogEvent, fields?: LogFields): void;
  warn(event: LogEvent, fields?: LogFields): void;
  error(event: LogEvent, fields?: LogFields): void;
}
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** One shard's due schedules: the append-only minute buckets. */
export interface DueBuckets {
  readonly shards: number;
  watermark(shard: number): Promise<Instant | undefined>;
  /** Only ever forward. */
  moveWatermark(shard: number, to: Instant): Promise<void>;
  /** Entries of the bucket of the minute that `minute` begins. */
  read(shard: number, minute: Instant): AsyncIterable<DueEntry>;
}

export interface DueEntry {
  readonly owner: string;
  readonly medicationRef: string;
  readonly scheduleRevision: number;
  readonly dueAt: Instant;
}

/** Writes made by the tick, outside any attempt: occurrences, the schedule's advance, and the delivery jobs. */
export interface ScheduleStore {
  read<T extends RecordType>(key: RecordKey<T>): Promise<StoredRecord<T> | undefined>;
  /** One transaction. `conflict` when any expected version has moved or a job exists. */
  commit(
    writes: readonly RecordWrite[],
    jobs: readonly NewJob[],
    audit?: readonly AuditEntry[],
  ): Promise<'committed' | 'conflict'>;
}

/** Starts the shard workers of one tick. */
export interface TickQueue {
  /** One message for each shard `0 … shards-1`. Throws when one was not taken. */
  start(shards: number): Promise<void>;
}

/** Keyed hashes of everything that must not appear in the clear. Domain-separated, ready before any request is served. */
export interface KeyedHashes extends Refs {
  /** Who acts: the token's subject. */
  actor(subject: string): string;
  idempotencyKey(subject: string, route: string, key: string): string;
  /** Of a body in canonical JSON (RFC 8785). */
  fingerprint(canonicalBody: string): string;
}

export interface RandomSource {
  /** A ULID for that moment. */
  ulid(at: Instant): string;
  /** Hex of `bytes` random bytes. */
  hex(bytes: number): string;
}

/** Who hears what is published. */
export interface ChannelState {
  /** How many subscriptions of the topic are confirmed. Throws when it cannot be found out. */
  confirmedSubscriptions(): Promise<number>;
}

/** The hold that a worker has on a message which it has received. */
export interface MessageLease {
  /**
   * The message is visible again after so many seconds from now; part of a second counts as a whole one. What is below 0,
   * or longer than a queue can hold a received message (somewhat under 12 hours), is brought to that bound.
   */
  setVisibility(receiptHandle: string, seconds: number): Promise<void>;
}
