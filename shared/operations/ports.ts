import type { LogEvent } from '../contract/log-events.ts';
import type { MetricName } from '../contract/metrics.ts';
import type { Problem } from '../errors/problem-error.ts';
import type { AuditEntry } from '../evidence/audit-entry.ts';
import type {
  Json,
  RecordKey,
  RecordType,
  RecordVersion,
  RecordWrite,
  Refs,
  RefusalCount,
  StoredRecord,
} from '../jobs/ports.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { JobMessage } from '../lifecycle/job-row.ts';
import type { Priority } from '../lifecycle/priority.ts';
import type { RouteWithBody } from './bodies/index.ts';
import type { NewJob } from './job-store-port.ts';

// The store has its own page; whoever needs ports needs it as well.
export type * from './job-store-port.ts';

export interface AuditLog {
  /** Writes one unchained entry; throws when it cannot. An entry id that exists already is not an error. */
  put(entry: AuditEntry): Promise<void>;
  /** Writes new entries, a hundred at once; throws when it cannot, and then some of more than a hundred may stand. */
  putAll(entries: readonly AuditEntry[]): Promise<void>;
  /** Entries of one job's chain, in order. */
  chain(jobId: string): Promise<AuditEntry[]>;
  /** The entry at that place of a job's chain; the first one is 1. */
  entry(jobId: string, seq: number): Promise<AuditEntry | undefined>;
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
  /**
   * One transaction. `conflict` when any expected version has moved, a job exists, or one of `unchanged` stands otherwise
   * than it was read.
   */
  commit(
    writes: readonly RecordWrite[],
    jobs: readonly NewJob[],
    audit?: readonly AuditEntry[],
    unchanged?: readonly RecordVersion[],
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
  /** The token's id, which may be anything that its issuer likes. */
  token(tokenId: string): string;
  idempotencyKey(subject: string, route: string, key: string): string;
  /** By what results are found again: a rule, a data set, or that there are many rules. */
  recall(by: 'rule' | 'data_set' | 'many', name: string): string;
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

/** The keys of the deployment. */
export interface KeyStates {
  /** Those that cannot be used, or soon cannot, with what KMS says of each. Throws when it cannot be found out of any. */
  unusable(): Promise<readonly { readonly name: string; readonly state: string }[]>;
}

/** The newest finished backup and drill, for who can open nothing. */
export interface LatestBackup {
  /** Until when it holds what has changed; `undefined`: there is none. */
  until(): Promise<Instant | undefined>;
  /** When a restore was last shown to work; `undefined`: it never was. */
  drilled(): Promise<Instant | undefined>;
  /** Id of the backup that ended last; `undefined`: none has since that is kept. */
  head(): Promise<string | undefined>;
}

/** The hold that a worker has on a message which it has received. */
export interface MessageLease {
  /**
   * The message is visible again after so many seconds from now; part of a second counts as a whole one. What is below 0,
   * or longer than a queue can hold a received message (somewhat under 12 hours), is brought to that bound.
   */
  setVisibility(receiptHandle: string, seconds: number): Promise<void>;
}

/** Whether the queue of a priority is below its limit; true also when that cannot be found out. */
export type HasRoom = (priority: Priority) => Promise<boolean>;
