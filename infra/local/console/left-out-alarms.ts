import { existsSync, readFileSync } from 'node:fs';
import { type AlarmTemplate, alarmState } from '#infra/observability/metric-math/alarm-state.ts';
import type { ListedMetric } from '#infra/observability/metric-math/metric-search.ts';
import { isObject } from '../deploy/template.ts';
import type { Dropped } from '../deploy/transform.ts';
import type { GraphLine } from './dashboard-body.ts';
import type { MetricQuery, MetricSource, Points } from './metric-source.ts';
import { queriesOf, seriesOfLine } from './series-of-line.ts';

/** An alarm with metric math as its template has it, every reference filled in. */
export interface LeftOutAlarm extends Omit<AlarmTemplate, 'Metrics'> {
  readonly AlarmDescription?: string;
  readonly Metrics: readonly AlarmMetric[];
}

interface AlarmMetric {
  readonly Id: string;
  readonly Expression?: string;
  readonly Period?: number;
  readonly ReturnData?: boolean;
  readonly MetricStat?: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
    };
    readonly Period: number;
    readonly Stat: string;
  };
}

/** The alarms with metric math that the deployment left out, by their logical ids. */
export function readLeftOutAlarms(file: string): ReadonlyMap<string, LeftOutAlarm> {
  const dropped: readonly Dropped[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  return new Map(
    dropped.flatMap(({ logicalId, properties }) =>
      isMathAlarm(properties) ? [[logicalId, properties] as const] : [],
    ),
  );
}

/** What the states follow from; whatever else is missing or odd in a metric leaves its alarm unevaluated. */
const isMathAlarm = (properties: unknown): properties is LeftOutAlarm =>
  isObject(properties) &&
  Array.isArray(properties['Metrics']) &&
  properties['Metrics'].every((metric) => isObject(metric) && typeof metric['Id'] === 'string') &&
  ['Threshold', 'EvaluationPeriods', 'DatapointsToAlarm'].every(
    (name) => typeof properties[name] === 'number',
  ) &&
  ['ComparisonOperator', 'TreatMissingData'].every((name) => typeof properties[name] === 'string');

export interface EvaluatedAlarm {
  readonly state: 'OK' | 'ALARM' | 'no data';
  readonly description: string;
}

/**
 * States as CloudWatch would find them now, from the laptop's metrics.
 * @returns by logical id; an alarm is missing where its metrics are not measured here or its form is not evaluated
 */
export async function evaluateLeftOut(
  alarms: ReadonlyMap<string, LeftOutAlarm>,
  { listed, nowMs, source }: { listed: readonly ListedMetric[]; nowMs: number; source: MetricSource },
): Promise<ReadonlyMap<string, EvaluatedAlarm>> {
  const readable = [...alarms].flatMap(([id, alarm]) => {
    const lines = linesOf(alarm);
    const shown = lines.at(-1);
    return shown && isMeasured(lines, listed) ? [{ id, alarm, lines, shown }] : [];
  });
  const queries = new Map(
    readable.flatMap(({ lines }) =>
      lines.flatMap((line) =>
        queriesOf(line, listed).map((query) => [JSON.stringify(query), query] as const),
      ),
    ),
  );
  const longest = Math.max(0, ...readable.map(({ alarm, shown }) => spanSeconds(alarm, shown)));
  const points = await source.read([...queries.values()], {
    fromMs: nowMs - longest * 1000,
    toMs: nowMs,
  });
  const known = new Map([...queries.keys()].map((key, index) => [key, points[index] ?? new Map()]));
  const read = (query: MetricQuery): Points => known.get(JSON.stringify(query)) ?? new Map();
  return new Map(
    readable.map(({ alarm, id, lines, shown }) => {
      const [series] = seriesOfLine(shown, { lines, listed, read });
      const value = lastPeriods(
        series?.points ?? new Map(),
        alarm.EvaluationPeriods,
        shown.periodSeconds,
        nowMs,
      );
      const { Metrics: _, ...plain } = alarm;
      const silent = value.every((one) => one === undefined) && alarm.TreatMissingData !== 'breaching';
      const state = silent ? 'no data' : alarmState(plain, { value });
      return [id, { state, description: alarm.AlarmDescription ?? '' }];
    }),
  );
}

const spanSeconds = ({ EvaluationPeriods }: LeftOutAlarm, { periodSeconds }: GraphLine): number =>
  (EvaluationPeriods + 1) * periodSeconds;

function lastPeriods(
  points: Points,
  periods: number,
  seconds: number,
  nowMs: number,
): (number | undefined)[] {
  const current = Math.floor(nowMs / 1000 / seconds) * seconds;
  return Array.from({ length: periods }, (_, index) => points.get(current - (periods - 1 - index) * seconds));
}

/** Namespaces of AWS that the emulator does not measure say nothing about an alarm, not even that all is well. */
const isMeasured = (lines: readonly GraphLine[], listed: readonly ListedMetric[]): boolean =>
  lines.every(
    ({ metric }) =>
      !metric?.namespace.startsWith('AWS/') || listed.some(({ namespace }) => namespace === metric.namespace),
  );

const QUERY = /^SELECT SUM\((\w+)\) FROM SCHEMA\("([^"]+)", ((?:\w+, )*\w+)\) WHERE (\w+) = '([^']*)'$/;

/** The metrics as lines of a graph, what the alarm looks at last; nothing for a form that is not evaluated here. */
function linesOf({ Metrics }: LeftOutAlarm): GraphLine[] {
  const lines = Metrics.map(lineOf);
  const looked = lines.findIndex((_, index) => Metrics[index]?.ReturnData !== false);
  const [shown] = lines.splice(looked, 1);
  if (!shown || lines.some((line) => line === undefined)) return [];
  const query = QUERY.exec(shown.expression ?? '');
  if (!query) return [...lines, shown].filter((line) => line !== undefined);
  const [, name, namespace, dimensions = '', key, value] = query;
  const search = `SEARCH('{"${namespace}",${dimensions.replaceAll(' ', '')}} MetricName="${name}" ${key}="${value}"', 'Sum', ${shown.periodSeconds})`;
  return [
    { ...shown, id: 'all', expression: search },
    { ...shown, id: undefined, expression: 'SUM(all)' },
  ];
}

function lineOf({ Expression, Id, MetricStat, Period }: AlarmMetric): GraphLine | undefined {
  const common = { id: Id, label: undefined, visible: true };
  if (Expression !== undefined)
    return {
      ...common,
      statistic: 'Sum',
      periodSeconds: Period ?? 300,
      metric: undefined,
      expression: Expression,
    };
  if (!MetricStat) return undefined;
  const { Dimensions = [], MetricName, Namespace } = MetricStat.Metric;
  const dimensions = Dimensions.map(({ Name, Value }) => [Name, Value] as const);
  // A reference that nobody has filled in names no series.
  if (dimensions.some(([, value]) => typeof value !== 'string')) return undefined;
  return {
    ...common,
    statistic: MetricStat.Stat,
    periodSeconds: MetricStat.Period,
    metric: {
      namespace: Namespace,
      name: MetricName,
      dimensions: Object.fromEntries(dimensions.map(([name, value]) => [name, String(value)])),
    },
    expression: undefined,
  };
}
