import { Duration } from 'aws-cdk-lib';
import { type EventBus, EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/**
 * Each use of emergency access is told where alarms go: an alarm rings when its state changes, so of several within a
 * quarter of an hour it rings for the first. The event that tells the patient's application tells it here, without the patient.
 */
export class EachBreakGlass extends Construct {
  constructor(scope: Construct, id: string, props: { bus: EventBus; topic: Topic; lostEvents: IQueue }) {
    super(scope, id);
    const detail = (name: string) => EventField.fromPath(`$.detail.${name}`);
    const message = RuleTargetInput.fromText(
      `Emergency access ${detail('grant_id')} was opened at ${detail('granted_at')} by a ${detail('role')}, until ${detail('expires_at')}. See docs/runbook.md#break-glass.`,
    );
    new Rule(this, 'Opened', {
      eventBus: props.bus,
      eventPattern: { detailType: ['access.break_glass'] },
      targets: [
        new SnsTopic(props.topic, {
          message,
          maxEventAge: Duration.hours(24),
          deadLetterQueue: props.lostEvents,
        }),
      ],
    });
  }
}
