import { Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** Where due reminders are published: a topic for subscribers, a bus for rules. */
export class ReminderChannels extends Construct {
  readonly topic: Topic;
  readonly bus: EventBus;

  constructor(scope: Construct, id: string, props: { key: IKey; busName: string; lostEvents: IQueue }) {
    super(scope, id);
    const { key, busName, lostEvents } = props;
    this.topic = new Topic(this, 'Topic', { masterKey: key, enforceSSL: true });
    // An event that the bus has taken and cannot decrypt any more, because the key was disabled, would be gone.
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: busName,
      kmsKey: key,
      deadLetterQueue: lostEvents,
    });
    const { account, region, partition } = Stack.of(this);
    lostEvents.addToResourcePolicy(
      new PolicyStatement({
        sid: 'LostEventsOfTheBus',
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [lostEvents.queueArn],
        conditions: {
          ArnEquals: {
            'aws:SourceArn': `arn:${partition}:events:${region}:${account}:event-bus/${busName}`,
          },
        },
      }),
    );
  }
}
