import {
  evaluateMath,
  type Input,
  idsOf,
  type Series,
} from '#infra/observability/metric-math/evaluate-math.ts';
import {
  foundBy,
  isSearch,
  type ListedMetric,
  readSearch,
} from '#infra/observability/metric-math/metric-search.ts';
import type { GraphLine } from './dashboard-body.ts';
import type { MetricQuery, Points } from './metric-source.ts';

/** One line as it is drawn. `query` is what it shows, unless it was computed. */
export interface DrawnSeries {
  readonly query: MetricQuery | undefined;
  readonly points: Points;
}

/**
 * What CloudWatch has to be asked for before a line can be drawn.
 * @throws Error that says why it cannot be drawn
 */
export function queriesOf(line: GraphLine, listed: readonly ListedMetric[]): MetricQuery[] {
  if (line.metric) return [{ ...line.metric, statistic: line.statistic, periodSeconds: line.periodSeconds }];
  if (line.expression === undefined || !isSearch(line.expression)) return [];
  const { statistic, periodSeconds, ...search } = readSearch(line.expression);
  return foundBy({ ...search, statistic, periodSeconds }, listed).map((metric) => ({
    ...metric,
    statistic,
    periodSeconds,
  }));
}

/** Everything that the lines of one graph are made of. */
export interface GraphInput {
  readonly lines: readonly GraphLine[];
  readonly listed: readonly ListedMetric[];
  readonly read: (query: MetricQuery) => Points;
}

/**
 * The series of a line: one of a metric or of math, any number of a search.
 * @throws Error that says why it cannot be drawn
 */
export function seriesOfLine(line: GraphLine, graph: GraphInput): DrawnSeries[] {
  const queries = queriesOf(line, graph.listed);
  if (line.expression === undefined || isSearch(line.expression))
    return queries.map((query) => ({ query: query, points: pointsOf(query, graph) }));
  return [{ query: undefined, points: computed(line.expression, inputsOf(line, graph, [])) }];
}

function pointsOf(query: MetricQuery, { listed, read }: GraphInput): Points {
  const isOfAws = query.namespace.startsWith('AWS/');
  const others = listed.filter(
    ({ dimensions, name, namespace }) =>
      namespace === query.namespace && name === query.name && Object.keys(dimensions).length > 0,
  );
  // What AWS measures without dimensions is the whole account; of other metrics it would be another series.
  if (!isOfAws && Object.keys(query.dimensions).length === 0 && others.length > 0)
    throw new Error(
      `Not shown: the laptop's AWS adds ${others.length} series with dimensions to ${query.name} without any.`,
    );
  return read(query);
}

/** One input of an expression: points of one series, or those of a search. */
interface MathInput {
  readonly periodSeconds: number;
  readonly points: Points | readonly Points[];
}

type MathInputs = ReadonlyMap<string, MathInput>;

function inputsOf(line: GraphLine, graph: GraphInput, reading: readonly string[]): MathInputs {
  return new Map(
    idsOf(line.expression ?? '').map((id) => {
      if (reading.includes(id)) throw new Error(`Not evaluated: ${id} reads itself.`);
      const input = graph.lines.find((one) => one.id === id);
      if (!input) throw new Error(`Not evaluated: the graph has no metric ${id}.`);
      return [id, inputOf(input, graph, [...reading, id])];
    }),
  );
}

function inputOf(line: GraphLine, graph: GraphInput, reading: readonly string[]): MathInput {
  const { expression, periodSeconds } = line;
  if (expression !== undefined && !isSearch(expression)) {
    const inputs = inputsOf(line, graph, reading);
    return { periodSeconds: onePeriod(inputs) ?? periodSeconds, points: computed(expression, inputs) };
  }
  const queries = queriesOf(line, graph.listed);
  const points = queries.map((query) => pointsOf(query, graph));
  if (expression === undefined) return { periodSeconds, points: points[0] ?? new Map() };
  return { periodSeconds: readSearch(expression).periodSeconds, points };
}

function onePeriod(inputs: MathInputs): number | undefined {
  const periods = [...new Set([...inputs.values()].map(({ periodSeconds }) => periodSeconds))];
  if (periods.length > 1) throw new Error(`Not evaluated: periods of ${periods.join(' and ')} s together.`);
  return periods[0];
}

function computed(expression: string, inputs: MathInputs): Points {
  onePeriod(inputs);
  const times = [
    ...new Set([...inputs.values()].flatMap(({ points }) => many(points).flatMap((one) => [...one.keys()]))),
  ].sort((a, b) => a - b);
  const aligned = (points: Points): Series => times.map((time) => points.get(time));
  const result = evaluateMath(
    expression,
    Object.fromEntries(
      [...inputs].map(([id, { points }]): [string, Input] => [
        id,
        points instanceof Map ? aligned(points) : many(points).map(aligned),
      ]),
    ),
  );
  return new Map(
    times.flatMap((time, index) => {
      const value = result[index];
      return value === undefined ? [] : [[time, value] as const];
    }),
  );
}

const isOne = (points: Points | readonly Points[]): points is Points => points instanceof Map;
const many = (points: Points | readonly Points[]): readonly Points[] => (isOne(points) ? [points] : points);
