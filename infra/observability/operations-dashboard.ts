import { Duration, Stack } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  CustomWidget,
  Dashboard,
  type IAlarm,
  type IWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { METRICS } from '#shared/contract/metrics.ts';
import type { JobKind } from '#shared/jobs/define-job-kind.ts';
import { JOB_KINDS } from '#shared/jobs/registry.ts';
import { PRIORITY_NAMES } from '#shared/lifecycle/priority.ts';
import type { JobApi } from '../constructs/job-api.ts';
import type { JobFunctions } from '../constructs/job-functions.ts';
import type { JobQueues } from '../constructs/job-queues.ts';
import { RPO_SECONDS } from './backup-alarms.ts';
import { FULL, graph, linksBelow, monthly } from './dashboard-widgets.ts';
import type { JobMetrics } from './job-metrics.ts';
import { endpointMetric, queueMetric } from './metric-factory.ts';
import { LATENCY_THRESHOLD_MS } from './thresholds.ts';

export interface OperationsDashboardProps {
  readonly name: string;
  readonly jobApi: JobApi;
  readonly functions: JobFunctions;
  readonly queues: JobQueues;
  /** In groups, each with its title; CloudWatch shows at most 100 in one widget. */
  readonly alarms: readonly { readonly title: string; readonly alarms: readonly IAlarm[] }[];
  readonly metrics: JobMetrics;
}

/** One page for operators, from top to bottom: what is wrong, what is late, the API, the kinds, the queues. Below each row stands what is behind it. */
export class OperationsDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: OperationsDashboardProps) {
    super(scope, id);
    const { functions, jobApi, metrics, queues } = props;
    const below = (behind: Parameters<typeof linksBelow>[1]) => linksBelow(Stack.of(this), behind);
    this.dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: props.name,
      defaultInterval: Duration.hours(3),
      widgets: [
        ...props.alarms.map(({ alarms, title }) => [
          new AlarmStatusWidget({ title, alarms: [...alarms], width: FULL, height: 4 }),
        ]),
        [troubleWidget(functions)],
        below({ functions: [functions.operationsWidget] }),
        lateRow(metrics),
        below({ functions: [functions.tick, functions.tickShard, functions.reconciler] }),
        apiRow(jobApi),
        stepRow(metrics),
        below({ functions: [...functions.submit.values()] }),
        below({
          functions: functions.all.filter(({ name }) => name.endsWith('-api') || name === 'not-found'),
        }),
        ...JOB_KINDS.flatMap((kind) => [
          kindRow(metrics, kind),
          below({ functions: kind.priorities.map((priority) => functions.workers[priority]) }),
        ]),
        queueRow(queues),
        below({ queues: PRIORITY_NAMES.map((name) => [name, queues.byPriority[name]]) }),
        failureRow(metrics),
        restoreRow(metrics),
        below({ functions: [functions.workers.LOW, functions.changeLog, functions.restoreDrill] }),
        below({
          functions: [functions.deadLetter, functions.recurring, functions.erasure, functions.auditSeal],
        }),
      ],
    });
  }
}

/** Single jobs, and what can be done about them. It is drawn anew only when somebody asks for it, so that what was pasted into its form stays. */
const troubleWidget = ({ operationsWidget }: JobFunctions): IWidget =>
  new CustomWidget({
    title: 'Failed and late jobs',
    functionArn: operationsWidget.lambda.functionArn,
    width: FULL,
    height: 12,
    updateOnRefresh: false,
    updateOnResize: false,
    updateOnTimeRangeChange: false,
  });

