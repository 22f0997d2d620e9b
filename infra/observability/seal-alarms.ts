import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { METRICS } from '#shared/contract/metrics.ts';
import type { JobFunctions } from '../constructs/job-functions.ts';
import { JobAlarm } from './job-alarm.ts';
import type { JobMetrics } from './job-metrics.ts';
import { functionMetric } from './metric-factory.ts';
import { RUNBOOK } from './runbook.ts';

/** A seal comes 20 minutes after its hour; one that failed is made good by the next run. */
const LAG_SECONDS = 7_200;
const HOURLY = { periodMinutes: 60, datapoints: 2, periods: 2 } as const;
/** A run and its two repetitions. */
const TRIES = 3;

const HARM = {
  severity: 'high',
  impact: 'Entries of the audit trail stand unsealed: who changes them now is not found out.',
  runbook: RUNBOOK.sealLate,
} as const;

/** Hours of the audit trail that are not sealed in time, and what is sealed though it is no entry. */
export class SealAlarms extends Construct {
  readonly alarms: readonly JobAlarm[];

  constructor(
    scope: Construct,
    id: string,
    { metrics, functions, topic }: { metrics: JobMetrics; functions: JobFunctions; topic: Topic },
  ) {
    super(scope, id);
    this.alarms = [
      new JobAlarm(this, 'seal-late', {
        metric: metrics.metric(METRICS.sealLag, 'Maximum', {}, HOURLY.periodMinutes),
        threshold: LAG_SECONDS,
        pace: HOURLY,
        // A run that fails tells no lag.
        silenceBreaches: true,
        ...HARM,
        topic,
      }),
      new JobAlarm(this, 'seal-failing', {
        metric: functionMetric(functions.auditSeal, 'errors', HOURLY.periodMinutes),
        threshold: TRIES - 1,
        pace: { periodMinutes: HOURLY.periodMinutes, datapoints: 1, periods: 1 },
        ...HARM,
        topic,
      }),
      new JobAlarm(this, 'trail-malformed', {
        metric: metrics.metric(METRICS.malformedEntries, 'Sum', {}, HOURLY.periodMinutes),
        threshold: 0,
        pace: { periodMinutes: HOURLY.periodMinutes, datapoints: 1, periods: 1 },
        severity: 'high',
        impact:
          'Items of the audit table are no entries: somebody has put or changed them who is none of our functions.',
        runbook: RUNBOOK.trailMalformed,
        topic,
      }),
    ];
  }
}
