import { type CloudWatchClient, type MetricAlarm, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import type { ListedMetric } from '#infra/observability/metric-math/metric-search.ts';
import { LEFT_OUT } from '../deploy/transform.ts';

export const NOT_EVALUATED = 'not evaluated on the laptop';

export interface ShownAlarm {
  readonly name: string;
  /** `OK`, `ALARM`, `no data`, or that nobody evaluates it here. */
  readonly state: string;
  readonly description: string;
  readonly reason: string;
  /** Of how many series together it was evaluated; 1 as on AWS. */
  readonly series: number;
}

/** What is known of alarms, by ARN. */
export async function describeAlarms(
  cloudWatch: CloudWatchClient,
): Promise<ReadonlyMap<string, MetricAlarm>> {
  const alarms = new Map<string, MetricAlarm>();
  for await (const page of paginateDescribeAlarms({ client: cloudWatch }, {}))
    for (const alarm of page.MetricAlarms ?? []) alarms.set(alarm.AlarmArn ?? '', alarm);
  return alarms;
}

/** An alarm as a dashboard names it. Of what was left out of the deployment it says so: that is not `OK`. */
export function shownAlarm(
  arn: string,
  alarms: ReadonlyMap<string, MetricAlarm>,
  listed: readonly ListedMetric[],
): ShownAlarm {
  const alarm = alarms.get(arn);
  if (!alarm) {
    const reason = arn.startsWith(LEFT_OUT)
      ? 'It uses metric math or other alarms, which the laptop’s AWS does not know. Tests evaluate it on the template.'
      : 'The laptop’s AWS has no such alarm.';
    return { name: shortName(arn), state: NOT_EVALUATED, description: '', reason, series: 1 };
  }
  const state = alarm.StateValue === 'INSUFFICIENT_DATA' ? 'no data' : (alarm.StateValue ?? '');
  return {
    name: shortName(arn),
    state,
    description: alarm.AlarmDescription ?? '',
    reason: alarm.StateReason ?? '',
    series: seriesOf(alarm, listed),
  };
}

/** The emulator evaluates all series of a name together, whatever dimensions the alarm has. */
function seriesOf(
  { MetricName, Namespace, Dimensions = [] }: MetricAlarm,
  listed: readonly ListedMetric[],
): number {
  const series = listed.filter(({ name, namespace }) => name === MetricName && namespace === Namespace);
  return Dimensions.length === 0 ? 1 : Math.max(1, series.length);
}

/** `WatchRemindersticklagAlarm6BF0DCD1`, without what only CloudFormation needs. */
const shortName = (arn: string): string => /Watch(\w+?)Alarm[0-9A-F]{8}/.exec(arn)?.[1] ?? arn;
