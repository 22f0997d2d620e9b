import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { METRICS } from '#shared/contract/metrics.ts';
import { PRIORITY_NAMES, type Priority } from '#shared/lifecycle/priority.ts';
import type { JobQueues } from '../constructs/job-queues.ts';
import type { Stage } from '../stages.ts';
import { JobAlarm, type Severity } from './job-alarm.ts';
import type { JobMetrics } from './job-metrics.ts';
import {
  concurrentExecutions,
  latencyOfEnough,
  messagesIn,
  queueMetric,
  throttledFunctions,
} from './metric-factory.ts';
import { RUNBOOK } from './runbook.ts';
import { EACH_MINUTE, NEVER, STEADY } from './thresholds.ts';

/** Seconds by which a job may be late: CRITICAL and HIGH one retry delay, the others what their callers can live with. */
export const OVERDUE_SECONDS = { CRITICAL: 60, HIGH: 300, MEDIUM: 900, LOW: 3_600 } as const;

/** Milliseconds that 95 of 100 jobs may wait from their due time to their first attempt, where people wait for them. */
const WAIT_MS = [
  ['CRITICAL', 2_000],
  ['HIGH', 10_000],
] as const;
/** Share of the account's concurrent executions above which little is left for a burst. */
const CONCURRENCY_SHARE = 0.8;

const SEVERITY: Readonly<Record<Priority, Severity>> = {
  CRITICAL: 'critical',
  HIGH: 'high',
  MEDIUM: 'medium',
  LOW: 'medium',
};

export interface FlowAlarmsProps {
  readonly stage: Stage;
  readonly metrics: JobMetrics;
  readonly queues: JobQueues;
  readonly topic: Topic;
}

/** Jobs that stop moving: failed ones, overdue ones, dead letters that nobody takes, events that got lost. */
export class FlowAlarms extends Construct {
  readonly alarms: readonly JobAlarm[];

  constructor(scope: Construct, id: string, props: FlowAlarmsProps) {
    super(scope, id);
    this.alarms = [
      ...PRIORITY_NAMES.flatMap((priority) => this.#priority(priority, props)),
      ...WAIT_MS.map(([priority, ms]) => this.#wait(priority, ms, props)),
      ...this.#lost(props),
      ...this.#capacity(props),
    ];
  }

  #priority(priority: Priority, { metrics, queues, topic }: FlowAlarmsProps): readonly JobAlarm[] {
    return [
      new JobAlarm(this, `dead-letters-${priority.toLowerCase()}`, {
        // The queue itself is normally empty: its consumer has read it before anybody looks.
        metric: metrics.sumOverKinds(METRICS.deadLetters, priority),
        ...NEVER,
        severity: SEVERITY[priority],
        impact: `At least one ${priority} job has used up its attempts and will not be done unless somebody retries it.`,
        runbook: RUNBOOK.deadLetters,
        topic,
      }),
      new JobAlarm(this, `dead-letters-stuck-${priority.toLowerCase()}`, {
        // By number and not by age, which SQS no longer counts once a message was received three times without success.
        metric: messagesIn(queues.byPriority[priority].deadLetters),
        threshold: 0,
        pace: { periodMinutes: 5, datapoints: 3, periods: 3 },
        severity: SEVERITY[priority],
        impact: `The fate of at least one ${priority} job has not been recorded for 15 minutes: nobody learns that it failed.`,
        runbook: RUNBOOK.deadLettersStuck,
        topic,
      }),
      new JobAlarm(this, `overdue-${priority.toLowerCase()}`, {
        // By the rows and not by the queue: the age of a message begins when it is sent, which may be long before it is due.
        metric: metrics.metric(METRICS.oldestOverdue, 'Maximum', { priority }, 1),
        threshold: OVERDUE_SECONDS[priority],
        pace: EACH_MINUTE,
        // The reconciler measures all four each minute, so one of them is enough to notice that it does not run.
        ...(priority === 'CRITICAL' && { silenceBreaches: true }),
        severity: SEVERITY[priority],
        impact: `At least one ${priority} job should have begun long ago and has not: its result comes late.`,
        runbook: RUNBOOK.overdueJobs,
        topic,
      }),
    ];
  }

  #lost({ metrics, queues, topic }: FlowAlarmsProps): readonly JobAlarm[] {
    return [
      new JobAlarm(this, 'lost-events', {
        // Each new one speaks, also while older ones still lie there.
        metric: queueMetric(queues.lostEvents, 'arriving'),
        ...NEVER,
        severity: 'medium',
        impact: 'A roll-up or backup was not started, or a round of the tick or reconciler was lost.',
        runbook: RUNBOOK.lostEvents,
        topic,
      }),
      new JobAlarm(this, 'reference-unusable', {
        metric: metrics.metric(METRICS.referenceUnusable, 'Sum'),
        ...NEVER,
        severity: 'high',
        impact: 'Interaction checks answer "error", or go by an older pack than the one that was imported.',
        runbook: RUNBOOK.referenceUnusable,
        topic,
      }),
    ];
  }

  #wait(priority: Priority, ms: number, { metrics, topic }: FlowAlarmsProps): JobAlarm {
    const wait = (statistic: 'SampleCount' | 'p95') =>
      metrics.metric(METRICS.queueWait, statistic, { priority });
    return new JobAlarm(this, `wait-${priority.toLowerCase()}`, {
      metric: latencyOfEnough(wait('SampleCount'), wait('p95')),
      threshold: ms,
      pace: STEADY,
      severity: SEVERITY[priority],
      impact: `${priority} jobs begin more than ${ms / 1000} seconds after they are due: people wait for them.`,
      runbook: RUNBOOK.queueWait,
      topic,
    });
  }

  #capacity({ stage, topic }: FlowAlarmsProps): readonly JobAlarm[] {
    return [
      new JobAlarm(this, 'throttled-functions', {
        metric: throttledFunctions(),
        threshold: 0,
        pace: STEADY,
        severity: 'high',
        impact: 'The account has no executions left: requests are refused and jobs wait.',
        runbook: RUNBOOK.throttledFunctions,
        topic,
      }),
      new JobAlarm(this, 'concurrency', {
        metric: concurrentExecutions(),
        threshold: CONCURRENCY_SHARE * stage.concurrencyQuota,
        pace: EACH_MINUTE,
        severity: 'medium',
        impact: 'The account has few executions left: the next burst is refused and waits.',
        runbook: RUNBOOK.concurrency,
        topic,
      }),
    ];
  }
}
