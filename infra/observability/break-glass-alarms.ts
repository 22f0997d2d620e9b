import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { METRICS } from '#shared/contract/metrics.ts';
import { JobAlarm } from './job-alarm.ts';
import type { JobMetrics } from './job-metrics.ts';
import { RUNBOOK } from './runbook.ts';
import { EACH_MINUTE, NEVER } from './thresholds.ts';

/** Emergency access: that it was opened, and that nobody has judged it in time. */
export class BreakGlassAlarms extends Construct {
  readonly alarms: readonly JobAlarm[];

  constructor(scope: Construct, id: string, { metrics, topic }: { metrics: JobMetrics; topic: Topic }) {
    super(scope, id);
    this.alarms = [
      new JobAlarm(this, 'break-glass-opened', {
        // Counted from the grants themselves, each minute: a request whose metrics are lost is noticed all the same.
        metric: metrics.metric(METRICS.breakGlassOpened, 'Maximum'),
        ...NEVER,
        severity: 'high',
        impact:
          'Somebody sees the data of a patient to whom they have no relationship: an emergency, or misuse.',
        runbook: RUNBOOK.breakGlass,
        topic,
      }),
      new JobAlarm(this, 'break-glass-review-overdue', {
        // The reconciler counts each minute; that it does not run is told by the alarm on overdue CRITICAL jobs.
        metric: metrics.metric(METRICS.breakGlassOverdue, 'Maximum', {}, 1),
        threshold: 0,
        pace: EACH_MINUTE,
        severity: 'high',
        impact: 'For more than 72 hours nobody has judged an emergency access: misuse of it goes unnoticed.',
        runbook: RUNBOOK.breakGlassOverdue,
        topic,
      }),
    ];
  }
}
