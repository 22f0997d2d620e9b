import { Duration, Stack } from 'aws-cdk-lib';
import { type EventBus, EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

const events = new ServicePrincipal('events.amazonaws.com');

/**
 * Each use of emergency access is told where alarms go: an alarm rings when its state changes, so of several within a
 * quarter of an hour it rings for the first. The event that tells the patient's application tells it here, without the patient.
 */
export class EachBreakGlass extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: { bus: EventBus; topic: Topic; key: IKey; lostEvents: IQueue },
  ) {
    super(scope, id);
    const { bus, topic, key, lostEvents } = props;
    const detail = (name: string) => EventField.fromPath(`$.detail.${name}`);
    const rule = new Rule(this, 'Opened', {
      eventBus: bus,
      eventPattern: { detailType: ['access.break_glass'] },
    });
    // Bound by hand: the role of the construct for topics has its rights inline.
    rule.addTarget({
      bind: () => ({
        arn: topic.topicArn,
        role: this.#publisher(topic, key),
        input: RuleTargetInput.fromText(
          `Emergency access ${detail('grant_id')} was opened at ${detail('granted_at')} by a ${detail('role')}, until ${detail('expires_at')}. See docs/runbook.md#break-glass.`,
        ),
        retryPolicy: { maximumEventAgeInSeconds: Duration.hours(24).toSeconds() },
        deadLetterConfig: { arn: lostEvents.queueArn },
        targetResource: topic,
      }),
    });
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

  /**
   * EventBridge publishes as a role of this account: as itself it would be let in without a condition, by topic and key alike,
   * and with it the rules of every other account. Of conditions AWS says that neither policy supports them for its calls.
   * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   */
  #publisher(topic: Topic, key: IKey): Role {
    const { account, region } = Stack.of(this);
    const role = new Role(this, 'Publisher', {
      assumedBy: events.withConditions({ StringEquals: { 'aws:SourceAccount': account } }),
    });
    new ManagedPolicy(this, 'Policy', {
      roles: [role],
      statements: [
        new PolicyStatement({ actions: ['sns:Publish'], resources: [topic.topicArn] }),
        new PolicyStatement({
          actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
          resources: [key.keyArn],
          conditions: { StringEquals: { 'kms:ViaService': `sns.${region}.amazonaws.com` } },
        }),
      ],
    });
    return role;
  }
}
