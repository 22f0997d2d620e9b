import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SNSClient } from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import { sampleReminder } from '#test/builders/sample-reminder.ts';
import { scriptedClient, sdkError } from '#test/contracts/scripted-aws.ts';
import type { SupplyMessage } from '../jobs/ports.ts';
import { createPublisher } from './publisher.ts';

const message = sampleReminder({ possible_duplicate: true });

function setUp(answers: { sns?: () => unknown; events?: () => unknown } = {}) {
  const sns = scriptedClient<SNSClient>(answers.sns ?? (() => ({})));
  const events = scriptedClient<EventBridgeClient>(answers.events ?? (() => ({ FailedEntryCount: 0 })));
  const publisher = createPublisher({
    sns: sns.client,
    events: events.client,
    topicArn: 'topic-arn',
    busName: 'bus',
  });
  return { publisher, sns, events };
}

test('a reminder goes to the topic and to the bus with the same text', async () => {
  const { publisher, sns, events } = setUp();
  await publisher.publishReminder(message);

  expect(sns.calls).toMatchObject([{ name: 'Publish', input: { TopicArn: 'topic-arn' } }]);
  expect(JSON.parse(String(sns.calls[0]?.input['Message']))).toEqual(message);
  expect(events.calls).toMatchObject([
    {
      name: 'PutEvents',
      input: {
        Entries: [
          {
            EventBusName: 'bus',
            Source: 'medication-jobs',
            DetailType: 'reminder.due',
            Detail: JSON.stringify(message),
          },
        ],
      },
    },
  ]);
});

test('subscribers can filter by type, keyed hash and flags; no id of a person is among them', async () => {
  const { publisher, sns } = setUp();
  await publisher.publishReminder(message);
  const attributes: Record<string, { StringValue: string }> = sns.calls[0]?.input['MessageAttributes'] ?? {};
  const values = Object.entries(attributes).map(([name, { StringValue }]) => [name, StringValue]);
  expect(Object.fromEntries(values)).toEqual({
    type: 'reminder.due',
    to: 'patient',
    user_ref: 'user-ref',
    late: 'false',
    possible_duplicate: 'true',
  });
});

test('an event that the bus did not take is a reason to retry, although the answer was 200', async () => {
  const { publisher } = setUp({
    events: () => ({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure' }] }),
  });
  await expect(publisher.publishReminder(message)).rejects.toMatchObject({
    name: 'RetryableError',
    reason: 'dependency_unavailable',
  });
});

test('a topic that does not take it is a reason to retry, and the bus hears nothing', async () => {
  const { publisher, events } = setUp({
    sns: () => {
      throw sdkError('ThrottledException');
    },
  });
  await expect(publisher.publishReminder(message)).rejects.toMatchObject({ reason: 'dependency_throttled' });
  expect(events.calls).toEqual([]);
});

test('a change of supply goes the same way, and its attributes tell nothing of it', async () => {
  const { publisher, sns, events } = setUp();
  const change: SupplyMessage = {
    type: 'supply.urgency_changed',
    event_id: 'event-1',
    user_ref: 'user-ref',
    user_id: 'user-1',
    medication_id: 'medication-1',
    job_id: 'job-1',
    possible_duplicate: false,
  };
  await publisher.publishSupply(change);
  expect(JSON.parse(String(sns.calls[0]?.input['Message']))).toEqual(change);
  const attributes: Record<string, { StringValue: string }> = sns.calls[0]?.input['MessageAttributes'] ?? {};
  expect(Object.keys(attributes)).toEqual(['type', 'user_ref', 'possible_duplicate']);
  expect(events.calls).toMatchObject([
    { input: { Entries: [{ DetailType: 'supply.urgency_changed', Detail: JSON.stringify(change) }] } },
  ]);
});
