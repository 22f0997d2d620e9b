import type { LineCounts } from './pack.ts';

/** One line of a file, numbered from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  /** The last line of a file that does not end with a line end. */
  readonly isUnended?: true;
}

export interface SourceLine extends Place {
  readonly text: string;
}

/** Why a line is not taken over; docs/reference-data.md says what to do about each. */
export const REJECT_REASONS = [
  'malformed',
  'missing_value',
  'invalid_value',
  'unknown_name',
  'several_ingredients',
  'same_ingredient',
  'other_meaning',
  'asked_not_answered',
  'several_meanings',
  'says_nothing',
  'unresolved_concept',
  'stands_twice',
  'override_refused',
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

export interface Rejection extends Place {
  readonly reason: RejectReason;
  readonly detail: string;
}

/** Counts what becomes of each line, and hands every rejection on at once, so that none has to be kept. */
export class Tally {
  readonly #onReject: (rejection: Rejection) => void;
  readonly #reasons = new Map<RejectReason, number>();
  readonly #skips = new Map<string, number>();
  readonly #cutFiles: string[] = [];
  #lines = 0;

  constructor(onReject: (rejection: Rejection) => void) {
    this.#onReject = onReject;
  }

  read(): void {
    this.#lines += 1;
  }

  /** A line that is fine and of no use here: another source, another kind of term. */
  skip(why: string): void {
    this.#skips.set(why, (this.#skips.get(why) ?? 0) + 1);
  }

  reject({ file, line, isUnended }: Place, reason: RejectReason, detail: string): void {
    if (isUnended && reason === 'malformed') this.cut(file);
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
    this.#onReject({ file, line, reason, detail });
  }

  get reasons(): ReadonlyMap<RejectReason, number> {
    return this.#reasons;
  }

  /** Notes that a file ends in the middle of a line. */
  cut(file: string): void {
    this.#cutFiles.push(file);
  }

  /** Files that end in the middle of a line: what stood behind it is missing. */
  get cutFiles(): readonly string[] {
    return this.#cutFiles;
  }

  get skips(): ReadonlyMap<string, number> {
    return this.#skips;
  }

  get counts(): LineCounts {
    const sum = (counts: Iterable<number>): number => [...counts].reduce((total, count) => total + count, 0);
    const rejected = sum(this.#reasons.values());
    const skipped = sum(this.#skips.values());
    return { accepted: this.#lines - rejected - skipped, skipped, rejected };
  }
}
