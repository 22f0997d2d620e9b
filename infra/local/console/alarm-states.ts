import { type CloudWatchClient, type MetricAlarm, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import type { ListedMetric } from '#infra/observability/metric-math/metric-search.ts';
import { LEFT_OUT } from '../deploy/transform.ts';
import type { EvaluatedComposite } from './composite-alarms.ts';
import type { EvaluatedAlarm } from './left-out-alarms.ts';

export const NOT_EVALUATED = 'not evaluated on the laptop';

/** What is known of alarms: of those that are deployed by ARN, of those that the page evaluates by logical id. */
export interface KnownAlarms {
  readonly deployed: ReadonlyMap<string, MetricAlarm>;
  readonly evaluated: ReadonlyMap<string, EvaluatedAlarm>;
  readonly composites: ReadonlyMap<string, EvaluatedComposite>;
}

export interface ShownAlarm {
  readonly name: string;
  /** `OK`, `ALARM`, `no data`, or that nobody evaluates it here. */
  readonly state: string;
  readonly description: string;
  readonly reason: string;
  /** Of how many series together it was evaluated; 1 as on AWS. */
  readonly series: number;
  /** Of a composite alarm: how many of its parts have a state here, and how many it has. */
  readonly parts?: EvaluatedComposite['parts'];
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

/** The state of an alarm by its logical id; nothing where it has none here. */
export const stateOfPart =
  ({ deployed, evaluated }: Pick<KnownAlarms, 'deployed' | 'evaluated'>) =>
  (logicalId: string): string | undefined => {
    const here = evaluated.get(logicalId);
    // The emulator's CloudFormation names an alarm after stack, logical id and a mark of its own.
    const there = [...deployed.values()].find(({ AlarmArn = '' }) => AlarmArn.includes(`-${logicalId}-`));
    return here?.state ?? there?.StateValue;
  };

/** An alarm as a dashboard names it. Of what was left out of the deployment it says so: that is not `OK`. */
export function shownAlarm(
  arn: string,
  { composites, deployed, evaluated }: KnownAlarms,
  listed: readonly ListedMetric[],
): ShownAlarm {
  const alarm = deployed.get(arn);
  const here = arn.startsWith(LEFT_OUT) ? evaluated.get(arn.slice(LEFT_OUT.length)) : undefined;
  if (here)
    return {
      ...here,
      name: shortName(arn),
      reason: 'Evaluated by this page from the laptop’s metrics.',
      series: 1,
    };
  const whole = arn.startsWith(LEFT_OUT) ? composites.get(arn.slice(LEFT_OUT.length)) : undefined;
  if (whole) {
    const { all, known } = whole.parts;
    const others =
      known === all ? '' : ` ${all - known} of ${all} are not evaluated here and count as not ringing.`;
    const reason = `Computed by this page from its rule and the states of the alarms that it names.${others}`;
    return { ...whole, name: shortName(arn), reason, series: 1 };
  }
  if (!alarm) {
    const reason = arn.startsWith(LEFT_OUT)
      ? 'It looks at metrics that the laptop’s AWS does not have, or only at alarms that do. Tests evaluate it on the template.'
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
