import { Duration, Stack } from 'aws-cdk-lib';
import { Dashboard, type IMetric, type IWidget, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { METRICS } from '#shared/contract/metrics.ts';
import { PRIORITY_NAMES } from '#shared/lifecycle/priority.ts';
import type { JobApi } from '../constructs/job-api.ts';
import type { JobFunctions } from '../constructs/job-functions.ts';
import type { JobQueues } from '../constructs/job-queues.ts';
import { graph, Links } from './dashboard-widgets.ts';
import type { JobMetrics } from './job-metrics.ts';
import { apiMetric, concurrentExecutions, throttledFunctions } from './metric-factory.ts';

export interface CapacityDashboardProps {
  readonly name: string;
  readonly jobApi: JobApi;
  readonly functions: JobFunctions;
  readonly queues: JobQueues;
  readonly tables: Readonly<Record<string, Table>>;
  readonly metrics: JobMetrics;
  readonly concurrencyQuota: number;
}

const HOUR = Duration.hours(1);

/**
 * Public list prices of us-east-1 in dollars, as docs/architecture.md has them: DynamoDB on demand per million units, KMS per
 * million requests, Lambda on arm64 per million GB-seconds, requests to API Gateway with the web ACL in front of it.
 */
const PER_MILLION = { write: 0.625, read: 0.125, kms: 3, gbSecond: 13.3334, request: 3.5 + 0.6 } as const;
/** What the formula leaves out, in the title, because whoever reads the graph does not read this. */
const LEFT_OUT = 'without logs, messages and other functions: 10 to 20 % more';
/** Memory of the workers, on which the price of a second depends. */
const WORKER_GB = 1;

/** One page for who pays: what a job takes, and how near the account's limits are. */
export class CapacityDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: CapacityDashboardProps) {
    super(scope, id);
    const { metrics, name } = props;
    const links = new Links(Stack.of(this), props);
    this.dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: name,
      defaultInterval: Duration.hours(24),
      widgets: [
        ...links.shared(jobRow(metrics, props), { priorities: PRIORITY_NAMES, tables: props.tables }),
        ...links.shared(limitRow(props), { priorities: PRIORITY_NAMES }),
        ...links.shared(tableRow(Object.values(props.tables)), { tables: props.tables }),
      ],
    });
  }
}

/** Ended jobs of all kinds and priorities in an hour. */
const endedJobs = (metrics: JobMetrics): MathExpression =>
  new MathExpression({
    expression: 'SUM(ended)',
    usingMetrics: {
      // The period stands in the search itself: one of five minutes would give the jobs of the hour's first five only.
      ended: metrics.everyCombination(METRICS.successRate, 'SampleCount', undefined, HOUR.toMinutes()),
    },
    period: HOUR,
    label: 'ended jobs',
  });

function jobRow(metrics: JobMetrics, props: CapacityDashboardProps): IWidget[] {
  const calls = metrics.metric(METRICS.awsCalls, 'Sum', {}, HOUR.toMinutes());
  const kms = metrics.metric(METRICS.kmsCalls, 'Sum', {}, HOUR.toMinutes());
  const jobs = endedJobs(metrics);
  return [
    graph('Calls to AWS per job, everything included', 8, [
      new MathExpression({
        expression: 'c / j',
        usingMetrics: { c: calls, j: jobs },
        period: HOUR,
        label: 'calls per job',
      }),
    ]),
    graph(`Dollars for thousand jobs: tables, keys, workers, API (${LEFT_OUT})`, 8, [
      costOfThousand(props, jobs, kms),
    ]),
    graph('Calls to KMS', 8, [kms]),
  ];
}

/** An hour without any request has no value: what AWS does not measure is not 0. */
function costOfThousand(
  { functions, tables, jobApi }: CapacityDashboardProps,
  jobs: IMetric,
  kms: IMetric,
): MathExpression {
  const all = Object.values(tables);
  const sum = (prefix: string, metrics: readonly IMetric[]): [string, Record<string, IMetric>] => [
    metrics.map((_, index) => `${prefix}${index}`).join(' + '),
    Object.fromEntries(metrics.map((metric, index) => [`${prefix}${index}`, metric])),
  ];
  const [writes, writing] = sum(
    'w',
    all.map((table) => table.metricConsumedWriteCapacityUnits({ period: HOUR, statistic: 'Sum' })),
  );
  const [reads, reading] = sum(
    'r',
    all.map((table) => table.metricConsumedReadCapacityUnits({ period: HOUR, statistic: 'Sum' })),
  );
  const [ms, working] = sum(
    'd',
    PRIORITY_NAMES.map((one) =>
      functions.workers[one].lambda.metricDuration({ period: HOUR, statistic: 'Sum' }),
    ),
  );
  const requests = apiMetric(jobApi.api, 'Count', 'SampleCount').with({ period: HOUR });
  const millionthDollars = [
    `${PER_MILLION.write} * (${writes})`,
    `${PER_MILLION.read} * (${reads})`,
    `${PER_MILLION.kms} * k`,
    `${PER_MILLION.request} * a`,
    `${(PER_MILLION.gbSecond * WORKER_GB) / 1000} * (${ms})`,
  ].join(' + ');
  return new MathExpression({
    expression: `(${millionthDollars}) / 1000 / j`,
    usingMetrics: { ...writing, ...reading, ...working, k: kms, a: requests, j: jobs },
    period: HOUR,
    label: 'dollars for thousand jobs',
  });
}

function limitRow({ concurrencyQuota, functions }: CapacityDashboardProps): IWidget[] {
  return [
    graph('Concurrent executions of the account', 8, [concurrentExecutions()], {
      value: concurrencyQuota,
      label: 'quota',
    }),
    graph('Refused executions', 8, [throttledFunctions()]),
    graph(
      'Executions of the workers, p99 in milliseconds',
      8,
      PRIORITY_NAMES.map((priority) =>
        functions.workers[priority].lambda.metricDuration({ statistic: 'p99' }),
      ),
    ),
  ];
}

function tableRow(tables: readonly Table[]): IWidget[] {
  return [
    graph(
      'Consumed write units',
      8,
      tables.map((table) => table.metricConsumedWriteCapacityUnits({ statistic: 'Sum' })),
    ),
    graph(
      'Consumed read units',
      8,
      tables.map((table) => table.metricConsumedReadCapacityUnits({ statistic: 'Sum' })),
    ),
    graph(
      'Throttled requests to tables',
      8,
      tables.map((table) => table.metric('ThrottledRequests', { statistic: 'Sum' })),
    ),
  ];
}
