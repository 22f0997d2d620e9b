import { Duration } from 'aws-cdk-lib';
import { AlarmRule, AlarmState, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { METRICS } from '#shared/contract/metrics.ts';
import { JobAlarm, type Severity } from './job-alarm.ts';
import { JobCompositeAlarm } from './job-composite-alarm.ts';
import type { JobMetrics } from './job-metrics.ts';
import { RUNBOOK } from './runbook.ts';
import { ERRORS_OF_FEW } from './thresholds.ts';

/** The objective: this share of all doses is told on time. */
const OBJECTIVE = 0.999;

/**
 * How fast the budget of failures of 30 days is used up, seen in a long and a short window: the long one says that it is
 * serious, the short one that it still goes on. Factors and windows: B. Beyer et al. (eds.), The Site Reliability Workbook,
 * O'Reilly 2018, chapter 5, table 5-8: 14.4 times for an hour uses 2 % of the budget, 6 times for six hours 5 %.
 */
const BURNS = [
  { name: 'fast', factor: 14.4, longMinutes: 60, shortMinutes: 5, severity: 'critical' },
  { name: 'slow', factor: 6, longMinutes: 360, shortMinutes: 30, severity: 'high' },
] as const satisfies readonly {
  name: string;
  factor: number;
  longMinutes: number;
  shortMinutes: number;
  severity: Severity;
}[];

/** 99.9 % of the doses are told on time, and what is told when that objective is about to be missed. */
export class ObjectiveAlarms extends Construct {
  readonly alarms: readonly JobAlarm[];
  readonly composites: readonly JobCompositeAlarm[];

  constructor(scope: Construct, id: string, { metrics, topic }: { metrics: JobMetrics; topic: Topic }) {
    super(scope, id);
    const burns = BURNS.map((burn) => {
      const said = {
        severity: burn.severity,
        impact: `Reminders are late or missing ${burn.factor} times as often as the objective of 99.9 % allows.`,
        runbook: RUNBOOK.reminderObjective,
        topic,
      };
      const windows = [burn.longMinutes, burn.shortMinutes].map(
        (minutes) =>
          new JobAlarm(this, `reminder-burn-${burn.name}-${minutes}-minutes`, {
            metric: burnRate(metrics, minutes),
            threshold: burn.factor,
            pace: { periodMinutes: minutes, datapoints: 1, periods: 1 },
            // The pair speaks.
            quiet: true,
            ...said,
          }),
      );
      const both = AlarmRule.allOf(
        ...windows.map(({ alarm }) => AlarmRule.fromAlarm(alarm, AlarmState.ALARM)),
      );
      const composite = new JobCompositeAlarm(this, `reminder-burn-${burn.name}`, { rule: both, ...said });
      return { windows, composite };
    });
    this.alarms = burns.flatMap(({ windows }) => windows);
    this.composites = burns.map(({ composite }) => composite);
  }
}

/** Failures as a multiple of what the objective allows; a handful of doses is no rate, alarms on single ones tell of those. */
function burnRate(metrics: JobMetrics, minutes: number): MathExpression {
  const onTime = (statistic: 'SampleCount' | 'Sum') =>
    metrics.metric(METRICS.remindersOnTime, statistic, {}, minutes);
  return new MathExpression({
    expression: `IF(n - s >= ${ERRORS_OF_FEW}, (n - s) / n / ${round(1 - OBJECTIVE)}, 0)`,
    usingMetrics: { n: onTime('SampleCount'), s: onTime('Sum') },
    period: Duration.minutes(minutes),
    label: 'failures as a multiple of the budget',
  });
}

/** 1 - 0.999 is not 0.001 in binary. */
const round = (share: number): number => Math.round(share * 1e6) / 1e6;
