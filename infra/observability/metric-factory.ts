import { Duration, type Stack } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { METRICS_NAMESPACE, type MetricName } from '#shared/contract/metrics.ts';
import type { Priority } from '#shared/lifecycle/priority.ts';
import type { Endpoint } from '../constructs/job-api.ts';
import type { JobFunction } from '../constructs/job-function.ts';
import { ENOUGH_SAMPLES, ERRORS_OF_FEW, STEADY } from './thresholds.ts';

/** `Sum`, `Average`, `Maximum`, `SampleCount` or a percentile. */
export type Statistic = 'Sum' | 'Average' | 'Maximum' | 'SampleCount' | 'p50' | 'p99';

const minutes = (value: number) => Duration.minutes(value);

/** Every metric that alarms and dashboard look at is made here. */

/** One of the product's own; `dimensions` must be exactly those under which it is written. */
export const jobMetric = (
  metricName: MetricName,
  statistic: Statistic,
  dimensions: { readonly kind?: string; readonly priority?: Priority } = {},
  periodMinutes = STEADY.periodMinutes,
): Metric =>
  new Metric({
    namespace: METRICS_NAMESPACE,
    metricName,
    statistic,
    period: minutes(periodMinutes),
    ...(Object.keys(dimensions).length > 0 && { dimensionsMap: { ...dimensions } }),
  });

/** The product's metric added up over all kinds of one priority. */
export const sumOverKinds = (metricName: MetricName, priority: Priority): MathExpression =>
  new MathExpression({
    expression: `SELECT SUM(${metricName}) FROM SCHEMA("${METRICS_NAMESPACE}", kind, priority) WHERE priority = '${priority}'`,
    period: minutes(STEADY.periodMinutes),
    label: `${metricName} ${priority}`,
  });

/** Every combination of kind and priority of the product's metric: for graphs, alarms cannot search. */
export const everyCombination = (
  metricName: MetricName,
  statistic: Statistic,
  kind?: string,
): MathExpression =>
  new MathExpression({
    expression: `SEARCH('{${METRICS_NAMESPACE},kind,priority} MetricName="${metricName}"${kind ? ` kind="${kind}"` : ''}', '${statistic}', ${STEADY.periodMinutes * 60})`,
    period: minutes(STEADY.periodMinutes),
    label: '',
  });

/** API Gateway's own view of one endpoint. */
export const endpointMetric = (
  api: RestApi,
  endpoint: Endpoint,
  metricName: '5XXError' | '4XXError' | 'Count' | 'Latency',
  statistic: Statistic,
): Metric =>
  apiMetric(api, metricName, statistic, {
    Method: endpoint.method,
    Resource: endpoint.path,
    Stage: api.deploymentStage.stageName,
  });

/** API Gateway's view of all endpoints together, or of those that `dimensions` name. */
export const apiMetric = (
  api: RestApi,
  metricName: '5XXError' | '4XXError' | 'Count' | 'Latency',
  statistic: Statistic,
  dimensions: Readonly<Record<string, string>> = { Stage: api.deploymentStage.stageName },
): Metric =>
  new Metric({
    namespace: 'AWS/ApiGateway',
    metricName,
    statistic,
    period: minutes(STEADY.periodMinutes),
    dimensionsMap: { ApiName: api.restApiName, ...dimensions },
  });

/** SQS's own view of one queue. */
export const queueMetric = (
  queue: Queue,
  what: 'waiting' | 'in work' | 'age',
  periodMinutes = STEADY.periodMinutes,
): Metric => {
  const options = { period: minutes(periodMinutes), statistic: 'Maximum' };
  if (what === 'waiting') return queue.metricApproximateNumberOfMessagesVisible(options);
  if (what === 'in work') return queue.metricApproximateNumberOfMessagesNotVisible(options);
  return queue.metricApproximateAgeOfOldestMessage(options);
};

/** Lambda's own view of one function. */
export const functionMetric = (
  { lambda }: JobFunction,
  what: 'invocations' | 'errors',
  periodMinutes = STEADY.periodMinutes,
): Metric => {
  const options = { period: minutes(periodMinutes), statistic: 'Sum' };
  return what === 'errors' ? lambda.metricErrors(options) : lambda.metricInvocations(options);
};

/** All functions of the account and region: their executions share one quota. */
export const throttledFunctions = (): Metric =>
  new Metric({
    namespace: 'AWS/Lambda',
    metricName: 'Throttles',
    statistic: 'Sum',
    period: minutes(STEADY.periodMinutes),
  });

/**
 * Percent of failures with a floor: a rate where there are enough samples, and a plain count where there are few. No
 * sample at all gives no datapoint, which is not a breach.
 */
export const errorPercent = (samples: Metric, errors: Metric): MathExpression =>
  new MathExpression({
    expression: `IF(n >= ${ENOUGH_SAMPLES}, 100 * e / n, IF(e >= ${ERRORS_OF_FEW}, 100, 0))`,
    usingMetrics: { n: samples, e: errors },
    period: minutes(periodOf(samples)),
    label: 'errors in percent',
  });

/** A percentile that counts only where it stands on enough samples. */
export const latencyOfEnough = (samples: Metric, latency: Metric, enough = ENOUGH_SAMPLES): MathExpression =>
  new MathExpression({
    expression: `IF(n >= ${enough}, t, 0)`,
    usingMetrics: { n: samples, t: latency },
    period: minutes(periodOf(samples)),
    label: 'p99 in milliseconds',
  });

const periodOf = (metric: Metric): number => metric.period.toMinutes();

/** A link into the console of the stack's own region. */
export const consoleLink = (stack: Stack, service: string, path: string): string =>
  `https://${stack.region}.console.aws.amazon.com/${service}/home?region=${stack.region}#${path}`;
