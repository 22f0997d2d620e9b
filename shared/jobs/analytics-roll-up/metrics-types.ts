import type { Problem } from '../../errors/problem-error.ts';

/** The parts of a cell that a caller can ask for one by one. */
export const JOB_MEASURES = [
  'execution_time',
  'success_rate',
  'error_rate',
  'retry_count',
  'queue_wait',
] as const;

export type JobMeasure = (typeof JOB_MEASURES)[number];

/** Every accepted value of `metrics_types`. `jobs` stands for all measures of jobs. */
export const METRICS_TYPES = [
  'adherence',
  'reminders',
  'refills',
  'supply',
  'interactions',
  'jobs',
  'security',
  ...JOB_MEASURES,
] as const;

/** One problem per unknown entry. The entry itself is not repeated. */
export const metricsTypeProblems = (asked: readonly string[]): readonly Problem[] =>
  asked.flatMap((type, index) =>
    METRICS_TYPES.some((known) => known === type)
      ? []
      : [
          {
            pointer: `/metrics_types/${index}`,
            code: 'unknown_metrics_type',
            detail: `Must be one of: ${METRICS_TYPES.join(', ')}.`,
          },
        ],
  );

/** The measures that a list of metrics types stands for. Counts are part of every answer. */
export const measuresOf = (asked: readonly string[]): readonly JobMeasure[] =>
  JOB_MEASURES.filter((measure) => asked.includes('jobs') || asked.includes(measure));
