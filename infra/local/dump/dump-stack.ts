import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { paginateDescribeLogGroups, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { paginateScan } from '@aws-sdk/client-dynamodb';
import { CHANNELS, readInbox } from '../front/inbox.ts';
import { type LaptopClients, laptopClients } from '../laptop-clients.ts';
import type { StackFile } from '../stack-file.ts';
import type { StackFolder } from '../stack-folder.ts';
import { dumpMetrics } from './dump-metrics.ts';
import { dumpObjects } from './dump-objects.ts';
import { dumpQueues } from './dump-queues.ts';
import { writableFolder } from './writable-folder.ts';

export const MANIFEST = 'manifest.json';

/** What stands in the manifest: when it was made, and each file with its number of lines. */
export interface Manifest {
  readonly made_at: string;
  readonly files: Readonly<Record<string, number>>;
}

/**
 * Writes everything that the stack holds, one JSON document a line, and a manifest: `tables/<table>.ndjson` (items as
 * DynamoDB JSON), `queues.ndjson`, `messages.ndjson` (also those that wait for their time), `logs.ndjson`, `metrics.ndjson`,
 * `objects.ndjson` (bodies in base64, as stored), `published.ndjson` (topic and bus, as a subscriber got it) and
 * `processes.ndjson` (the logs of the front and of the emulator). Nothing is consumed or changed.
 * @throws Error with a sentence for people when the folder cannot be written
 */
export async function dumpStack(stack: StackFile, folder: StackFolder, target: string): Promise<Manifest> {
  writableFolder(join(target, 'tables'));
  const clients = laptopClients(stack.awsEndpointUrl);
  const files: Record<string, number> = {};
  const write = (file: string, entries: readonly unknown[]): void => {
    writeFileSync(join(target, file), entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    files[file] = entries.length;
  };
  for (const [name, table] of Object.entries(stack.tables))
    write(`tables/${name}.ndjson`, await items(clients, table));
  const { queues, messages } = await dumpQueues(clients, stack);
  write('queues.ndjson', queues);
  write('messages.ndjson', messages);
  write('logs.ndjson', await logLines(clients));
  write('metrics.ndjson', await dumpMetrics(clients));
  write('objects.ndjson', await dumpObjects(clients, Object.values(stack.buckets)));
  write('published.ndjson', await published(stack, folder));
  write('processes.ndjson', processLines(stack.logs));
  const manifest = { made_at: new Date().toISOString(), files };
  writeFileSync(join(target, MANIFEST), `${JSON.stringify(manifest, undefined, 2)}\n`);
  return manifest;
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

async function logLines({ logs }: LaptopClients): Promise<unknown[]> {
  const lines: unknown[] = [];
  for await (const groups of paginateDescribeLogGroups({ client: logs }, {}))
    for (const { logGroupName } of groups.logGroups ?? []) {
      if (logGroupName === undefined) continue;
      for await (const page of paginateFilterLogEvents({ client: logs }, { logGroupName }))
        for (const { timestamp = 0, message = '', logStreamName } of page.events ?? [])
          lines.push({
            at: new Date(timestamp).toISOString(),
            group: logGroupName,
            stream: logStreamName,
            message: message.trimEnd(),
          });
    }
  return lines;
}

async function published({ frontUrl }: StackFile, folder: StackFolder): Promise<unknown[]> {
  // Asking the front makes it collect what has arrived.
  await fetch(`${frontUrl}/inbox.json`);
  return CHANNELS.flatMap((channel) =>
    readInbox(folder, channel).map((message) => ({ channel, ...message })),
  );
}

const processLines = (folder: string): unknown[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.log'))
    .flatMap((file) =>
      readFileSync(join(folder, file), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => ({ file, line })),
    );
