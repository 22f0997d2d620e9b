import { PRIORITY_NAMES } from '../../lifecycle/priority.ts';
import type { JsonObject } from '../ports.ts';
import { JOB_MEASURES, type JobMeasure } from './metrics-types.ts';
import { rate } from './rate.ts';
import type { Percentiles } from './samples.ts';
import type { Tally } from './tally.ts';

/** The numbers of one group of jobs. Counts are always there, the others when they were asked for. */
type JobCell = {
  /** Accepted in the window; the others are about the jobs that ended in it. */
  readonly accepted: number;
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

/** All numbers of jobs, or those of `measures` only, by kind and by priority within it. */
export function jobNumbers(tally: Tally, measures: readonly JobMeasure[]): JsonObject {
  const hidden = fieldsWithout(measures);
  const shown = (prefix: string, priority?: string): JsonObject =>
    Object.fromEntries(
      Object.entries(cellOf(tally, prefix, priority)).filter(([field]) => !hidden.has(field)),
    );
  const groups = new Map<string, Set<string>>();
  for (const key of [...tally.sums.keys()].sort()) {
    const [kind = '', priority = ''] = key.split('|');
    groups.set(kind, (groups.get(kind) ?? new Set()).add(priority));
  }
  return {
    total: shown(''),
    by_kind: [...groups].map(([kind, priorities]) => ({
      kind,
      ...shown(`${kind}|`),
      by_priority: PRIORITY_NAMES.filter((priority) => priorities.has(priority)).map((priority) => ({
        priority,
        ...shown(`${kind}|`, priority),
      })),
    })),
  };
}

function cellOf(tally: Tally, prefix: string, priority: string | undefined): Required<JobCell> {
  const fits = (field: string) => {
    const end = priority === undefined ? `|${field}` : `|${priority}|${field}`;
    return (key: string) => key.startsWith(prefix) && key.endsWith(end);
  };
  const sum = (field: string) => tally.sum(fits(field));
  const [succeeded, failed] = [sum('succeeded'), sum('failed')];
  const others = { cancelled: sum('cancelled'), expired: sum('expired'), superseded: sum('superseded') };
  const attempts = sum('attempts');
  return {
    accepted: sum('accepted'),
    ended: succeeded + failed + others.cancelled + others.expired + others.superseded,
    succeeded,
    failed,
    ...others,
    attempts,
    retries: sum('retries'),
    success_rate: rate(succeeded, succeeded + failed),
    error_rate: rate(sum('failed_attempts'), attempts),
    execution_time_ms: tally.samplesOf(fits('execution')).percentiles(),
    queue_wait_ms: tally.samplesOf(fits('queue_wait')).percentiles(),
  };
}

const FIELDS_OF = {
  execution_time: ['execution_time_ms'],
  success_rate: ['success_rate'],
  error_rate: ['error_rate'],
  retry_count: ['attempts', 'retries'],
  queue_wait: ['queue_wait_ms'],
} as const satisfies Record<JobMeasure, readonly (keyof JobCell)[]>;

/** The fields that were not asked for. */
const fieldsWithout = (measures: readonly JobMeasure[]): ReadonlySet<string> =>
  new Set(
    JOB_MEASURES.filter((measure) => !measures.includes(measure)).flatMap((measure) => FIELDS_OF[measure]),
  );
