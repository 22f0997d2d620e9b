import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { METRICS } from '#shared/contract/metrics.ts';
import type { JobFunctions } from '../constructs/job-functions.ts';
import type { Stage } from '../stages.ts';
import { JobAlarm } from './job-alarm.ts';
import type { JobMetrics } from './job-metrics.ts';
import { functionMetric } from './metric-factory.ts';
import { RUNBOOK } from './runbook.ts';
import { EACH_MINUTE, NEVER, SIGN_OF_LIFE } from './thresholds.ts';

/** A minute is the usual lag, for the tick comes each minute. It reads five ahead: with two it has three to catch up in. */
const TICK_LAG_SECONDS = 120;
/** Share of the shards that must have had their round in a minute: rounds of one minute may end in the next. */
const SHARDS_AT_LEAST = 0.5;

/** Doses that are about to be missed: a late or silent tick, silent shards, reminders that were not sent or that nobody hears. */
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
        ...SIGN_OF_LIFE,
        severity: 'critical',
        impact: 'No reminder is prepared at all: in a few minutes patients miss theirs.',
        runbook: RUNBOOK.tickSilent,
        topic,
      }),
      new JobAlarm(this, 'shards-silent', {
        // Every shard writes its lag in every round, so the number of samples is the number of rounds.
        metric: metrics.metric(METRICS.tickLag, 'SampleCount', {}, 1),
        threshold: SHARDS_AT_LEAST * stage.shards.due,
        ...SIGN_OF_LIFE,
        severity: 'critical',
        impact: 'The reminders of many patients are not prepared: in a few minutes they miss theirs.',
        runbook: RUNBOOK.tickSilent,
        topic,
      }),
      new JobAlarm(this, 'reminders-late', {
        metric: metrics.metric(METRICS.remindersLate, 'Sum'),
        ...NEVER,
        severity: 'medium',
        impact: 'At least one patient was reminded more than a minute after the time of the dose.',
        runbook: RUNBOOK.remindersLate,
        topic,
      }),
      new JobAlarm(this, 'records-left-open', {
        metric: metrics.metric(METRICS.recordsLeftOpen, 'Sum'),
        ...NEVER,
        severity: 'medium',
        impact:
          'A delivery has ended and its dose still stands as if it were to come: its patient sees no outcome.',
        runbook: RUNBOOK.recordsLeftOpen,
        topic,
      }),
      new JobAlarm(this, 'reminders-not-sent', {
        metric: metrics.metric(METRICS.remindersNotSent, 'Sum'),
        ...NEVER,
        severity: 'high',
        impact: 'Nobody was reminded of at least one dose: it was found too late, or its delivery failed.',
        runbook: RUNBOOK.remindersNotSent,
        topic,
      }),
      new JobAlarm(this, 'no-subscribers', {
        // Counted each minute by the reconciler, whose own silence the alarm on overdue jobs notices.
        metric: metrics.metric(METRICS.confirmedSubscriptions, 'Maximum', {}, 1),
        threshold: 1,
        below: true,
        pace: EACH_MINUTE,
        severity: 'critical',
        impact: 'Reminders are published and nobody hears them: no patient is told of a dose.',
        runbook: RUNBOOK.noSubscribers,
        topic,
      }),
    ];
  }
}
