import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { PurgeQueueCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useStack } from '#infra/local/testing/use-stack.ts';
import { BY_DESIGN, isByDesign } from './by-design.ts';
import { findPlanted, type Leak } from './find-planted.ts';
import { folded, formsOf } from './forms-of.ts';
import { honestRequests, stopAll } from './honest-requests.ts';
import { hostileRequests } from './hostile-requests.ts';
import { ALL_PLANTED } from './planted.ts';
import { ENDPOINTS, type Visit, visitor } from './visitor.ts';

const MINUTES_MS = 240_000;

describe('what is planted in every request', () => {
  const stack = useStack();
  const visitors = visitor(stack);
  const visits: readonly Visit[] = visitors.visits;
  const of = (name: string) => visits.filter((visit) => visit.name === name);
  let leaks: readonly Leak[];

  const dumped = async (texts: readonly string[]): Promise<readonly Leak[]> => {
    const folder = mkdtempSync(join(tmpdir(), 'canary-'));
    try {
      await stack.dump(folder);
      return findPlanted(folder, texts);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  beforeAll(async () => {
    await honestRequests(stack, visitors);
    await hostileRequests(stack, visitors);
    leaks = await dumped(ALL_PLANTED);
  }, MINUTES_MS);
  afterAll(async () => {
    await stack.resetHooks();
    await stopAll(stack);
    for (const { url, deadLetterUrl } of Object.values(stack.stack.queues))
      for (const QueueUrl of [url, deadLetterUrl])
        await stack.clients.sqs.send(new PurgeQueueCommand({ QueueUrl }));
  });

  it.each(ENDPOINTS)('was served by $name', ({ name }) => {
    expect(of(name).filter(({ status }) => status < 300)).not.toEqual([]);
  });

  it.each(ENDPOINTS.filter(({ name }) => name !== 'health'))('was refused by $name', ({ name }) => {
    expect(of(name).filter(({ status }) => status >= 400 && status < 500)).not.toEqual([]);
  });

  it('met every kind of refusal, and a failure of ours', () => {
    const statuses = new Set(visits.map(({ status }) => status));
    expect([...statuses]).toEqual(
      expect.arrayContaining([200, 202, 400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 500]),
    );
  });

  it.each(ENDPOINTS)('was sent to $name whole', ({ name }) => {
    const sent = folded(
      of(name)
        .map((visit) => visit.sent)
        .join(),
    );
    expect(ALL_PLANTED.filter((text) => !formsOf(text).some((form) => sent.includes(form)))).toEqual([]);
  });

  it('was answered with the security headers, whatever the answer was', () => {
    // A throttle's answer is the emulator's own; on AWS it has them by the template.
    expect(visits.filter(({ status, bare }) => status !== 429 && bare.length > 0)).toEqual([]);
  });

  it('is nowhere in tables, queues, logs, metrics, objects and messages but where it is meant to be', () => {
    expect(leaks.filter((leak) => !isByDesign(leak))).toEqual([]);
  });

  it.each(BY_DESIGN)('is where it is meant to be: $why', ({ file, path }) => {
    expect(leaks.some((leak) => file.test(leak.file) && path.test(leak.path))).toBe(true);
  });

  it('would be found: one line in a log is', async () => {
    const text = 'Gwendolyn Featherstonehaugh, 17 Larkspur Mews';
    const { logGroups = [] } = await stack.clients.logs.send(new DescribeLogGroupsCommand({}));
    const logGroupName = logGroups[0]?.logGroupName ?? '';
    const logStreamName = 'canary';
    await stack.clients.logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    await stack.clients.logs.send(
      new PutLogEventsCommand({
        logGroupName,
        logStreamName,
        logEvents: [{ timestamp: Date.now(), message: JSON.stringify({ level: 'INFO', message: text }) }],
      }),
    );
    const found = await dumped([text]);
    expect(found).toContainEqual({ file: 'logs.ndjson', path: 'message.message', text });
  });
});
