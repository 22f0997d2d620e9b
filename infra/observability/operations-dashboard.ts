import { Duration, Stack } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { METRICS } from '#shared/contract/metrics.ts';
import { JOB_KINDS } from '#shared/jobs/registry.ts';
import { PRIORITY_NAMES } from '#shared/lifecycle/priority.ts';
import type { JobApi } from '../constructs/job-api.ts';
import type { JobFunctions } from '../constructs/job-functions.ts';
import type { JobQueues } from '../constructs/job-queues.ts';
import type { JobAlarm } from './job-alarm.ts';
import type { JobMetrics } from './job-metrics.ts';
import { consoleLink, endpointMetric, queueMetric } from './metric-factory.ts';
import { LATENCY_THRESHOLD_MS, STEADY } from './thresholds.ts';

export interface OperationsDashboardProps {
  readonly name: string;
  readonly jobApi: JobApi;
  readonly functions: JobFunctions;
  readonly queues: JobQueues;
  readonly alarms: readonly JobAlarm[];
  readonly metrics: JobMetrics;
}

const PERIOD = Duration.minutes(STEADY.periodMinutes);
const FULL = 24;

/** One page for operators, from top to bottom: what is wrong, the API, the kinds, the queues, the reminders, where to go on. */
export class OperationsDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: OperationsDashboardProps) {
    super(scope, id);
    this.dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: props.name,
      defaultInterval: Duration.hours(3),
      widgets: [
        [
          new AlarmStatusWidget({
            title: 'Alarms',
            width: FULL,
            height: 6,
            alarms: props.alarms.map(({ alarm }) => alarm),
          }),
        ],
        apiRow(props.jobApi),
        ...JOB_KINDS.map(({ name, executionObjective }) =>
          kindRow(props.metrics, name, executionObjective.ms),
        ),
        queueRow(props.metrics, props.queues),
        failureRow(props.metrics),
        reminderRow(props.metrics),
        [new TextWidget({ width: FULL, height: 14, markdown: linksOnward(Stack.of(this), props) })],
      ],
    });
  }
}

function graph(
  title: string,
  width: number,
  left: readonly IMetric[],
  limit?: { value: number; label: string },
): IWidget {
  return new GraphWidget({
    title,
    width,
    height: 6,
    period: PERIOD,
    left: [...left],
    ...(limit && { leftAnnotations: [{ ...limit, color: '#d62728' }] }),
  });
}

function apiRow({ api, submitEndpoints }: JobApi): IWidget[] {
  const endpoints = [...submitEndpoints.values()];
  const each = (
    name: Parameters<typeof endpointMetric>[2],
    statistic: Parameters<typeof endpointMetric>[3],
  ) => endpoints.map((endpoint) => endpointMetric(api, endpoint, name, statistic));
  return [
    graph('Requests', 6, each('Count', 'Sum')),
    graph('Server errors', 6, each('5XXError', 'Sum')),
    graph('Refused requests', 6, each('4XXError', 'Sum')),
    graph('Latency p99', 6, each('Latency', 'p99'), { value: LATENCY_THRESHOLD_MS, label: 'threshold' }),
  ];
}

/** A kind's row follows from its line in the registry. */
function kindRow(metrics: JobMetrics, kind: string, objectiveMs: number): IWidget[] {
  return [
    graph(`${kind}: execution p99`, 8, [metrics.everyCombination(METRICS.executionTime, 'p99', kind)], {
      value: objectiveMs,
      label: 'objective',
    }),
    graph(`${kind}: error rate of attempts, success rate of jobs`, 8, [
      metrics.everyCombination(METRICS.errorRate, 'Average', kind),
      metrics.everyCombination(METRICS.successRate, 'Average', kind),
    ]),
    graph(`${kind}: wait in the queue p99`, 8, [metrics.everyCombination(METRICS.queueWait, 'p99', kind)]),
  ];
}

function queueRow(metrics: JobMetrics, queues: JobQueues): IWidget[] {
  const pairs = PRIORITY_NAMES.map((priority) => queues.byPriority[priority]);
  const each = (what: Parameters<typeof queueMetric>[1]) =>
    pairs.map(({ source }) => queueMetric(source, what));
  return [
    graph('Waiting messages', 6, each('waiting')),
    graph('Messages in work', 6, each('in work')),
    graph(
      'Seconds by which the oldest job is overdue',
      6,
      PRIORITY_NAMES.map((priority) => metrics.metric(METRICS.oldestOverdue, 'Maximum', { priority })),
    ),
    graph(
      'Messages in dead-letter queues',
      6,
      pairs.map(({ deadLetters }) => queueMetric(deadLetters, 'waiting')),
    ),
  ];
}

function failureRow(metrics: JobMetrics): IWidget[] {
  return [
    graph('Retries', 6, [metrics.everyCombination(METRICS.retryCount, 'Sum')]),
    graph('Dead letters', 6, [metrics.everyCombination(METRICS.deadLetters, 'Sum')]),
    graph('Repairs by the reconciler', 6, [metrics.everyCombination(METRICS.repairs, 'Sum')]),
    graph('Messages not taken, unreadable, delivered twice; runs that failed', 6, [
      metrics.metric(METRICS.enqueueFailures, 'Sum'),
      metrics.metric(METRICS.malformedMessages, 'Sum'),
      metrics.metric(METRICS.duplicateDeliveries, 'Sum'),
      metrics.metric(METRICS.runFailures, 'Sum'),
    ]),
  ];
}

function reminderRow(metrics: JobMetrics): IWidget[] {
  return [
    graph('Reminders', 8, [
      metrics.metric(METRICS.remindersPublished, 'Sum'),
      metrics.metric(METRICS.remindersLate, 'Sum'),
      metrics.metric(METRICS.remindersNotSent, 'Sum'),
      metrics.metric(METRICS.recordsLeftOpen, 'Sum'),
      metrics.metric(METRICS.remindersPossibleDuplicate, 'Sum'),
    ]),
    graph('Follow-ups and escalations', 8, [
      metrics.metric(METRICS.followUpsPublished, 'Sum'),
      metrics.metric(METRICS.escalationsPublished, 'Sum'),
      metrics.metric(METRICS.escalationsWithoutCaregiver, 'Sum'),
      metrics.metric(METRICS.confirmedSubscriptions, 'Maximum', {}, 1),
    ]),
    graph('Lag of the tick in seconds', 8, [metrics.metric(METRICS.tickLag, 'Maximum', {}, 1)]),
  ];
}

/** Queue, function and log group of everything that is drawn above. */
function linksOnward(stack: Stack, { functions, queues }: OperationsDashboardProps): string {
  const functionRows = functions.all.map(({ name, variant, lambda, logGroup }) => {
    const fn = consoleLink(stack, 'lambda', `/functions/${lambda.functionName}`);
    const logs = consoleLink(stack, 'cloudwatch', `logsV2:log-groups/log-group/${logGroup.logGroupName}`);
    return `| ${name} ${variant} | [function](${fn}) | [logs](${logs}) |`;
  });
  const queueRows = PRIORITY_NAMES.map((priority) => {
    const { source, deadLetters } = queues.byPriority[priority];
    const list = (queue: IQueue) => consoleLink(stack, 'sqs/v3', `/queues?prefix=${queue.queueName}`);
    return `| ${priority} | [queue](${list(source)}) | [dead letters](${list(deadLetters)}) |`;
  });
  return ['| what | | |', '|---|---|---|', ...queueRows, ...functionRows].join('\n');
}
