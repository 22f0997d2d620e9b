import { GetTopicAttributesCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { ChannelState } from '../operations/ports.ts';
import { callAws } from './sdk-errors.ts';

/** What SNS knows of the topic's subscriptions. Its count follows a change with some delay. */
export const createChannelState = (sns: SNSClient, topicArn: string): ChannelState => ({
  confirmedSubscriptions: async () => {
    const ask = new GetTopicAttributesCommand({ TopicArn: topicArn });
    const { Attributes = {} } = await callAws('SNS GetTopicAttributes', () => sns.send(ask));
    const count = Number(Attributes['SubscriptionsConfirmed']);
    if (!Number.isSafeInteger(count))
      throw new Error('SNS does not say how many subscriptions are confirmed.');
    return count;
  },
});
