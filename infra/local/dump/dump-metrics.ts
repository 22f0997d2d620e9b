import { GetMetricStatisticsCommand, paginateListMetrics } from '@aws-sdk/client-cloudwatch';
import type { LaptopClients } from '../laptop-clients.ts';

const HOURS_BACK = 24;

/** Every metric with its data of the last day, by minute. */
export async function dumpMetrics({ cloudWatch }: LaptopClients): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const page of paginateListMetrics({ client: cloudWatch }, {}))
    for (const { Namespace, MetricName, Dimensions } of page.Metrics ?? []) {
      const { Datapoints = [] } = await cloudWatch.send(
        new GetMetricStatisticsCommand({
          Namespace,
          MetricName,
          Dimensions,
          StartTime: new Date(Date.now() - HOURS_BACK * 3_600_000),
          EndTime: new Date(Date.now() + 60_000),
          Period: 60,
          Statistics: ['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum'],
        }),
      );
      const dimensions = Object.fromEntries((Dimensions ?? []).map(({ Name = '', Value }) => [Name, Value]));
      all.push({ namespace: Namespace, name: MetricName, dimensions, data: Datapoints });
    }
  return all;
}
