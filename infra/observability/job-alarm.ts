import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { type RunbookSection, runbookLink } from './runbook.ts';
import type { Pace } from './thresholds.ts';

/** `critical`: somebody may be harmed now; `high`: today; `medium`: this week; `low`: to know. */
export type Severity = 'critical' | 'high' | 'medium' | 'low';

export interface JobAlarmProps {
  readonly metric: IMetric;
  readonly threshold: number;
  /** Above the threshold unless said otherwise. */
  readonly below?: boolean;
  readonly pace: Pace;
  /** Only for signs of life: silence is the failure. */
  readonly silenceBreaches?: boolean;
  readonly severity: Severity;
  /** One sentence: who is hurt and how. */
  readonly impact: string;
  readonly runbook: RunbookSection;
  readonly topic: Topic;
  /** Does not tell of what it finds: it is a part of a composite alarm that does. */
  readonly quiet?: boolean;
}

/** An alarm that says how bad it is, who is hurt, and where to read what to do: there is none without. */
export class JobAlarm extends Construct {
  readonly alarm: Alarm;

  constructor(scope: Construct, id: string, props: JobAlarmProps) {
    super(scope, id);
    const { pace } = props;
    this.alarm = new Alarm(this, 'Alarm', {
      metric: props.metric,
      threshold: props.threshold,
      comparisonOperator: props.below
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: pace.periods,
      datapointsToAlarm: pace.datapoints,
      treatMissingData: props.silenceBreaches ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      alarmDescription: alarmDescription(props),
    });
    const action = new SnsAction(props.topic);
    if (props.quiet) {
      // Of a part it is worth knowing when it can no longer judge: then its composite cannot either.
      this.alarm.addInsufficientDataAction(action);
      return;
    }
    this.alarm.addAlarmAction(action);
    this.alarm.addOkAction(action);
  }
}

/** What the person reads who gets the alarm. */
export const alarmDescription = (props: Pick<JobAlarmProps, 'severity' | 'impact' | 'runbook'>): string =>
  `Severity: ${props.severity}. Impact: ${props.impact} Runbook: ${runbookLink(props.runbook)}`;
