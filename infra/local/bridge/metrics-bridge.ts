import {
  type MetricDatum as CloudWatchDatum,
  PutMetricDataCommand,
  type StandardUnit,
} from '@aws-sdk/client-cloudwatch';
import {
  type CloudWatchLogsClient,
  type FilteredLogEvent,
  FilterLogEventsCommand,
  paginateDescribeLogGroups,
} from '@aws-sdk/client-cloudwatch-logs';
import { GetQueueAttributesCommand, ListQueuesCommand } from '@aws-sdk/client-sqs';
import type { LaptopClients } from '../laptop-clients.ts';
import { type MetricDatum, metricsOfLine } from './emf.ts';
import { eventKeys } from './event-keys.ts';

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
  const events: FilteredLogEvent[] = [];
  for (let nextToken: string | undefined, first = true; first || nextToken; first = false) {
    const page = await logs.send(
      new FilterLogEventsCommand({
        logGroupName,
        startTime: group.from,
        ...(nextToken ? { nextToken } : {}),
      }),
    );
    events.push(...(page.events ?? []));
    nextToken = page.nextToken;
  }
  const keys = eventKeys(events);
  const lines = events.flatMap(({ message = '' }, index) =>
    group.seen.has(keys[index] ?? '') ? [] : [message],
  );
  const newest = Math.max(...events.map(({ timestamp = 0 }) => timestamp), group.from);
  // The last second is read again next time: lines of one moment do not all arrive together.
  group.from = Math.max(group.from, newest - 1000);
  group.seen = new Set(keys);
  return lines;
}

/** What SQS publishes of each queue, and from which attribute the bridge has it. */
const DEPTHS = {
  ApproximateNumberOfMessagesVisible: 'ApproximateNumberOfMessages',
  ApproximateNumberOfMessagesNotVisible: 'ApproximateNumberOfMessagesNotVisible',
} as const;

async function queueDepths({ sqs }: LaptopClients): Promise<MetricDatum[]> {
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  const AttributeNames = Object.values(DEPTHS);
  const all = await Promise.all(
    QueueUrls.map(async (QueueUrl) => {
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
      return Object.entries(DEPTHS).map(([name, attribute]) => ({
        namespace: 'AWS/SQS',
        name,
        unit: 'Count',
        epochMs: Date.now(),
        dimensions: { QueueName: QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1) },
        values: [Number(Attributes?.[attribute] ?? 0)],
      }));
    }),
  );
  return all.flat();
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
