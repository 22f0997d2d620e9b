import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import type { SmokeClock, SmokeResult } from './smoke-jobs.ts';

const CHECK = 'alarm';
const POLL_MS = 5_000;
const PATIENCE_MS = 60_000;

/**
 * Sets one alarm of the stage off by hand and waits until CloudWatch says that its notification was taken by the
 * encrypted alarm topic: that is where missing permissions of the key or the topic show, and nowhere else. The alarm
 * returns to its real state by itself.
 */
export async function runSmokeAlarm(
  stage: { readonly alarmPrefix: string; readonly alarmTopicArn: string },
  clock: SmokeClock,
  client = new CloudWatchClient({}),
): Promise<SmokeResult> {
  const { MetricAlarms = [] } = await client.send(
    new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm'], AlarmNamePrefix: stage.alarmPrefix }),
  );
  const alarm = MetricAlarms.find(({ AlarmActions = [] }) => AlarmActions.includes(stage.alarmTopicArn));
  const AlarmName = alarm?.AlarmName;
  if (AlarmName === undefined)
    return { check: CHECK, passed: false, detail: 'no alarm of this stage was found' };
  const StartDate = clock.now();
  await client.send(
    new SetAlarmStateCommand({
      AlarmName,
      StateValue: 'ALARM',
      StateReason: 'Smoke test: nothing is wrong.',
    }),
  );
  for (
    const end = clock.now().getTime() + PATIENCE_MS;
    clock.now().getTime() < end;
    await clock.sleep(POLL_MS)
  ) {
    const { AlarmHistoryItems = [] } = await client.send(
      new DescribeAlarmHistoryCommand({
        AlarmName,
        HistoryItemType: 'Action',
        StartDate,
        EndDate: clock.now(),
      }),
    );
    const [latest] = AlarmHistoryItems;
    if (latest?.HistorySummary)
      return {
        check: CHECK,
        passed: latest.HistorySummary.startsWith('Successfully executed action'),
        detail: `${AlarmName}: ${latest.HistorySummary}`,
      };
  }
  return {
    check: CHECK,
    passed: false,
    detail: `${AlarmName} was set off, but no action followed within a minute`,
  };
}
