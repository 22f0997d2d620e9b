import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteAlarmsCommand,
  type MetricAlarm,
  type MetricDatum,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteMessageBatchCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { expect, inject, onTestFinished, test } from 'vitest';
import { describeAlarms } from './local/console/alarm-states.ts';
import type { Template } from './local/deploy/template.ts';
import { stackFolder } from './local/stack-folder.ts';
import { useStack } from './local/testing/use-stack.ts';

// Plain alarms, as the emulator's CloudFormation has made them. It looks at all data of the whole window together, whatever
// their dimensions, and the bridge writes data all the time: so each alarm has a copy that looks at a metric of its own.

const s = useStack();
const { cloudWatch, sns, sqs } = s.clients;

const NAMESPACE = 'CopiesOfAlarms';
/** For so long a datum lies within the window of its alarm, which goes by the beginning of the window. */
const LASTS_MS = 5_000;

const template: Template = JSON.parse(
  readFileSync(join(stackFolder(inject('laptopFolder')).assembly, 'watch.template.json'), 'utf8'),
);
const plain = Object.entries(template.Resources).flatMap(([id, { Type, Properties = {} }]) =>
  Type === 'AWS::CloudWatch::Alarm' && Properties['Metrics'] === undefined ? [{ id, Properties }] : [],
);

/** The alarms of the stack by their logical ids, which the emulator's CloudFormation puts between two marks. */
async function deployed(): Promise<(id: string) => MetricAlarm> {
  const all = [...(await describeAlarms(cloudWatch)).values()];
  return (id) => {
    const found = all.filter(({ AlarmName = '' }) => AlarmName.includes(`-${id}-`));
    expect(found, id).toHaveLength(1);
    return found[0] ?? {};
  };
}

const copyName = (id: string): string => `copy of ${id}`;

/** A value that just leaves its window when `LASTS_MS` are over. */
function datum(alarm: MetricAlarm, value: number): MetricDatum {
  const { EvaluationPeriods = 0, MetricName, Period = 0, Statistic } = alarm;
  const Timestamp = new Date(Date.now() - EvaluationPeriods * Period * 1_000 + LASTS_MS);
  // By the number of samples it matters how many there are, not what they say.
  if (Statistic === 'SampleCount') return { MetricName, Timestamp, Values: [1], Counts: [value] };
  return { MetricName, Timestamp, Value: value };
}

const limit = ({ Threshold = 0 }: MetricAlarm): number => Threshold;
const tooMuch = (alarm: MetricAlarm): number =>
  limit(alarm) + (alarm.ComparisonOperator === 'LessThanThreshold' ? -1 : 1);

/** Of an alarm's message, and of nothing else that is told there: `name state`. */
const stateTold = (text: string): string => {
  const { AlarmName, NewStateValue } = text.startsWith('{') ? JSON.parse(text) : {};
  return `${AlarmName} ${NewStateValue}`;
};

/** A queue that hears what the alarms tell; it stays, empty: the bridge asks every queue that it has listed. */
async function listen(topicArn: string) {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'told-by-alarms' }));
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: 'sqs',
      Endpoint: 'arn:aws:sqs:us-east-1:000000000000:told-by-alarms',
      Attributes: { RawMessageDelivery: 'true' },
      ReturnSubscriptionArn: true,
    }),
  );
  /** What has come since the last question. */
  const told = async (): Promise<string[]> => {
    const texts: string[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) return texts;
      texts.push(...Messages.map(({ Body = '' }) => Body));
      const Entries = Messages.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    }
  };
  onTestFinished(async () => {
    await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    await told();
  });
  return told;
}

