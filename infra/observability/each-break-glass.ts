import { Duration } from 'aws-cdk-lib';
import { type EventBus, EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

const events = new ServicePrincipal('events.amazonaws.com');

/**
 * Each use of emergency access is told where alarms go: an alarm rings when its state changes, so of several within a
 * quarter of an hour it rings for the first. The event that tells the patient's application tells it here, without the patient.
 */
export class EachBreakGlass extends Construct {
  constructor(scope: Construct, id: string, props: { bus: EventBus; topic: Topic; lostEvents: IQueue }) {
    super(scope, id);
    const { bus, topic, lostEvents } = props;
    const detail = (name: string) => EventField.fromPath(`$.detail.${name}`);
    const rule = new Rule(this, 'Opened', {
      eventBus: bus,
      eventPattern: { detailType: ['access.break_glass'] },
    });
    // Bound by hand: the construct for topics would let EventBridge of any account use the key.
    rule.addTarget({
      bind: () => ({
        arn: topic.topicArn,
        input: RuleTargetInput.fromText(
          `Emergency access ${detail('grant_id')} was opened at ${detail('granted_at')} by a ${detail('role')}, until ${detail('expires_at')}. See docs/runbook.md#break-glass.`,
        ),
        retryPolicy: { maximumEventAgeInSeconds: Duration.hours(24).toSeconds() },
        deadLetterConfig: { arn: lostEvents.queueArn },
        targetResource: topic,
      }),
    });
    topic.addToResourcePolicy(
      new PolicyStatement({
        // Without a condition, as in AWS's own example: one that its call does not meet would hold back every message. Others
        // than this account's rules cannot use the topic's key.
        // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
        sid: 'EachUseOfEmergencyAccess',
        principals: [events],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
      }),
    );
    lostEvents.addToResourcePolicy(
      new PolicyStatement({
        sid: 'LostUsesOfEmergencyAccess',
        principals: [events],
        actions: ['sqs:SendMessage'],
        resources: [lostEvents.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
      }),
    );
  }
}
