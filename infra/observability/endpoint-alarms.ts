import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { JobApi } from '../constructs/job-api.ts';
import { JobAlarm } from './job-alarm.ts';
import {
  apiMetric,
  endpointMetric,
  errorPercent,
  errorPercentBeyondOnePart,
  latencyOfEnough,
} from './metric-factory.ts';
import { RUNBOOK } from './runbook.ts';
import { AT_ONCE, ERROR_THRESHOLD, LATENCY_THRESHOLD_MS, STEADY } from './thresholds.ts';

/** Error rate and latency of each job endpoint, as the caller sees them, and any server error of the API at all. */
export class EndpointAlarms extends Construct {
  readonly alarms: readonly JobAlarm[];
  /** Those that ring when the API fails as a whole. */
  readonly ofApi: readonly JobAlarm[];
  /** The error rates of single endpoints. */
  readonly errors: readonly JobAlarm[];

  constructor(scope: Construct, id: string, props: { jobApi: JobApi; topic: Topic }) {
    super(scope, id);
    const { jobApi, topic } = props;
    const { api } = jobApi;
    const perEndpoint = [...jobApi.submitEndpoints].map(([kind, endpoint]) => {
      const requests = endpointMetric(api, endpoint, 'Count', 'SampleCount');
      const failed = endpointMetric(api, endpoint, '5XXError', 'Sum');
      return {
        failed,
        errors: new JobAlarm(this, `${kind}-errors`, {
          metric: errorPercent(requests, failed),
          threshold: ERROR_THRESHOLD * 100,
          pace: STEADY,
          severity: 'high',
          impact: `Applications cannot submit ${kind} jobs reliably.`,
          runbook: RUNBOOK.endpointErrors,
          topic,
        }),
        latency: new JobAlarm(this, `${kind}-latency`, {
          metric: latencyOfEnough(requests, endpointMetric(api, endpoint, 'Latency', 'p99')),
          threshold: LATENCY_THRESHOLD_MS,
          pace: STEADY,
          severity: 'medium',
          impact: `People who submit ${kind} jobs wait longer than promised.`,
          runbook: RUNBOOK.endpointLatency,
          topic,
        }),
      };
    });
    const anyError = new JobAlarm(this, 'server-error', {
      metric: apiMetric(api, '5XXError', 'Sum'),
      threshold: 0,
      pace: AT_ONCE,
      severity: 'medium',
      impact: 'At least one request was answered with a server error; its caller has to repeat it.',
      runbook: RUNBOOK.serverError,
      topic,
    });
    const whole = new JobAlarm(this, 'api-errors', {
      metric: errorPercentBeyondOnePart(
        apiMetric(api, 'Count', 'SampleCount'),
        apiMetric(api, '5XXError', 'Sum'),
        perEndpoint.map(({ failed }) => failed),
      ),
      threshold: ERROR_THRESHOLD * 100,
      pace: STEADY,
      // The summary speaks.
      quiet: true,
      severity: 'critical',
      impact: 'Requests are answered with server errors, and not only those of one kind.',
      runbook: RUNBOOK.apiFailing,
      topic,
    });
    this.ofApi = [whole];
    this.errors = perEndpoint.map(({ errors }) => errors);
    this.alarms = [...perEndpoint.flatMap(({ errors, latency }) => [errors, latency]), anyError, whole];
  }
}