/** What is late at this moment, and whether what keeps time does. */
function lateRow(metrics: JobMetrics): IWidget[] {
  const each = (name: 'oldest_overdue' | 'queue_wait', statistic: 'Maximum' | 'p95') =>
    PRIORITY_NAMES.map((priority) => metrics.metric(name, statistic, { priority }));
  return [
    graph('Seconds by which the oldest job is overdue', 8, each(METRICS.oldestOverdue, 'Maximum')),
    graph('Wait from due to begun, p95 in milliseconds', 8, each(METRICS.queueWait, 'p95')),
    graph('Lag of the tick in seconds', 8, [metrics.metric(METRICS.tickLag, 'Maximum', {}, 1)]),
  ];
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

function stepRow(metrics: JobMetrics): IWidget[] {
  return [
    graph('Refused requests by step', FULL, [
      metrics.metric(METRICS.refusedAuthenticate, 'Sum'),
      metrics.metric(METRICS.refusedAuthorize, 'Sum'),
      metrics.metric(METRICS.refusedValidateInput, 'Sum'),
      metrics.metric(METRICS.refusedVerifyCompliance, 'Sum'),
      metrics.metric(METRICS.refusedApplyBusinessRules, 'Sum'),
      metrics.metric(METRICS.refusedRecordAcceptance, 'Sum'),
    ]),
  ];
}

/** A kind's row follows from its line in the registry. */
function kindRow(metrics: JobMetrics, { name, executionObjective }: JobKind): IWidget[] {
  const objective = { value: executionObjective.ms, label: 'objective' };
  const every = (
    metric: Parameters<JobMetrics['everyCombination']>[0],
    statistic: 'p99' | 'Average' | 'Sum',
  ) => metrics.everyCombination(metric, statistic, name);
  return [
    graph(`${name}: execution p99`, 8, [every(METRICS.executionTime, 'p99')], objective),
    graph(`${name}: error rate of attempts, success rate of jobs`, 8, [
      every(METRICS.errorRate, 'Average'),
      every(METRICS.successRate, 'Average'),
    ]),
    graph(`${name}: retries and dead letters`, 8, [
      every(METRICS.retryCount, 'Sum'),
      every(METRICS.deadLetters, 'Sum'),
    ]),
  ];
}

function queueRow(queues: JobQueues): IWidget[] {
  // By priority: names of queues are generated.
  const pairs = PRIORITY_NAMES.map((priority) => ({ ...queues.byPriority[priority], label: priority }));
  const each = (what: Parameters<typeof queueMetric>[1]) =>
    pairs.map(({ label, source }) => queueMetric(source, what).with({ label }));
  return [
    graph('Waiting messages', 8, each('waiting')),
    graph('Messages in work', 8, each('in work')),
    graph(
      'Messages in dead-letter queues',
      8,
      pairs.map(({ deadLetters, label }) => queueMetric(deadLetters, 'waiting').with({ label })),
    ),
  ];
}

function failureRow(metrics: JobMetrics): IWidget[] {
  return [
    graph('Repairs by the reconciler', 6, [metrics.everyCombination(METRICS.repairs, 'Sum')]),
    graph('Messages not taken, unreadable, delivered twice; runs that failed', 6, [
      metrics.metric(METRICS.enqueueFailures, 'Sum'),
      metrics.metric(METRICS.malformedMessages, 'Sum'),
      metrics.metric(METRICS.duplicateDeliveries, 'Sum'),
      metrics.metric(METRICS.runFailures, 'Sum'),
    ]),
    graph('Seconds since the last sealed hour of the audit trail; late entries', 6, [
      metrics.metric(METRICS.sealLag, 'Maximum'),
      metrics.metric(METRICS.lateEntries, 'Sum'),
    ]),
    graph('Keys that are disabled, about to be deleted or gone', 6, [
      metrics.metric(METRICS.keysUnusable, 'Maximum', {}, 1),
    ]),
  ];
}

/** What a restore would lose, and what the drills of the last months have measured. */
function restoreRow(metrics: JobMetrics): IWidget[] {
  return [
    graph(
      'Seconds that a restore of the newest backup would lose',
      6,
      [metrics.metric(METRICS.backupAge, 'Maximum')],
      { value: RPO_SECONDS, label: 'objective' },
    ),
    monthly('RPO of restore drills in seconds', 6, [metrics.metric(METRICS.restoreRpo, 'Maximum', {}, DAY)]),
    monthly('RTO of restore drills in seconds', 6, [metrics.metric(METRICS.restoreRto, 'Maximum', {}, DAY)]),
    monthly('Restore drills that passed', 6, [
      metrics.metric(METRICS.restoreDrillsPassed, 'Minimum', {}, DAY),
    ]),
  ];
}

/** Minutes. */
const DAY = 1_440;
