import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { paginateDescribeLogGroups, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { paginateScan } from '@aws-sdk/client-dynamodb';
import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { readInbox } from '../front/inbox.ts';
import { type LaptopClients, laptopClients } from '../laptop-clients.ts';
import type { QueueAddress, StackFile } from '../stack-file.ts';
import type { StackFolder } from '../stack-folder.ts';
import { dumpMetrics } from './dump-metrics.ts';
import { peekQueue } from './peek-queue.ts';
import { writableFolder } from './writable-folder.ts';

/**
 * Writes what the stack holds as JSON files: `tables/<table>.json` (items as DynamoDB JSON), `queues.json` (attributes
 * and waiting messages), `logs.json`, `metrics.json`, `objects.json` (keys by bucket), `published.json`.
 * @returns how many entries each file has
 * @throws Error with a sentence for people when the folder cannot be written
 */
export async function dumpStack(
  stack: StackFile,
  folder: StackFolder,
  target: string,
): Promise<Readonly<Record<string, number>>> {
  writableFolder(join(target, 'tables'));
  const clients = laptopClients(stack.awsEndpointUrl);
  const counts: Record<string, number> = {};
  const write = (file: string, entries: readonly unknown[]): void => {
    writeFileSync(join(target, file), `${JSON.stringify(entries, undefined, 2)}\n`);
    counts[file] = entries.length;
  };
  for (const [name, table] of Object.entries(stack.tables))
    write(`tables/${name}.json`, await items(clients, table));
  write('queues.json', await queues(clients, stack));
  write('logs.json', await logLines(clients));
  write('metrics.json', await dumpMetrics(clients));
  write('objects.json', await objects(clients, Object.values(stack.buckets)));
  write('published.json', readInbox(folder));
  return counts;
}

async function items({ dynamo }: LaptopClients, TableName: string): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const page of paginateScan({ client: dynamo }, { TableName })) all.push(...(page.Items ?? []));
  return all.map(asDynamoJson);
}

/** Binary attributes in base64, as DynamoDB itself writes them: what is dumped can be searched and read elsewhere. */
const asDynamoJson = (item: unknown): unknown =>
  JSON.parse(
    JSON.stringify(item, (_, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
    ),
  );

async function queues({ sqs }: LaptopClients, stack: StackFile): Promise<unknown[]> {
  const urls = Object.entries(stack.queues).flatMap(([name, queue]: [string, QueueAddress]) => [
    { name, url: queue.url },
    { name: `${name} dead letters`, url: queue.deadLetterUrl },
  ]);
  return Promise.all(
    urls.map(async ({ name, url }) => {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
      );
      return { name, url, attributes: Attributes, messages: await peekQueue(stack, url) };
    }),
  );
}

async function logLines({ logs }: LaptopClients): Promise<unknown[]> {
  const lines: unknown[] = [];
  for await (const groups of paginateDescribeLogGroups({ client: logs }, {}))
    for (const { logGroupName } of groups.logGroups ?? []) {
      if (logGroupName === undefined) continue;
      for await (const page of paginateFilterLogEvents({ client: logs }, { logGroupName }))
        for (const { timestamp = 0, message = '' } of page.events ?? [])
          lines.push({
            at: new Date(timestamp).toISOString(),
            group: logGroupName,
            message: message.trimEnd(),
          });
    }
  return lines;
}

async function objects({ s3 }: LaptopClients, buckets: readonly string[]): Promise<unknown[]> {
  const keys: unknown[] = [];
  for (const Bucket of buckets)
    for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket }))
      for (const { Key, Size } of page.Contents ?? []) keys.push({ bucket: Bucket, key: Key, bytes: Size });
  return keys;
}
