import {
  type CloudWatchClient,
  GetDashboardCommand,
  ListDashboardsCommand,
} from '@aws-sdk/client-cloudwatch';
import type { ListedMetric } from '#infra/observability/metric-math/metric-search.ts';
import { describeAlarms, NOT_EVALUATED, type ShownAlarm, shownAlarm, stateOfPart } from './alarm-states.ts';
import { type CompositeAlarm, evaluateComposites } from './composite-alarms.ts';
import { type GraphLine, readDashboardBody, type Widget } from './dashboard-body.ts';
import { type DrawnGraph, drawGraph } from './draw-graph.ts';
import { evaluateLeftOut, type LeftOutAlarm } from './left-out-alarms.ts';
import { markdownToHtml } from './markdown.ts';
import type { MetricQuery, MetricSource, Points, Span } from './metric-source.ts';
import { queriesOf } from './series-of-line.ts';

type Place = Pick<Widget, 'x' | 'y' | 'width' | 'height' | 'title'>;

export type ShownWidget = Place &
  (
    | { readonly type: 'text'; readonly html: string }
    | { readonly type: 'alarm'; readonly alarms: readonly ShownAlarm[]; readonly notEvaluated: number }
    | ({ readonly type: 'metric' } & DrawnGraph)
    | { readonly type: 'custom'; readonly dashboard: string; readonly endpoint: string }
    | { readonly type: 'note'; readonly note: string }
  );

export interface ShownDashboard {
  readonly name: string;
  /** Seconds since 1970, both. */
  readonly from: number;
  readonly to: number;
  readonly widgets: readonly ShownWidget[];
}

export async function dashboardNames(cloudWatch: CloudWatchClient): Promise<string[]> {
  const { DashboardEntries = [] } = await cloudWatch.send(new ListDashboardsCommand({}));
  return DashboardEntries.flatMap(({ DashboardName }) => DashboardName ?? []);
}

export interface DashboardRequest {
  readonly name: string;
  /** Minutes back from now; `undefined`: as the dashboard has it. */
  readonly minutes: number | undefined;
  readonly nowMs: number;
  /** Alarms with metric math, which the emulator does not have. */
  readonly leftOut: ReadonlyMap<string, LeftOutAlarm>;
  /** Alarms over the states of others, which it does not have either. */
  readonly composites: ReadonlyMap<string, CompositeAlarm>;
}

/** A dashboard with everything in it that AWS would draw. */
export async function showDashboard(
  cloudWatch: CloudWatchClient,
  source: MetricSource,
  { composites, leftOut, minutes, name, nowMs }: DashboardRequest,
): Promise<ShownDashboard> {
  const [{ DashboardBody = '{}' }, listed, deployed] = await Promise.all([
    cloudWatch.send(new GetDashboardCommand({ DashboardName: name })),
    source.list(),
    describeAlarms(cloudWatch),
  ]);
  const body = readDashboardBody(DashboardBody);
  const span = { fromMs: nowMs - (minutes === undefined ? body.spanMs : minutes * 60_000), toMs: nowMs };
  const lines = body.widgets.flatMap((widget) => (widget.type === 'metric' ? widget.lines : []));
  const read = await readAll(source, lines, listed, span);
  const showsAlarms = body.widgets.some(({ type }) => type === 'alarm');
  const evaluated = await evaluateLeftOut(showsAlarms ? leftOut : new Map(), { listed, nowMs, source });
  const stateOf = stateOfPart({ deployed, evaluated });
  const alarms = { deployed, evaluated, composites: evaluateComposites(composites, stateOf) };
  const shown = (widget: Widget): ShownWidget => {
    const { height, title, width, x, y } = widget;
    const place = { x, y, width, height, title };
    switch (widget.type) {
      case 'text':
        return { ...place, type: 'text', html: markdownToHtml(widget.markdown) };
      case 'alarm': {
        const states = widget.alarms.map((arn) => shownAlarm(arn, alarms, listed));
        const notEvaluated = states.filter(({ state }) => state === NOT_EVALUATED).length;
        return { ...place, type: 'alarm', alarms: states, notEvaluated };
      }
      case 'metric':
        return {
          ...place,
          type: 'metric',
          ...drawGraph({ lines: widget.lines, listed, read }, widget.limits),
        };
      case 'custom':
        return { ...place, type: 'custom', dashboard: name, endpoint: widget.endpoint };
      case 'other':
        return {
          ...place,
          type: 'note',
          note: `The laptop's page does not show widgets of type ${widget.name}.`,
        };
    }
  };
  return { name, from: span.fromMs / 1000, to: span.toMs / 1000, widgets: body.widgets.map(shown) };
}

/** All metrics of a dashboard in as few calls as CloudWatch would need, each once. */
async function readAll(
  source: MetricSource,
  lines: readonly GraphLine[],
  listed: readonly ListedMetric[],
  span: Span,
): Promise<(query: MetricQuery) => Points> {
  const wanted = new Map(
    lines.flatMap((line) => readable(line, listed).map((query) => [JSON.stringify(query), query] as const)),
  );
  const points = await source.read([...wanted.values()], span);
  const known = new Map([...wanted.keys()].map((key, index) => [key, points[index] ?? new Map()]));
  return (query) => known.get(JSON.stringify(query)) ?? new Map();
}

/** A line that cannot be read says so in its graph; it does not keep the others from being drawn. */
function readable(line: GraphLine, listed: readonly ListedMetric[]): MetricQuery[] {
  try {
    return queriesOf(line, listed);
  } catch {
    return [];
  }
}
