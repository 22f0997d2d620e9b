import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  paginateListMetrics,
} from '@aws-sdk/client-cloudwatch';
import type { ListedMetric } from '#infra/observability/metric-math/metric-search.ts';

export interface MetricQuery extends ListedMetric {
  readonly statistic: string;
  readonly periodSeconds: number;
}

/** Values by the beginning of their period, in seconds since 1970. */
export type Points = ReadonlyMap<number, number>;

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface MetricSource {
  /** Every metric that has been written. */
  list(): Promise<readonly ListedMetric[]>;
  /** The points of each query, in the order of the queries. */
  read(queries: readonly MetricQuery[], span: Span): Promise<readonly Points[]>;
}

/** As many as CloudWatch takes in one call. */
const QUERIES_PER_CALL = 500;

/** Plain metrics only: whatever CloudWatch computes and the emulator does not is left to whoever draws. */
export const metricSource = (cloudWatch: CloudWatchClient): MetricSource => ({
  list: async () => {
    const metrics: ListedMetric[] = [];
    for await (const page of paginateListMetrics({ client: cloudWatch }, {}))
      for (const { Namespace: namespace = '', MetricName: name = '', Dimensions = [] } of page.Metrics ?? [])
        metrics.push({
          namespace,
          name,
          dimensions: Object.fromEntries(Dimensions.map(({ Name = '', Value = '' }) => [Name, Value])),
        });
    return metrics;
  },
  read: async (queries, span) => {
    const all: Points[] = [];
    for (let at = 0; at < queries.length; at += QUERIES_PER_CALL)
      all.push(...(await readSome(cloudWatch, queries.slice(at, at + QUERIES_PER_CALL), span)));
    return all;
  },
});

async function readSome(
  cloudWatch: CloudWatchClient,
  queries: readonly MetricQuery[],
  { fromMs, toMs }: Span,
): Promise<Points[]> {
  const points = queries.map(() => new Map<number, number>());
  let token: string | undefined;
  do {
    const page = await cloudWatch.send(
      new GetMetricDataCommand({
        MetricDataQueries: queries.map(dataQuery),
        StartTime: new Date(fromMs),
        EndTime: new Date(toMs),
        ...(token ? { NextToken: token } : {}),
      }),
    );
    for (const { Id = '', Timestamps = [], Values = [] } of page.MetricDataResults ?? [])
      Timestamps.forEach((time, index) => {
        const value = Values[index];
        if (value !== undefined) points[Number(Id.slice(1))]?.set(time.getTime() / 1000, value);
      });
    token = page.NextToken;
  } while (token);
  return points;
}

const dataQuery = (query: MetricQuery, index: number): MetricDataQuery => ({
  Id: `q${index}`,
  MetricStat: {
    Metric: {
      Namespace: query.namespace,
      MetricName: query.name,
      Dimensions: Object.entries(query.dimensions).map(([Name, Value]) => ({ Name, Value })),
    },
    Period: query.periodSeconds,
    Stat: query.statistic,
  },
});
