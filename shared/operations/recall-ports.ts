import type { AuditEntry } from '../evidence/audit-entry.ts';
import type { Recall, Ref, Release } from '../jobs/ports.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { JobRow } from '../lifecycle/job-row.ts';

/** What the last transaction of a job writes so that its result is found again. */
export interface RecallEntry {
  /** Keyed hashes of what it is found by; an entry stands under each. */
  readonly refs: readonly Ref[];
  readonly recall: Recall;
}

/** An entry as it is found. */
export interface RecallRow {
  /** Under which of the wanted hashes it stands. */
  readonly ref: Ref;
  readonly jobId: string;
  readonly endedAt: Instant;
  readonly userRef: Ref;
  /** Absent: the secret of its user was erased. */
  readonly recall?: Recall;
}

/** Results by what they are recalled for. Each request reads the entries of its hashes and no others. */
export interface RecallIndex extends RecallRemoval {
  /** Of results that ended in `[from, to)`, newest first. `next` is absent on the last page. */
  page(
    refs: readonly Ref[],
    range: { readonly from?: Instant; readonly to: Instant },
    limit: number,
    after?: string,
  ): Promise<{ readonly rows: readonly RecallRow[]; readonly next?: string }>;
}

/** The entries of one result. */
export interface RecallRemoval {
  /** What stands under that hash for a job; nothing when no entry does. */
  entry(ref: Ref, job: RecalledJob): Promise<Recall | undefined>;
  remove(refs: readonly Ref[], job: RecalledJob): Promise<void>;
}

export type RecalledJob = Pick<JobRow, 'jobId' | 'endedAt'>;

/** What was released of results: beside the job, sealed as its result is. */
export interface ReleaseStore {
  read(row: JobRow): Promise<Release | undefined>;
  /** Release and audit entry, all or nothing; false when another one than `before` stands. */
  put(row: JobRow, before: Release | undefined, after: Release, audit: AuditEntry): Promise<boolean>;
}
