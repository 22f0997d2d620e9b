import { EventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** Where due reminders are published: a topic for subscribers, a bus for rules. */
export class ReminderChannels extends Construct {
  readonly topic: Topic;
  readonly bus: EventBus;

  constructor(scope: Construct, id: string, props: { key: IKey; busName: string }) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { masterKey: props.key, enforceSSL: true });
    this.bus = new EventBus(this, 'Bus', { eventBusName: props.busName, kmsKey: props.key });
  }
}
