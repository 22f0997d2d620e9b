import type { OutcomeRow } from '../ports.ts';
import { DurationHistogram } from './duration-histogram.ts';
import { JOB_MEASURES, type JobMeasure } from './metrics-types.ts';

const PERCENTS = [50, 95, 99] as const;

export type Percentiles = {
  readonly samples: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
};

/** The numbers of one group of ended jobs. Counts are always there, the others when they were asked for. */
export type JobCell = {
  readonly ended: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly expired: number;
  readonly superseded: number;
  /** Attempts of these jobs, and those of them that followed a failed one. */
  readonly attempts?: number;
  readonly retries?: number;
  /** succeeded / (succeeded + failed), as the metric of that name: what was called off or came too late is counted only. */
  readonly success_rate?: number | null;
  /** Failed attempts / attempts. An attempt that was interrupted by a cancellation did not fail. */
  readonly error_rate?: number | null;
  readonly execution_time_ms?: Percentiles;
  readonly queue_wait_ms?: Percentiles;
};

/** Sums over ended jobs. Everything is a sum or a histogram, so groups merge in any order to the same numbers. */
export class JobTally {
  readonly #statuses = { succeeded: 0, failed: 0, cancelled: 0, expired: 0, superseded: 0 };
  readonly #executionMs = new DurationHistogram();
  readonly #queueWaitMs = new DurationHistogram();
  #attempts = 0;
  #retries = 0;
  #failedAttempts = 0;

  add(outcome: OutcomeRow): void {
    const retries = Math.max(outcome.attempts - 1, 0);
    this.#statuses[outcome.status] += 1;
    this.#attempts += outcome.attempts;
    this.#retries += retries;
    // Only what failed is followed by another attempt; the last attempt failed when the job did.
    this.#failedAttempts += outcome.status === 'failed' ? outcome.attempts : retries;
    if (outcome.executionMs !== undefined) this.#executionMs.add(outcome.executionMs);
    if (outcome.queueWaitMs !== undefined) this.#queueWaitMs.add(outcome.queueWaitMs);
  }

  merge(other: JobTally): void {
    for (const status of STATUS_NAMES) this.#statuses[status] += other.#statuses[status];
    this.#attempts += other.#attempts;
    this.#retries += other.#retries;
    this.#failedAttempts += other.#failedAttempts;
    this.#executionMs.merge(other.#executionMs);
    this.#queueWaitMs.merge(other.#queueWaitMs);
  }

  cell(): Required<JobCell> {
    const { succeeded, failed } = this.#statuses;
    return {
      ended: STATUS_NAMES.reduce((sum, status) => sum + this.#statuses[status], 0),
      ...this.#statuses,
      attempts: this.#attempts,
      retries: this.#retries,
      success_rate: rate(succeeded, succeeded + failed),
      error_rate: rate(this.#failedAttempts, this.#attempts),
      execution_time_ms: percentilesOf(this.#executionMs),
      queue_wait_ms: percentilesOf(this.#queueWaitMs),
    };
  }
}

const STATUS_NAMES = ['succeeded', 'failed', 'cancelled', 'expired', 'superseded'] as const;

const FIELDS_OF = {
  execution_time: ['execution_time_ms'],
  success_rate: ['success_rate'],
  error_rate: ['error_rate'],
  retry_count: ['attempts', 'retries'],
  queue_wait: ['queue_wait_ms'],
} as const satisfies Record<JobMeasure, readonly (keyof JobCell)[]>;

/** The fields that were not asked for. */
export const fieldsWithout = (measures: readonly JobMeasure[]): ReadonlySet<string> =>
  new Set(
    JOB_MEASURES.filter((measure) => !measures.includes(measure)).flatMap((measure) => FIELDS_OF[measure]),
  );

/** Six decimals, from sums; `null` when there is nothing to divide by. */
export const rate = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part / whole) * 1e6) / 1e6;

function percentilesOf(histogram: DurationHistogram): Percentiles {
  const [p50 = null, p95 = null, p99 = null] = histogram.percentiles(PERCENTS);
  return { samples: histogram.samples, p50, p95, p99 };
}