test('each stands on the emulator as the template has it', async () => {
  expect(plain.length).toBeGreaterThan(40);
  const alarm = await deployed();
  for (const { id, Properties } of plain) {
    const { MetricName, Namespace, Period, Statistic } = Properties;
    const { ComparisonOperator, DatapointsToAlarm, EvaluationPeriods, Threshold, TreatMissingData } =
      Properties;
    expect(alarm(id)).toMatchObject({
      ...{ MetricName, Namespace, Period, Statistic },
      ...{ ComparisonOperator, DatapointsToAlarm, EvaluationPeriods, Threshold, TreatMissingData },
      AlarmActions: [expect.stringMatching(/:sns:.*AlarmTopic/)],
    });
  }
});

test('each is OK at its limit, rings beyond it, tells so, and is OK again', async () => {
  const alarm = await deployed();
  const copies = plain.map(({ id }) => {
    const { AlarmActions, OKActions, ComparisonOperator, DatapointsToAlarm } = alarm(id);
    const { EvaluationPeriods, Period, Statistic, Threshold, TreatMissingData } = alarm(id);
    return {
      ...{ AlarmActions, OKActions, ComparisonOperator, DatapointsToAlarm },
      ...{ EvaluationPeriods, Period, Statistic, Threshold, TreatMissingData },
      AlarmName: copyName(id),
      MetricName: id,
      Namespace: NAMESPACE,
    };
  });
  for (const copy of copies) await cloudWatch.send(new PutMetricAlarmCommand(copy));
  onTestFinished(async () => {
    const AlarmNames = copies.map(({ AlarmName }) => AlarmName);
    await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames }));
  });
  const told = await listen(copies[0]?.AlarmActions?.[0] ?? '');
  const mine = (texts: readonly string[]) => texts.filter((text) => text.startsWith(copyName(''))).sort();

  for (const [value, state, waitMs] of [
    [limit, 'OK', 0],
    [tooMuch, 'ALARM', LASTS_MS],
    [limit, 'OK', LASTS_MS],
  ] as const) {
    await sleep(waitMs);
    const MetricData = copies.map((copy) => datum(copy, value(copy)));
    await cloudWatch.send(new PutMetricDataCommand({ Namespace: NAMESPACE, MetricData }));
    const expected = copies.map(({ AlarmName }) => `${AlarmName} ${state}`).sort();
    const states = [...(await describeAlarms(cloudWatch)).values()].map(
      ({ AlarmName, StateValue }) => `${AlarmName} ${StateValue}`,
    );
    expect(mine(states)).toEqual(expected);
    expect(mine((await told()).map(stateTold))).toEqual(expected);
  }
});

test('one of the stack itself rings, and is OK again', async () => {
  const { id = '' } = plain.find(({ Properties }) => Properties['MetricName'] === 'records_left_open') ?? {};
  const alarm = async () => (await deployed())(id);
  const { Namespace, ...look } = await alarm();
  const put = (value: number) =>
    cloudWatch.send(new PutMetricDataCommand({ Namespace, MetricData: [datum(look, value)] }));
  await put(1);
  expect((await alarm()).StateValue).toBe('ALARM');
  await sleep(LASTS_MS);
  await put(0);
  expect((await alarm()).StateValue).toBe('OK');
});

test('each use of emergency access is told where alarms go', async () => {
  const { id = '' } = plain[0] ?? {};
  const told = await listen((await deployed())(id).AlarmActions?.[0] ?? '');
  const token = await s.token('clinician', 'alarm-clinician');
  const body = {
    user_id: 'alarm-patient',
    reason_code: 'unresponsive_patient',
    reason: 'Found unconscious.',
  };
  const opened = await s.call('POST', '/break-glass', { token, body });
  expect(opened.status).toBe(201);
  const { grant_id } = Object(opened.body);
  const texts: string[] = [];
  const line = expect.stringMatching(`Emergency access ${grant_id} was opened at .* by a clinician, until `);
  await expect
    .poll(async () => texts.push(...(await told())) && texts, { timeout: 20_000, interval: 500 })
    .toContainEqual(line);
  expect(texts.join()).not.toContain('alarm-patient');
});
