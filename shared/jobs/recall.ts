import type { Instant } from '../lifecycle/instant.ts';
import type { Role } from '../lifecycle/role.ts';
import type { JsonObject, Ref } from './records.ts';

/** By what the result of a check is found again, in codes. */
export interface Recall {
  /** `<id>@<version>`. */
  readonly dataSet: string;
  /** Every rule that applied, in order. */
  readonly rules: readonly string[];
  readonly outcome: string;
  /** The highest level of its findings. */
  readonly level: string | null;
}

/** At least one of `rule` and `dataSet`; results that ended in `[from, to)`. */
export interface RecallQuery {
  readonly rule?: string;
  readonly dataSet?: string;
  readonly from?: Instant;
  readonly to: Instant;
}

/** A result that stands. */
export interface PastResult {
  readonly jobId: string;
  readonly endedAt: Instant;
  readonly userRef: Ref;
  /** Absent: its user was erased, and nobody can tell any more what it said. */
  readonly recall?: Recall;
}

/** What a past check was asked and what it answered, or why nobody knows any more. */
export type PastCheck =
  | {
      readonly jobId: string;
      readonly userRef: Ref;
      readonly createdAt: Instant;
      /** Under which key another job ordered it; absent: somebody asked for it. */
      readonly orderedAs?: string;
      readonly payload: JsonObject;
      readonly result: JsonObject;
    }
  | { readonly jobId: string; readonly gone: 'expired' | 'erased' };

export interface PastChecks {
  /** Newest first; `next` continues, also behind a page that is not full. */
  page(
    query: RecallQuery,
    limit: number,
    after?: string,
  ): Promise<{ readonly results: readonly PastResult[]; readonly next?: string }>;
  /** In the order of the ids. */
  read(jobIds: readonly string[]): Promise<readonly PastCheck[]>;
}

/** What a professional has released of a result to the patient. */
export interface Release {
  /** Starts at 1 and is raised by every release that replaces one. */
  readonly revision: number;
  readonly releasedAt: Instant;
  readonly role: Role;
  /** Ids of what is released. */
  readonly findings: readonly string[];
  /** In the professional's words, for the patient. */
  readonly note?: string;
}
