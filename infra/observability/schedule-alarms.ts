import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { WatchedRule } from '../constructs/schedules.ts';
import { JobAlarm } from './job-alarm.ts';
import { RUNBOOK } from './runbook.ts';

/** A run may fall near the end of an hour of CloudWatch's, and the next one after its beginning. */
const HOURS_OF_GRACE = 2;

/**
 * Schedules that did not run. By the hour and not by the day: CloudWatch looks back up to seven days in hours, and a day of
 * its own need not hold a run of each day.
 */
export class ScheduleAlarms extends Construct {
  readonly alarms: readonly JobAlarm[];

  constructor(
    scope: Construct,
    id: string,
    { rules, topic }: { rules: readonly WatchedRule[]; topic: Topic },
  ) {
    super(scope, id);
    this.alarms = rules.map(({ name, rule, everyHours }) => {
      const hours = everyHours + HOURS_OF_GRACE;
      return new JobAlarm(this, `${name}-silent`, {
        metric: new Metric({
          namespace: 'AWS/Events',
          metricName: 'Invocations',
          statistic: 'Sum',
          period: Duration.hours(1),
          dimensionsMap: { RuleName: rule.ruleName },
        }),
        threshold: 1,
        below: true,
        silenceBreaches: true,
        pace: { periodMinutes: 60, datapoints: hours, periods: hours },
        severity: 'high',
        impact: `The schedule ${name} did not run for ${hours} hours: what it makes is missing.`,
        runbook: RUNBOOK.scheduleSilent,
        topic,
      });
    });
  }
}
