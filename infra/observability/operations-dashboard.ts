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
import { type Behind, FULL, type GraphAndBehind, graph, Links, monthly } from './dashboard-widgets.ts';
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

/** One page for operators, from top to bottom: what is wrong, what is late, the API, the kinds, the queues. Below each graph stands what is behind it. */
export class OperationsDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: OperationsDashboardProps) {
    super(scope, id);
    const { functions, jobApi, metrics, queues } = props;
    const links = new Links(Stack.of(this), { functions, queues });
    this.dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: props.name,
      defaultInterval: Duration.hours(3),
      widgets: [
        ...props.alarms.map(({ alarms, title }) => [
          new AlarmStatusWidget({ title, alarms: [...alarms], width: FULL, height: 4 }),
        ]),
        ...links.row([troubleWidget(functions), { functions: [functions.operationsWidget] }]),
        ...links.row(...lateRow(metrics, functions)),
        ...links.shared(apiRow(jobApi), { functions: [...functions.submit.values()] }),
        // Those of the job endpoints stand right above.
        ...links.shared(stepRow(metrics), {
          functions: functions.all.filter(({ name }) => name.endsWith('-api') || name === 'not-found'),
        }),
        ...JOB_KINDS.flatMap((kind) =>
          links.shared(kindRow(metrics, kind), { priorities: kind.priorities }, kind.name),
        ),
        ...links.shared(queueRow(queues), {
          priorities: PRIORITY_NAMES,
          functions: [functions.deadLetter],
        }),
        ...links.row(...failureRow(metrics, functions)),
        ...links.row(...restoreRow(metrics, functions)),
        ...links.shared([], { functions: [functions.recurring, functions.erasure] }, 'Without a graph'),
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
function lateRow(metrics: JobMetrics, functions: JobFunctions): GraphAndBehind[] {
  const each = (name: 'oldest_overdue' | 'queue_wait', statistic: 'Maximum' | 'p95') =>
    PRIORITY_NAMES.map((priority) => metrics.metric(name, statistic, { priority }));
  return [
    [
      graph('Seconds by which the oldest job is overdue', 8, each(METRICS.oldestOverdue, 'Maximum')),
      { priorities: PRIORITY_NAMES, functions: [functions.reconciler] },
    ],
    [
      graph('Wait from due to begun, p95 in milliseconds', 8, each(METRICS.queueWait, 'p95')),
      { priorities: PRIORITY_NAMES },
    ],
    [
      graph('Lag of the tick in seconds', 8, [metrics.metric(METRICS.tickLag, 'Maximum', {}, 1)]),
      { functions: [functions.tick, functions.tickShard] },
    ],
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

function failureRow(metrics: JobMetrics, functions: JobFunctions): GraphAndBehind[] {
  const { auditSeal, reconciler, tick, tickShard } = functions;
  return [
    [
      graph('Repairs by the reconciler', 6, [metrics.everyCombination(METRICS.repairs, 'Sum')]),
      { functions: [reconciler] },
    ],
    [
      graph('Messages not taken, unreadable, delivered twice; runs that failed', 6, [
        metrics.metric(METRICS.enqueueFailures, 'Sum'),
        metrics.metric(METRICS.malformedMessages, 'Sum'),
        metrics.metric(METRICS.duplicateDeliveries, 'Sum'),
        metrics.metric(METRICS.runFailures, 'Sum'),
      ]),
      { priorities: PRIORITY_NAMES, functions: [tick, tickShard, reconciler] },
    ],
    [
      graph('Seconds since the last sealed hour of the audit trail; late entries', 6, [
        metrics.metric(METRICS.sealLag, 'Maximum'),
        metrics.metric(METRICS.lateEntries, 'Sum'),
      ]),
      { functions: [auditSeal] },
    ],
    [
      graph('Keys that are disabled, about to be deleted or gone', 6, [
        metrics.metric(METRICS.keysUnusable, 'Maximum', {}, 1),
      ]),
      { functions: [reconciler] },
    ],
  ];
}

/** What a restore would lose, and what the drills of the last months have measured. */
function restoreRow(metrics: JobMetrics, functions: JobFunctions): GraphAndBehind[] {
  const drill: Behind = { functions: [functions.restoreDrill] };
  const ofDrills = (
    title: string,
    name: Parameters<JobMetrics['metric']>[0],
    statistic: 'Maximum' | 'Minimum',
  ) => [monthly(title, 6, [metrics.metric(name, statistic, {}, DAY)]), drill] as const;
  return [
    [
      graph(
        'Seconds that a restore of the newest backup would lose',
        6,
        [metrics.metric(METRICS.backupAge, 'Maximum')],
        { value: RPO_SECONDS, label: 'objective' },
      ),
      { priorities: ['LOW'], functions: [functions.changeLog] },
    ],
    ofDrills('RPO of restore drills in seconds', METRICS.restoreRpo, 'Maximum'),
    ofDrills('RTO of restore drills in seconds', METRICS.restoreRto, 'Maximum'),
    ofDrills('Restore drills that passed', METRICS.restoreDrillsPassed, 'Minimum'),
  ];
}

/** Minutes. */
const DAY = 1_440;
