import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { METRICS } from '#shared/contract/metrics.ts';
import type { JobFunctions } from '../constructs/job-functions.ts';
import type { Stage } from '../stages.ts';
import { JobAlarm } from './job-alarm.ts';
import type { JobMetrics } from './job-metrics.ts';
import { functionMetric } from './metric-factory.ts';
import { RUNBOOK } from './runbook.ts';
import { AT_ONCE } from './thresholds.ts';

/** The tick reads five minutes ahead: with this much lag it still has two minutes to catch up before doses are late. */
const TICK_LAG_SECONDS = 180;
/** Share of the shards that must have had their round in a minute: rounds of one minute may end in the next. */
const SHARDS_AT_LEAST = 0.5;

/** Doses that are about to be missed: a late or silent tick, silent shards, reminders that were not sent. */
export class ReminderAlarms extends Construct {
  readonly alarms: readonly JobAlarm[];

  constructor(
    scope: Construct,
    id: string,
    props: { stage: Stage; metrics: JobMetrics; functions: JobFunctions; topic: Topic },
  ) {
    super(scope, id);
    const { stage, metrics, functions, topic } = props;
    this.alarms = [
      new JobAlarm(this, 'tick-lag', {
        metric: metrics.metric(METRICS.tickLag, 'Maximum', {}, 1),
        threshold: TICK_LAG_SECONDS,
        pace: { periodMinutes: 1, datapoints: 2, periods: 3 },
        severity: 'critical',
        impact: 'Patients are about to be reminded late, or are already.',
        runbook: RUNBOOK.tickLag,
        topic,
      }),
      new JobAlarm(this, 'tick-silent', {
        metric: functionMetric(functions.tick, 'invocations', 1),
        threshold: 1,
        below: true,
        silenceBreaches: true,
        pace: { periodMinutes: 1, datapoints: 3, periods: 5 },
        severity: 'critical',
        impact: 'No reminder is prepared at all: in a few minutes patients miss theirs.',
        runbook: RUNBOOK.tickSilent,
        topic,
      }),
      new JobAlarm(this, 'shards-silent', {
        // Every shard writes its lag in every round, so the number of samples is the number of rounds.
        metric: metrics.metric(METRICS.tickLag, 'SampleCount', {}, 1),
        threshold: SHARDS_AT_LEAST * stage.shards.due,
        below: true,
        silenceBreaches: true,
        pace: { periodMinutes: 1, datapoints: 3, periods: 5 },
        severity: 'critical',
        impact: 'The reminders of many patients are not prepared: in a few minutes they miss theirs.',
        runbook: RUNBOOK.tickSilent,
        topic,
      }),
      new JobAlarm(this, 'reminders-not-sent', {
        metric: metrics.metric(METRICS.remindersNotSent, 'Sum'),
        threshold: 0,
        pace: AT_ONCE,
        severity: 'high',
        impact: 'At least one dose was found too late to remind anybody of it, and was recorded as not sent.',
        runbook: RUNBOOK.remindersNotSent,
        topic,
      }),
    ];
  }
}
