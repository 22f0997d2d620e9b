import { AlarmRule, AlarmState, type IAlarmRule } from 'aws-cdk-lib/aws-cloudwatch';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { JobAlarm } from './job-alarm.ts';
import { JobCompositeAlarm } from './job-composite-alarm.ts';
import { RUNBOOK } from './runbook.ts';

export interface SummaryAlarmsProps {
  /** What rings when the API fails as a whole. */
  readonly ofApi: readonly JobAlarm[];
  /** Error rates of single endpoints and kinds. */
  readonly ofKinds: readonly JobAlarm[];
  readonly topic: Topic;
}

/** Two sentences for who is woken by many alarms at once: it is everything, or it is one kind. */
export class SummaryAlarms extends Construct {
  readonly composites: readonly JobCompositeAlarm[];

  constructor(scope: Construct, id: string, { ofApi, ofKinds, topic }: SummaryAlarmsProps) {
    super(scope, id);
    const apiFails = anyOf(ofApi);
    this.composites = [
      new JobCompositeAlarm(this, 'api-failing', {
        rule: apiFails,
        severity: 'critical',
        impact:
          'The API fails beyond a single kind: applications of all patients cannot submit, or cannot read.',
        runbook: RUNBOOK.apiFailing,
        topic,
      }),
      new JobCompositeAlarm(this, 'kind-failing', {
        rule: AlarmRule.allOf(anyOf(ofKinds), AlarmRule.not(apiFails)),
        severity: 'high',
        impact: 'Single kinds of jobs fail while the API works: what these kinds do is late or missing.',
        runbook: RUNBOOK.kindFailing,
        topic,
      }),
    ];
  }
}

const anyOf = (alarms: readonly JobAlarm[]): IAlarmRule =>
  AlarmRule.anyOf(...alarms.map(({ alarm }) => AlarmRule.fromAlarm(alarm, AlarmState.ALARM)));
