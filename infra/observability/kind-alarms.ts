import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { METRICS } from '#shared/contract/metrics.ts';
import type { JobKind } from '#shared/jobs/define-job-kind.ts';
import { JOB_KINDS } from '#shared/jobs/registry.ts';
import type { Priority } from '#shared/lifecycle/priority.ts';
import { JobAlarm } from './job-alarm.ts';
import type { JobMetrics } from './job-metrics.ts';
import { errorPercent, latencyOfEnough } from './metric-factory.ts';
import { RUNBOOK } from './runbook.ts';
import {
  EACH_RUN,
  ENOUGH_SAMPLES,
  ERROR_THRESHOLD,
  ERRORS_OF_FEW,
  LATENCY_THRESHOLD_MS,
  STEADY,
} from './thresholds.ts';

/**
 * Error rate and latency of each kind's attempts, per priority: the metrics are written with both dimensions, and a
 * percentile cannot be put together from others.
 */
export class KindAlarms extends Construct {
  readonly alarms: readonly JobAlarm[];
  /** The error rates. */
  readonly errors: readonly JobAlarm[];

  constructor(scope: Construct, id: string, { metrics, topic }: { metrics: JobMetrics; topic: Topic }) {
    super(scope, id);
    const pairs = JOB_KINDS.flatMap((kind) =>
      kind.priorities.map((priority) => this.#alarms(kind, priority, metrics, topic)),
    );
    this.errors = pairs.map(({ errors }) => errors);
    this.alarms = pairs.flatMap(({ errors, latency }) => [errors, latency]);
  }

  #alarms(kind: JobKind, priority: Priority, metrics: JobMetrics, topic: Topic) {
    // A kind with an objective of its own runs a few times a day: 20 runs in five minutes never come together.
    const rare = kind.executionObjective.ms > LATENCY_THRESHOLD_MS;
    const pace = rare ? EACH_RUN : STEADY;
    const of = (statistic: 'SampleCount' | 'Sum', name: 'error_rate') =>
      metrics.metric(name, statistic, { kind: kind.name, priority }, pace.periodMinutes);
    const time = (statistic: 'SampleCount' | 'p99') =>
      metrics.metric(METRICS.executionTime, statistic, { kind: kind.name, priority }, pace.periodMinutes);
    const id = `${kind.name}-${priority.toLowerCase()}`;
    return {
      errors: new JobAlarm(this, `${id}-errors`, {
        metric: errorPercent(
          of('SampleCount', METRICS.errorRate),
          of('Sum', METRICS.errorRate),
          rare ? 1 : ERRORS_OF_FEW,
        ),
        threshold: ERROR_THRESHOLD * 100,
        pace,
        severity: priority === 'CRITICAL' || priority === 'HIGH' ? 'high' : 'medium',
        impact: `Attempts of ${kind.name} jobs at priority ${priority} fail and are repeated: their results come late.`,
        runbook: RUNBOOK.executionErrors,
        topic,
      }),
      latency: new JobAlarm(this, `${id}-latency`, {
        metric: latencyOfEnough(time('SampleCount'), time('p99'), rare ? 1 : ENOUGH_SAMPLES),
        threshold: kind.executionObjective.ms,
        pace,
        severity: priority === 'CRITICAL' ? 'high' : 'low',
        impact: `Attempts of ${kind.name} jobs at priority ${priority} take longer than their objective and hold up what waits behind them.`,
        runbook: RUNBOOK.executionLatency,
        topic,
      }),
    };
  }
}
