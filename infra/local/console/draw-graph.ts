import type { GraphLine, Limit } from './dashboard-body.ts';
import type { MetricQuery } from './metric-source.ts';
import { type DrawnSeries, type GraphInput, seriesOfLine } from './series-of-line.ts';

/** What the page draws: values by line, one per time, `null` where there is none. */
export interface DrawnGraph {
  /** Seconds since 1970, in order. */
  readonly times: readonly number[];
  readonly lines: readonly { readonly label: string; readonly values: readonly (number | null)[] }[];
  readonly limits: readonly Limit[];
  /** What a reader must know: why a line is missing, or why there is none at all. */
  readonly notes: readonly string[];
}

/** Draws what can be drawn of a graph, and says of the rest why not: none is ever empty without a word. */
export function drawGraph(graph: GraphInput, limits: readonly Limit[]): DrawnGraph {
  const notes: string[] = [];
  const shown: { readonly line: GraphLine; readonly series: DrawnSeries }[] = [];
  for (const line of graph.lines.filter(({ visible }) => visible)) {
    try {
      for (const series of seriesOfLine(line, graph))
        if (series.points.size > 0) shown.push({ line, series });
    } catch (error) {
      notes.push(`${line.label ? `${line.label}: ` : ''}${error instanceof Error ? error.message : error}`);
    }
  }
  if (shown.length === 0) notes.push(...whyNothing(graph));
  const times = [...new Set(shown.flatMap(({ series }) => [...series.points.keys()]))].sort((a, b) => a - b);
  const names = namesOf(shown.flatMap(({ series: { query } }) => (query ? [query] : [])));
  return {
    times,
    lines: shown.map(({ line, series: { query, points } }) => ({
      label: line.label ?? (query ? names(query) : (line.expression ?? '')),
      values: times.map((time) => points.get(time) ?? null),
    })),
    limits,
    notes,
  };
}

function whyNothing({ lines, listed }: GraphInput): string[] {
  const namespaces = new Set(lines.flatMap(({ metric }) => (metric ? [metric.namespace] : [])));
  const unknown = [...namespaces].filter(
    (namespace) => namespace.startsWith('AWS/') && !listed.some((metric) => metric.namespace === namespace),
  );
  return ['No data in this time.', ...unknown.map((name) => `The laptop's AWS does not measure ${name}.`)];
}

/** Names a line by what tells it from the others of its graph, as CloudWatch does. */
function namesOf(queries: readonly MetricQuery[]): (query: MetricQuery) => string {
  const parts = ({ dimensions, name, statistic }: MetricQuery): Record<string, string> => ({
    name,
    ...dimensions,
    statistic,
  });
  const differing = [...new Set(queries.flatMap((query) => Object.keys(parts(query))))].filter(
    (part) => new Set(queries.map((query) => parts(query)[part])).size > 1,
  );
  return (query) =>
    differing.length === 0 ? query.name : differing.map((part) => parts(query)[part] ?? '').join(' ');
}
