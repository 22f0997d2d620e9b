import { isObject } from '../deploy/template.ts';

export interface MetricDatum {
  readonly namespace: string;
  readonly name: string;
  readonly unit: string | undefined;
  readonly epochMs: number;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly values: readonly number[];
}

/**
 * The metrics that a log line carries in CloudWatch's embedded metric format; none for any other line.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricsOfLine(line: string): MetricDatum[] {
  if (!line.includes('"CloudWatchMetrics"')) return [];
  const root = parse(line);
  if (!isObject(root) || !isObject(root['_aws'])) return [];
  const { Timestamp: timestamp, CloudWatchMetrics: directives } = root['_aws'];
  const epochMs = typeof timestamp === 'number' ? timestamp : 0;
  return listOf(directives).flatMap((directive) => {
    if (!isObject(directive) || typeof directive['Namespace'] !== 'string') return [];
    const namespace = directive['Namespace'];
    const sets = listOf(directive['Dimensions'] ?? [[]]);
    return sets.flatMap((set) =>
      listOf(directive['Metrics']).flatMap((metric) => {
        if (!isObject(metric) || typeof metric['Name'] !== 'string') return [];
        const values = [root[metric['Name']]].flat().filter((value) => typeof value === 'number');
        const unit = typeof metric['Unit'] === 'string' ? metric['Unit'] : undefined;
        const dimensions = dimensionsOf(root, listOf(set));
        return values.length === 0
          ? []
          : [{ namespace, name: metric['Name'], unit, epochMs, dimensions, values }];
      }),
    );
  });
}

const dimensionsOf = (
  root: Readonly<Record<string, unknown>>,
  names: readonly unknown[],
): Record<string, string> =>
  Object.fromEntries(
    names.filter((name) => typeof name === 'string').map((name) => [name, String(root[name] ?? '')]),
  );

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function parse(line: string): unknown {
  try {
    return JSON.parse(line.slice(line.indexOf('{')));
  } catch {
    return undefined;
  }
}
