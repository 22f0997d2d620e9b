import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { METRICS } from '#shared/contract/metrics.ts';
import { JobAlarm } from './job-alarm.ts';
import type { JobMetrics } from './job-metrics.ts';
import { RUNBOOK } from './runbook.ts';
import { EACH_MINUTE } from './thresholds.ts';

/** Keys that somebody has disabled or ordered to be deleted, while that can still be taken back. */
export class KeyAlarms extends Construct {
  readonly alarms: readonly JobAlarm[];

  constructor(scope: Construct, id: string, { metrics, topic }: { metrics: JobMetrics; topic: Topic }) {
    super(scope, id);
    this.alarms = [
      new JobAlarm(this, 'keys-unusable', {
        metric: metrics.metric(METRICS.keysUnusable, 'Maximum', {}, 1),
        threshold: 0,
        pace: EACH_MINUTE,
        // Without the key of the logs no metric arrives, and whoever may not ask KMS tells none.
        silenceBreaches: true,
        severity: 'critical',
        impact:
          'What is encrypted with a key that is disabled cannot be read now, and never again once the key is deleted.',
        runbook: RUNBOOK.keysUnusable,
        topic,
      }),
    ];
  }
}
