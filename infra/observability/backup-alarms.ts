import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { METRICS } from '#shared/contract/metrics.ts';
import { restoreDrill } from '#shared/jobs/restore-drill/index.ts';
import type { JobFunctions } from '../constructs/job-functions.ts';
import { JobAlarm } from './job-alarm.ts';
import type { JobMetrics } from './job-metrics.ts';
import { RUNBOOK } from './runbook.ts';
import { EACH_RUN } from './thresholds.ts';

/** What a restore may lose: an increment is made each day, and may take two hours. */
export const RPO_SECONDS = 26 * 3_600;
/** The stream forgets what has not been read for a day. */
const LATE_MS = 15 * 60_000;

/** A drill is made each month; the next one may come some days later. */
const DRILL_SECONDS = 35 * 86_400;

const AGE = { periodMinutes: 60, datapoints: 2, periods: 2 } as const;
const LAG = { periodMinutes: 5, datapoints: 3, periods: 3 } as const;

/** A backup that is too old for what may be lost, a change log that falls behind, and a restore that is not known to work. */
export class BackupAlarms extends Construct {
  readonly alarms: readonly JobAlarm[];

  constructor(
    scope: Construct,
    id: string,
    { metrics, functions, topic }: { metrics: JobMetrics; functions: JobFunctions; topic: Topic },
  ) {
    super(scope, id);
    this.alarms = [
      new JobAlarm(this, 'backup-old', {
        metric: metrics.metric(METRICS.backupAge, 'Maximum', {}, AGE.periodMinutes),
        threshold: RPO_SECONDS,
        pace: AGE,
        // Where there is no backup at all, none is told.
        silenceBreaches: true,
        severity: 'high',
        impact: 'A restore from the newest backup would lose more than a day.',
        runbook: RUNBOOK.backupOld,
        topic,
      }),
      new JobAlarm(this, 'restore-drill-failed', {
        metric: metrics.metric(METRICS.restoreDrillsPassed, 'Minimum', {}, EACH_RUN.periodMinutes),
        threshold: 1,
        below: true,
        pace: EACH_RUN,
        severity: 'high',
        impact: 'A drill has shown that the newest backup cannot be restored, or not in useful time.',
        runbook: RUNBOOK.restoreDrillFailed,
        topic,
      }),
      new JobAlarm(this, 'restore-drill-died', {
        // A drill that dies tells nothing of itself.
        metric: metrics.sumOverPriorities(METRICS.deadLetters, restoreDrill.name, EACH_RUN.periodMinutes),
        threshold: 0,
        pace: EACH_RUN,
        severity: 'high',
        impact: 'A drill has died before it could say whether the newest backup can be restored.',
        runbook: RUNBOOK.restoreDrillFailed,
        topic,
      }),
      new JobAlarm(this, 'restore-drill-old', {
        metric: metrics.metric(METRICS.restoreDrillAge, 'Maximum', {}, AGE.periodMinutes),
        threshold: DRILL_SECONDS,
        pace: AGE,
        // Where no drill has ever passed, none is told.
        silenceBreaches: true,
        severity: 'medium',
        impact: 'For more than 35 days nobody has seen that backups can be restored.',
        runbook: RUNBOOK.restoreDrillOld,
        topic,
      }),
      new JobAlarm(this, 'change-log-late', {
        metric: new Metric({
          namespace: 'AWS/Lambda',
          metricName: 'IteratorAge',
          statistic: 'Maximum',
          period: Duration.minutes(LAG.periodMinutes),
          dimensionsMap: { FunctionName: functions.changeLog.lambda.functionName },
        }),
        threshold: LATE_MS,
        pace: LAG,
        severity: 'high',
        impact:
          'Changes do not reach the change log: increments lack them, and after a day they are lost to it.',
        runbook: RUNBOOK.changeLogLate,
        topic,
      }),
    ];
  }
}
