import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { RetryableError } from '../errors/attempt-error.ts';
import type {
  AccessMessage,
  ErasureMessage,
  Publisher,
  ReminderMessage,
  SupplyMessage,
} from '../jobs/ports.ts';
import { callAws } from './sdk-errors.ts';

export interface PublisherOptions {
  readonly sns: SNSClient;
  readonly events: EventBridgeClient;
  readonly topicArn: string;
  readonly busName: string;
}

/** Source of every event on the bus: rules of subscribers match it. */
const EVENT_SOURCE = 'medication-jobs';

/**
 * Publishes to the topic, then to the bus. When the second one fails the caller's next attempt publishes to both
 * again, flagged as a possible duplicate.
 */
export function createPublisher({ sns, events, topicArn, busName }: PublisherOptions): Publisher {
  const publish = async (
    message: ReminderMessage | SupplyMessage | AccessMessage | ErasureMessage,
    flags: Attributes,
  ): Promise<void> => {
    const toTopic = new PublishCommand({
      TopicArn: topicArn,
      Message: JSON.stringify(message),
      MessageAttributes: attributesOf({
        type: message.type,
        user_ref: message.user_ref,
        ...flags,
        possible_duplicate: String(message.possible_duplicate),
      }),
    });
    await callAws('SNS Publish', () => sns.send(toTopic));

    const put = new PutEventsCommand({
      Entries: [
        {
          EventBusName: busName,
          Source: EVENT_SOURCE,
          DetailType: message.type,
          Detail: JSON.stringify(message),
        },
      ],
    });
    const answer = await callAws('EventBridge PutEvents', () => events.send(put));
    // A 200 may still carry an entry that the bus did not take.
    if ((answer.FailedEntryCount ?? 0) > 0) {
      const code = answer.Entries?.[0]?.ErrorCode ?? 'unknown';
      throw new RetryableError('dependency_unavailable', `EventBridge did not take an event: ${code}`);
    }
  };
  return {
    publishReminder: (message) => publish(message, { to: message.to, late: String(message.late) }),
    publishSupply: (message) => publish(message, {}),
    publishAccess: (message) => publish(message, {}),
    publishErasure: (message) => publish(message, {}),
  };
}

type Attributes = Readonly<Record<string, string>>;

/** What subscriptions filter by: codes, flags and the keyed hash only; the message itself is encrypted by the topic. */
const attributesOf = (values: Attributes) =>
  Object.fromEntries(
    Object.entries(values).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
