import { isObject } from '../deploy/template.ts';

/** A metric of its own, or an expression over the others of its graph. */
export interface GraphLine {
  readonly id: string | undefined;
  readonly label: string | undefined;
  readonly visible: boolean;
  readonly statistic: string;
  readonly periodSeconds: number;
  readonly metric: LineMetric | undefined;
  readonly expression: string | undefined;
}

interface LineMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface Limit {
  readonly value: number;
  readonly label: string;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Widget = Place & { readonly title: string } & (
    | { readonly type: 'text'; readonly markdown: string }
    | { readonly type: 'alarm'; readonly alarms: readonly string[] }
    | { readonly type: 'metric'; readonly lines: readonly GraphLine[]; readonly limits: readonly Limit[] }
    | { readonly type: 'other'; readonly name: string }
  );

export interface DashboardBody {
  /** Milliseconds back from now that it shows. */
  readonly spanMs: number;
  readonly widgets: readonly Widget[];
}

type Properties = Readonly<Record<string, unknown>>;

const DEFAULT_PERIOD_SECONDS = 300;
const DEFAULT_SPAN_MS = 3 * 60 * 60_000;
const HOURS_OF = { H: 1, D: 24 } as const;

/**
 * Reads the body of a dashboard, as far as this project's are made.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 * @throws Error for a metric in a form that it does not know: a graph must not miss a line without a word
 */
export function readDashboardBody(text: string): DashboardBody {
  const body: unknown = JSON.parse(text);
  if (!isObject(body)) throw new Error('The body of the dashboard is no object.');
  return { spanMs: spanOf(body['start']), widgets: listOf(body['widgets']).filter(isObject).map(widgetOf) };
}

/** `-PT3H` and `-P1D`, in milliseconds. */
function spanOf(start: unknown): number {
  const [, count = '', unit] = /^-PT?(\d+)([HD])$/.exec(String(start)) ?? [];
  return unit === 'H' || unit === 'D' ? Number(count) * HOURS_OF[unit] * 60 * 60_000 : DEFAULT_SPAN_MS;
}

function widgetOf(widget: Properties): Widget {
  const properties = isObject(widget['properties']) ? widget['properties'] : {};
  const common = {
    x: numberOf(widget, 'x'),
    y: numberOf(widget, 'y'),
    width: numberOf(widget, 'width'),
    height: numberOf(widget, 'height'),
    title: textOf(properties, 'title') ?? '',
  };
  switch (widget['type']) {
    case 'text':
      return { ...common, type: 'text', markdown: textOf(properties, 'markdown') ?? '' };
    case 'alarm':
      return { ...common, type: 'alarm', alarms: listOf(properties['alarms']).map(String) };
    case 'metric':
      return { ...common, type: 'metric', lines: linesOf(properties), limits: limitsOf(properties) };
    default:
      return { ...common, type: 'other', name: String(widget['type']) };
  }
}

function linesOf(properties: Properties): GraphLine[] {
  const graph = {
    periodSeconds: numberOf(properties, 'period') || DEFAULT_PERIOD_SECONDS,
    statistic: textOf(properties, 'stat') ?? 'Average',
  };
  return listOf(properties['metrics']).map((line) => lineOf(listOf(line), graph));
}

function lineOf(
  parts: readonly unknown[],
  graph: { readonly periodSeconds: number; readonly statistic: string },
): GraphLine {
  const last = parts.at(-1);
  const options = isObject(last) ? last : {};
  const names = parts.filter((part) => typeof part === 'string');
  const common = {
    id: textOf(options, 'id'),
    label: textOf(options, 'label') || undefined,
    visible: options['visible'] !== false,
    statistic: textOf(options, 'stat') ?? graph.statistic,
    periodSeconds: numberOf(options, 'period') || graph.periodSeconds,
  };
  const expression = textOf(options, 'expression');
  if (expression !== undefined) return { ...common, expression, metric: undefined };
  const [namespace, name, ...pairs] = names;
  // "." and "..." stand for what the line above has; the CDK writes everything out.
  if (
    namespace === undefined ||
    name === undefined ||
    pairs.length % 2 === 1 ||
    names.some((one) => /^\.+$/.test(one))
  )
    throw new Error(`A metric of the dashboard is written in an unknown form: ${JSON.stringify(parts)}`);
  const dimensions = Object.fromEntries(
    pairs.flatMap((key, index) => (index % 2 === 0 ? [[key, pairs[index + 1] ?? '']] : [])),
  );
  return { ...common, expression: undefined, metric: { namespace, name, dimensions } };
}

function limitsOf(properties: Properties): Limit[] {
  const annotations = isObject(properties['annotations']) ? properties['annotations'] : {};
  return listOf(annotations['horizontal'])
    .filter(isObject)
    .map((limit) => ({ value: numberOf(limit, 'value'), label: textOf(limit, 'label') ?? '' }));
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function textOf(of: Properties, member: string): string | undefined {
  const value = of[member];
  return typeof value === 'string' ? value : undefined;
}

function numberOf(of: Properties, member: string): number {
  const value = of[member];
  return typeof value === 'number' ? value : 0;
}
