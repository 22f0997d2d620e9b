import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { STAGES } from '#infra/stages.ts';
import type { SmokeResult } from './smoke-jobs.ts';

/**
 * Whether anybody hears the alarms: an address counts once its owner has confirmed it, which no template can know. A stage
 * that may be without somebody passes, and is told so.
 */
export async function runSmokeListeners(
  stage: { readonly name: string; readonly alarmTopicArn: string },
  client = new SNSClient({}),
): Promise<SmokeResult> {
  const ask = new GetTopicAttributesCommand({ TopicArn: stage.alarmTopicArn });
  const { Attributes = {} } = await client.send(ask);
  const confirmed = Number(Attributes['SubscriptionsConfirmed'] ?? 0);
  const pending = Number(Attributes['SubscriptionsPending'] ?? 0);
  const table = new Map(Object.entries(STAGES)).get(stage.name);
  return {
    check: 'who hears alarms',
    passed: confirmed > 0 || table?.alarmReceiverRequired === false,
    detail: `${confirmed} subscribed${pending === 0 ? '' : `, ${pending} not confirmed yet`}`,
  };
}
