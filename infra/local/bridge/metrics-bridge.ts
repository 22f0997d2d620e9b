import {
  type MetricDatum as CloudWatchDatum,
  PutMetricDataCommand,
  type StandardUnit,
} from '@aws-sdk/client-cloudwatch';
import {
  type CloudWatchLogsClient,
  FilterLogEventsCommand,
  paginateDescribeLogGroups,
} from '@aws-sdk/client-cloudwatch-logs';
import { GetQueueAttributesCommand, ListQueuesCommand } from '@aws-sdk/client-sqs';
import type { LaptopClients } from '../laptop-clients.ts';
import { type MetricDatum, metricsOfLine } from './emf.ts';

const DATA_PER_CALL = 100;

/**
 * Does for the emulator what CloudWatch does by itself: turns the functions' metric log lines and the depths of the
 * queues into metrics. Alarms are evaluated inside the same calls. One `step` carries over what is new since the last.
 */
export function metricsBridge(clients: LaptopClients): { step(): Promise<number> } {
  const groups = new Map<string, { storedBytes: number; from: number; seen: Set<string> }>();
  const newLines = async (): Promise<string[]> => {
    const lines: string[] = [];
    for await (const page of paginateDescribeLogGroups({ client: clients.logs }, {}))
      for (const { logGroupName = '', storedBytes = 0 } of page.logGroups ?? []) {
        const group = groups.get(logGroupName) ?? { storedBytes: 0, from: 0, seen: new Set() };
        groups.set(logGroupName, group);
        // One call tells which groups have grown; only those are read.
        if (group.storedBytes === storedBytes) continue;
        group.storedBytes = storedBytes;
        lines.push(...(await readGroup(clients.logs, logGroupName, group)));
      }
    return lines;
  };
  return {
    step: async () => {
      const metrics = (await newLines()).flatMap(metricsOfLine);
      await put(clients, [...metrics, ...(await queueDepths(clients))]);
      return metrics.length;
    },
  };
}

async function readGroup(
  logs: CloudWatchLogsClient,
  logGroupName: string,
  group: { from: number; seen: Set<string> },
): Promise<string[]> {
  const lines: string[] = [];
  let newest = group.from;
  const seen = new Set<string>();
  for (let nextToken: string | undefined, first = true; first || nextToken; first = false) {
    const page = await logs.send(
      new FilterLogEventsCommand({
        logGroupName,
        startTime: group.from,
        ...(nextToken ? { nextToken } : {}),
      }),
    );
    for (const { eventId = '', message = '', timestamp = 0 } of page.events ?? []) {
      seen.add(eventId);
      newest = Math.max(newest, timestamp);
      if (!group.seen.has(eventId)) lines.push(message);
    }
    nextToken = page.nextToken;
  }
  // The last second is read again next time: lines of one moment do not all arrive together.
  group.from = Math.max(group.from, newest - 1000);
  group.seen = seen;
  return lines;
}

async function queueDepths({ sqs }: LaptopClients): Promise<MetricDatum[]> {
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  return Promise.all(
    QueueUrls.map(async (QueueUrl) => {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
      );
      return {
        namespace: 'AWS/SQS',
        name: 'ApproximateNumberOfMessagesVisible',
        unit: 'Count',
        epochMs: Date.now(),
        dimensions: { QueueName: QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1) },
        values: [Number(Attributes?.ApproximateNumberOfMessages ?? 0)],
      };
    }),
  );
}

async function put({ cloudWatch }: LaptopClients, metrics: readonly MetricDatum[]): Promise<void> {
  const byNamespace = Map.groupBy(metrics, ({ namespace }) => namespace);
  for (const [namespace, group] of byNamespace)
    for (let at = 0; at < group.length; at += DATA_PER_CALL)
      await cloudWatch.send(
        new PutMetricDataCommand({
          Namespace: namespace,
          MetricData: group.slice(at, at + DATA_PER_CALL).map(cloudWatchDatum),
        }),
      );
}

const cloudWatchDatum = ({ name, unit, epochMs, dimensions, values }: MetricDatum): CloudWatchDatum => ({
  MetricName: name,
  Timestamp: new Date(epochMs),
  Values: [...values],
  // Units of the embedded format are CloudWatch's own words.
  ...(unit === undefined ? {} : { Unit: unit as StandardUnit }),
  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
});
