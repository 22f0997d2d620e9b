import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { METRICS } from '#shared/contract/metrics.ts';
import type { JobFunctions } from '../constructs/job-functions.ts';
import type { JobQueues } from '../constructs/job-queues.ts';
import { JobAlarm, type Severity } from './job-alarm.ts';
import type { JobMetrics } from './job-metrics.ts';
import { functionMetric, queueMetric } from './metric-factory.ts';
import { RUNBOOK } from './runbook.ts';
import { AT_ONCE, EACH_MINUTE, NEVER } from './thresholds.ts';

/** Two failed rounds are made good by the third. */
const FAILURES_IN_A_ROW = 2;

const REMINDERS = { severity: 'critical', impact: 'Reminders are prepared late or not at all.' } as const;

/** Functions that nobody waits for and that fail: by themselves, or message by message. */
export class RoundAlarms extends Construct {
  readonly alarms: readonly JobAlarm[];

  constructor(
    scope: Construct,
    id: string,
    props: { metrics: JobMetrics; queues: JobQueues; functions: JobFunctions; topic: Topic },
  ) {
    super(scope, id);
    const { metrics, queues, functions, topic } = props;
    const { tick, tickShard, reconciler, deadLetter, operationsWidget } = functions;
    const rounds: readonly (readonly [typeof tick, { severity: Severity; impact: string }])[] = [
      [tick, REMINDERS],
      [tickShard, REMINDERS],
      [reconciler, { severity: 'high', impact: 'Jobs whose message got lost stay where they are.' }],
      [deadLetter, { severity: 'high', impact: 'Jobs that have failed are not recorded as failed.' }],
    ];
    const failing = rounds.map(
      ([fn, harm]) =>
        new JobAlarm(this, `${fn.name}-failing`, {
          metric: functionMetric(fn, 'errors'),
          threshold: FAILURES_IN_A_ROW,
          pace: AT_ONCE,
          ...harm,
          runbook: RUNBOOK.roundFailing,
          topic,
        }),
    );
    this.alarms = [
      ...failing,
      new JobAlarm(this, 'runs-failing', {
        // Lambda counts no error where a function hands a message back.
        metric: metrics.metric(METRICS.runFailures, 'Sum', {}, 1),
        threshold: 0,
        pace: EACH_MINUTE,
        severity: 'high',
        impact:
          'Messages or rounds fail again and again before their work begins: jobs or reminders come late.',
        runbook: RUNBOOK.runsFailing,
        topic,
      }),
      new JobAlarm(this, 'widget-failing', {
        metric: functionMetric(operationsWidget, 'errors'),
        ...NEVER,
        severity: 'medium',
        impact: 'The operations dashboard does not show failed and late jobs: operators miss them there.',
        runbook: RUNBOOK.widgetFailing,
        topic,
      }),
      new JobAlarm(this, 'tick-dead-letters', {
        metric: queueMetric(queues.tickDeadLetters, 'waiting'),
        ...NEVER,
        severity: 'high',
        impact: 'One shard of due doses has failed for ten minutes: its reminders come late.',
        runbook: RUNBOOK.tickDeadLetters,
        topic,
      }),
    ];
  }
}
