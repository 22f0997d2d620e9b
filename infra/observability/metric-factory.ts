import { Duration, type Stack } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Endpoint } from '../constructs/job-api.ts';
import type { JobFunction } from '../constructs/job-function.ts';
import { ENOUGH_SAMPLES, ERRORS_OF_FEW, STEADY } from './thresholds.ts';

/** `Sum`, `Average`, `Maximum`, `SampleCount` or a percentile. */
export type Statistic = 'Sum' | 'Average' | 'Maximum' | 'Minimum' | 'SampleCount' | 'p50' | 'p95' | 'p99';

const minutes = (value: number) => Duration.minutes(value);

/** What AWS itself measures, and the expressions of alarms; the product's own metrics are in `job-metrics.ts`. */

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
  what: 'waiting' | 'in work' | 'arriving',
  periodMinutes = STEADY.periodMinutes,
): Metric => {
  const options = { period: minutes(periodMinutes), statistic: 'Maximum' };
  if (what === 'waiting') return queue.metricApproximateNumberOfMessagesVisible(options);
  if (what === 'in work') return queue.metricApproximateNumberOfMessagesNotVisible(options);
  return queue.metricNumberOfMessagesSent({ ...options, statistic: 'Sum' });
};

/** Fewest messages that a queue held in a period, waiting and in work together: above 0 it was never empty. */
export const messagesIn = (queue: Queue, periodMinutes = STEADY.periodMinutes): MathExpression => {
  const options = { period: minutes(periodMinutes), statistic: 'Minimum' };
  return new MathExpression({
    expression: 'v + w',
    usingMetrics: {
      v: queue.metricApproximateNumberOfMessagesVisible(options),
      w: queue.metricApproximateNumberOfMessagesNotVisible(options),
    },
    period: minutes(periodMinutes),
    label: 'messages',
  });
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

/** Executions of the account and region at one time, of all its functions: they share one quota. */
export const concurrentExecutions = (): Metric =>
  new Metric({
    namespace: 'AWS/Lambda',
    metricName: 'ConcurrentExecutions',
    statistic: 'Maximum',
    period: minutes(1),
  });

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
export const errorPercent = (samples: Metric, errors: Metric, few = ERRORS_OF_FEW): MathExpression =>
  new MathExpression({
    expression: `IF(n >= ${ENOUGH_SAMPLES}, 100 * e / n, IF(e >= ${few}, 100, 0))`,
    usingMetrics: { n: samples, e: errors },
    period: minutes(periodOf(samples)),
    label: 'errors in percent',
  });

/**
 * The same of the failures that are not those of one part: what is left of all without the part that fails most. A part
 * that nobody asked has no datapoint, and `e - e` stands for none of them.
 */
export const errorPercentBeyondOnePart = (
  samples: Metric,
  errors: Metric,
  parts: readonly Metric[],
): MathExpression => {
  const ofParts = Object.fromEntries(parts.map((part, index) => [`e${index}`, part]));
  const beyond = `(e - MAX([e - e, ${Object.keys(ofParts).join(', ')}]))`;
  return new MathExpression({
    expression: `IF(n >= ${ENOUGH_SAMPLES}, 100 * ${beyond} / n, IF(${beyond} >= ${ERRORS_OF_FEW}, 100, 0))`,
    usingMetrics: { n: samples, e: errors, ...ofParts },
    period: minutes(periodOf(samples)),
    label: 'errors in percent',
  });
};

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
