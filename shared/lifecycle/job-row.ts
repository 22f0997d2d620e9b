import type { Instant } from './instant.ts';
import type { Priority } from './priority.ts';
import type { Status } from './transitions.ts';

/** Version of the row's shape. Readers accept the current and the previous one. */
export const ROW_VERSION = 1;

/** One attempt as the job's row remembers it. An attempt without `endedAt` is running, or its worker died. */
export interface AttemptRecord {
  readonly generation: number;
  readonly attempt: number;
  readonly startedAt: Instant;
  readonly endedAt?: Instant;
  readonly outcome?:
    | 'succeeded'
    | 'failed'
    | 'retry'
    | 'waiting'
    | 'expired'
    | 'superseded'
    | 'cancelled'
    | 'died';
  readonly errorCode?: string;
}

/** How many attempts a row keeps; older ones stay readable in the audit trail. */
export const ATTEMPTS_KEPT = 20;

/** A record by its id, which holds dates, codes and keyed hashes only, and the revision that the job was made for. */
export interface AnsweredRecord {
  readonly id: string;
  readonly revision: number;
}

/** The job row: codes, times, counters, keyed hashes and one sealed line; payload and result live beside it, sealed. */
export interface JobRow {
  readonly rowVersion: number;
  readonly jobId: string;
  readonly kind: string;
  readonly priority: Priority;
  readonly status: Status;
  /** Raised when a person retries the job; messages of an older generation are refused. */
  readonly generation: number;
  /** Attempts of this generation so far. */
  readonly attempt: number;
  readonly attemptLimit: number;
  /** Raised by every claim; every later write of that attempt is conditional on it. */
  readonly fence: number;
  readonly createdAt: Instant;
  /** When the job is to run: acceptance, `run_at`, or a dose's due time. */
  readonly dueAt: Instant;
  readonly expiresAt?: Instant;
  /** When the next attempt comes: after one that failed, and the first one after a person has retried the job. */
  readonly nextAttemptAt?: Instant;
  /** Since when it only waits for another job to end, that has to end first. */
  readonly waitsSince?: Instant;
  readonly leaseUntil?: Instant;
  readonly endedAt?: Instant;
  /** When the reconciler has to look at it if nothing has happened until then. Absent on rows that are at rest. */
  readonly checkAt?: Instant;
  /** How often the reconciler has already looked since the last status change: the interval doubles. */
  readonly checks: number;
  /** How often this generation was sent again from the dead-letter queue. */
  readonly resends: number;
  /** Keyed hash of the patient the job is about; absent for jobs about no single patient. */
  readonly userRef?: string;
  /** Keyed hash of who submitted it. */
  readonly actorRef: string;
  readonly actorRole: string;
  readonly correlationId: string;
  readonly attempts: readonly AttemptRecord[];
  readonly errorCode?: string;
  /** One line about the result, sealed as the result is: it goes along unread until `JobStore.summaries` opens it. */
  readonly summary?: Uint8Array;
  readonly parentId?: string;
  /** Which of its parent's children it is. */
  readonly childKey?: string;
  /** The record that stands open until the job has ended; its owner is the job's user. Gone once it has succeeded. */
  readonly answersFor?: AnsweredRecord;
  /** Its parent waits for it: its final transaction counts the parent down. */
  readonly awaited?: boolean;
  readonly children?: readonly string[];
  readonly openChildren?: number;
  /** It was asked for, and is one of its user's open jobs until it has ended. */
  readonly counted?: true;
  /** 0 at first, 1 after the job's children have ended. */
  readonly round: number;
  /** Salt (hex) of the hash by which the first audit entry holds what of the row is fixed; rows of earlier versions have none. */
  readonly rowSalt?: string;
  /** Position and hash of the last entry of this job's audit chain. */
  readonly chainSeq: number;
  readonly chainHash: string;
}

/** What travels through a queue: ids and the generation, nothing about a patient. */
export interface JobMessage {
  readonly v: 1;
  readonly jobId: string;
  readonly kind: string;
  readonly priority: Priority;
  readonly generation: number;
}

export const messageOf = (row: Pick<JobRow, 'jobId' | 'kind' | 'priority' | 'generation'>): JobMessage => ({
  v: 1,
  jobId: row.jobId,
  kind: row.kind,
  priority: row.priority,
  generation: row.generation,
});
