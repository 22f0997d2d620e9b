import { evaluateMath, type Series } from '../metric-math/evaluate-math.ts';

/** What the template says of an alarm, as far as its state depends on it. */
export interface AlarmTemplate {
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm: number;
  readonly TreatMissingData: string;
  readonly Metrics?: readonly {
    readonly Id: string;
    readonly Expression?: string;
    readonly MetricStat?: { readonly Stat: string };
  }[];
}

/**
 * The state of an alarm after the last period, by the rules of CloudWatch: M of the last N datapoints breach, those that
 * are missing counting as the alarm says.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 * @param inputs by the id of the metric; `value` for an alarm on a metric without an expression, or on a query
 */
export function alarmState(alarm: AlarmTemplate, inputs: Readonly<Record<string, Series>>): 'OK' | 'ALARM' {
  const expression = alarm.Metrics?.find(({ Expression }) => Expression)?.Expression;
  const series =
    expression === undefined || expression.startsWith('SELECT ')
      ? (inputs['value'] ?? [])
      : evaluateMath(expression, inputs);
  const window = Array.from(
    { length: alarm.EvaluationPeriods },
    (_, index) => series[series.length - alarm.EvaluationPeriods + index],
  );
  const breaching = window.filter((value) =>
    value === undefined ? alarm.TreatMissingData === 'breaching' : breaches(alarm, value),
  );
  return breaching.length >= alarm.DatapointsToAlarm ? 'ALARM' : 'OK';
}

function breaches({ ComparisonOperator: operator, Threshold: threshold }: AlarmTemplate, value: number) {
  if (operator === 'GreaterThanThreshold') return value > threshold;
  if (operator === 'LessThanThreshold') return value < threshold;
  throw new Error(`Not evaluated: ${operator}`);
}
