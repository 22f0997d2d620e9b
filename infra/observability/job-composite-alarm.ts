import { CompositeAlarm, type IAlarmRule } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import { alarmDescription, type JobAlarmProps } from './job-alarm.ts';

export interface JobCompositeAlarmProps
  extends Pick<JobAlarmProps, 'severity' | 'impact' | 'runbook' | 'topic'> {
  readonly rule: IAlarmRule;
}

/** An alarm over the states of others: like each of them it says how bad it is, who is hurt, and what to read. */
export class JobCompositeAlarm extends Construct {
  readonly alarm: CompositeAlarm;

  constructor(scope: Construct, id: string, { rule, topic, ...said }: JobCompositeAlarmProps) {
    super(scope, id);
    this.alarm = new CompositeAlarm(this, 'Alarm', {
      alarmRule: rule,
      alarmDescription: alarmDescription(said),
    });
    const action = new SnsAction(topic);
    this.alarm.addAlarmAction(action);
    this.alarm.addOkAction(action);
  }
}
