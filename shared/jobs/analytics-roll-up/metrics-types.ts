import type { Problem } from '../../errors/problem-error.ts';

/** What is counted and stored by itself. */
export const FAMILIES = ['jobs', 'security', 'reminders', 'refills', 'supply', 'interactions'] as const;
export type Family = (typeof FAMILIES)[number];

/** Families whose numbers count people's doses, checks and medications. */
export const PERSON_FAMILIES = ['reminders', 'refills', 'supply', 'interactions'] as const;
export type PersonFamily = (typeof PERSON_FAMILIES)[number];

export const isPersonFamily = (family: Family): family is PersonFamily =>
  PERSON_FAMILIES.some((person) => person === family);

/** Metrics that tell of people: only for whole local days, with small cells left out. */
const PERSON_METRICS = ['adherence', ...PERSON_FAMILIES] as const;

/** The parts of `jobs` that a caller can ask for one by one. */
export const JOB_MEASURES = [
  'execution_time',
  'success_rate',
  'error_rate',
  'retry_count',
  'queue_wait',
] as const;

export type JobMeasure = (typeof JOB_MEASURES)[number];

/** Every accepted value of `metrics_types`. `jobs` stands for all measures of jobs. */
export const METRICS_TYPES = [...PERSON_METRICS, 'jobs', 'security', ...JOB_MEASURES] as const;

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

/** The measures that a list of metrics types stands for. Counts are part of every answer about jobs. */
export const measuresOf = (asked: readonly string[]): readonly JobMeasure[] =>
  JOB_MEASURES.filter((measure) => asked.includes('jobs') || asked.includes(measure));

/** The metrics among `asked` that tell of people. */
export const personMetricsIn = (asked: readonly string[]): readonly string[] =>
  PERSON_METRICS.filter((metric) => asked.includes(metric));

/** The families that have to be read. What became of doses is part of adherence, too. */
export const familiesOf = (asked: readonly string[]): readonly Family[] =>
  FAMILIES.filter((family) => {
    if (family === 'jobs') return measuresOf(asked).length > 0;
    return asked.includes(family) || (family === 'reminders' && asked.includes('adherence'));
  });
