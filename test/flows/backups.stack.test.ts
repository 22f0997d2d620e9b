import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteItemCommand,
  DeleteTableCommand,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { DisableRuleCommand, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { DeleteObjectCommand, PutObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { LAPTOP_CLIENT } from '#infra/constructs/issuers.ts';
import { callApi } from '#infra/local/api-client.ts';
import { issuerKeys } from '#infra/local/front/issuer.ts';
import { mintToken } from '#infra/local/front/mint-token.ts';
import { clockOffset } from '#infra/local/hooks/laptop-hooks.ts';
import { moveClock } from '#infra/local/hooks/move-clock.ts';
import { laptopClients } from '#infra/local/laptop-clients.ts';
import type { StackFile } from '#infra/local/stack-file.ts';
import { stackFolder } from '#infra/local/stack-folder.ts';
import { bringUp } from '#infra/local/stack-lifecycle.ts';
import { stopSupervisor } from '#infra/local/supervision.ts';
import { useStack } from '#infra/local/testing/use-stack.ts';
import { createLatestBackup } from '#shared/adapters/latest-backup.ts';
import { patient } from './people.ts';

const OWNER = 'flow-backup-owner';
const OTHER = 'flow-backup-other';

interface Restored {
  readonly same: boolean;
  readonly secrets: number;
  readonly tables: readonly { readonly table: string; readonly items: number }[];
}

// `npm run backup` as a person runs it, over backups that the deployed functions have made.
describe('backups of the laptop stack', () => {
  const stack = useStack();
  const laptop = inject('laptopFolder');
  const second = stackFolder(join(laptop, 'second'));
  const jobs: string[] = [];
  let operator: string;

  const backup = (...given: string[]) =>
    new Promise<{ code: unknown; out: string; told: string }>((resolve) => {
      const args = ['infra/backup/main.ts', '--laptop', laptop, ...given];
      execFile(process.execPath, args, { env: { PATH: process.env['PATH'] } }, (error, out, told) => {
        resolve({ code: error?.code ?? 0, out, told });
      });
    });
  const order = async (backup_type: string) => {
    const body = { backup_type, storage_config: { type: 's3', path: 'flow' } };
    const answer = await stack.call('POST', '/jobs/backup', { token: operator, body });
    expect(answer.status).toBe(202);
    const { job_id: jobId } = answer.body as { job_id: string };
    return stack.waitForJob(jobId, operator, ['succeeded'], 60);
  };
  const bucket = stack.stack.buckets.backup;
  /** What a chain that begins with the full backup of this file has no use for. */
  let beforeFull: ReadonlySet<string> = new Set();
  const logged = async (prefix = 'changes/'): Promise<string[]> => {
    const asked = { Bucket: bucket, Prefix: prefix };
    const keys: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: stack.clients.s3 }, asked))
      keys.push(...Contents.map(({ Key = '' }) => Key));
    return keys;
  };
  /** Waits until the streams have told of all that has happened. */
  const settled = async (): Promise<void> => {
    let before = -1;
    await expect
      .poll(
        async () => {
          const now = (await logged()).length;
          const same = now === before;
          before = now;
          return same;
        },
        { interval: 4_000, timeout: 60_000 },
      )
      .toBe(true);
  };

  beforeAll(async () => {
    operator = await stack.token('operator', 'flow-backup-operator');
    for (const userId of [OWNER, OTHER]) {
      const who = await patient(stack, userId);
      await who.takes('med-backup');
      const { jobId } = await who.submit('interaction-check', { medications: ['aspirin', 'warfarin'] });
      await stack.waitForJob(jobId, who.token);
      jobs.push(jobId);
      const preferences = { token: who.token, body: { time_zone: 'Europe/Paris' } };
      const { status } = await stack.call('PUT', `/users/${userId}/preferences`, preferences);
      expect(status).toBe(200);
    }
  });
  /** Has the result of a job lie where a large one would: the same sealed bytes, as an object that its item names. */
  const movedOut = async (jobId: string): Promise<void> => {
    const { dynamo, s3 } = stack.clients;
    const TableName = stack.stack.tables.jobs;
    const Key = { pk: { S: `JOB#${jobId}` }, sk: { S: 'RESULT' } };
    const { Item } = await dynamo.send(new GetItemCommand({ TableName, Key }));
    const { body, ...rest } = Item ?? {};
    if (!body?.B) throw new Error('The job has no result.');
    const objectKey = `results/${jobId}/1/1`;
    await s3.send(
      new PutObjectCommand({ Bucket: stack.stack.buckets.results, Key: objectKey, Body: body.B }),
    );
    const moved = { ...rest, objectKey: { S: objectKey } };
    await dynamo.send(new PutItemCommand({ TableName, Item: moved }));
  };

  /** A restore whose process is gone as soon as it has begun to write. */
  const killed = async (there: StackFile, given: readonly string[]): Promise<void> => {
    const { dynamo } = laptopClients(there.awsEndpointUrl);
    const args = ['infra/backup/main.ts', '--laptop', laptop, ...given];
    const child = spawn(process.execPath, args, { env: { PATH: process.env['PATH'] }, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
    const Key = { pk: { S: 'RESTORE#' }, sk: { S: 'BEGUN' } };
    const mark = async () =>
      (await dynamo.send(new GetItemCommand({ TableName: there.tables.jobs, Key }))).Item;
    await expect.poll(mark, { interval: 20, timeout: 30_000 }).toBeDefined();
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
  };

  afterAll(async () => {
    await stack.resetHooks();
    await stopSupervisor(second);
  });

  it('a full one and an increment hold what the streams told', async () => {
    // One is in the full backup, the other in the increment after it.
    await movedOut(jobs[0] ?? '');
    await settled();
    beforeFull = new Set(await logged());
    const full = await order('full');
    expect(full['result']).toMatchObject({ backup_type: 'full', parent: null });
    await movedOut(jobs[1] ?? '');
    // Changed and deleted afterwards.
    const who = await patient(stack, OWNER);
    const put = { name: 'Metformin 500 mg', dose_units: 2 };
    const path = `/users/${OWNER}/medications/med-later`;
    expect((await stack.call('PUT', path, { token: who.token, body: put })).status).toBe(200);
    const marked = { pk: { S: 'FILL#2026-01-01#0' }, sk: { S: 'flow-backup' } };
    const TableName = stack.stack.tables.jobs;
    await stack.clients.dynamo.send(new PutItemCommand({ TableName, Item: { ...marked, v: { N: '1' } } }));
    await stack.clients.dynamo.send(new DeleteItemCommand({ TableName, Key: marked }));
    await settled();
    await stack.clock.advance('PT10M');
    const increment = await order('incremental');
    const { result } = increment as {
      result: { items: number; parent: string; interval: { until: string } };
    };
    expect(result).toMatchObject({ backup_type: 'incremental', parent: full['job_id'] });
    expect(result.items).toBeGreaterThan(3);
    // By which its age is told.
    const latest = createLatestBackup(stack.clients.dynamo, stack.stack.tables.records);
    expect(await latest.until()).toBe(result.interval.until);
  });

  it('are listed and verified, up to a restore into tables that go again', async () => {
    const { code, out } = await backup('list', '--json');
    const listed: { status: string; backup_type: string }[] = JSON.parse(out);
    expect([code, listed[0]?.backup_type]).toEqual([0, 'incremental']);
    for (const level of ['signature', 'files', 'restore']) {
      const verdict = await backup('verify', '--level', level);
      expect([verdict.told, verdict.code]).toEqual(['', 0]);
      expect(verdict.out).toContain('Nothing is wrong with it.');
    }
  });

  it('that are tried out leave no tables behind when somebody interrupts it', async () => {
    const { dynamo } = stack.clients;
    const tried = async () => {
      const { TableNames = [] } = await dynamo.send(new ListTablesCommand({ Limit: 100 }));
      return TableNames.filter((name) => name.startsWith('restore-check-')).length;
    };
    expect(await tried()).toBe(0);
    const args = ['infra/backup/main.ts', '--laptop', laptop, 'verify', '--level', 'restore'];
    const child = spawn(process.execPath, args, { env: { PATH: process.env['PATH'] }, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await expect.poll(tried, { interval: 20, timeout: 30_000 }).toBeGreaterThan(0);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(await tried()).toBe(0);
  });

  it('are restored into new tables, once', async () => {
    const { out, code, told } = await backup('restore', '--to', 'flow-restored', '--json');
    expect([told, code]).toEqual(['', 0]);
    const restored: Restored = JSON.parse(out);
    expect(restored.same).toBe(true);
    expect(restored.tables.map(({ table }) => table)).toEqual(['jobs', 'records']);
    const twice = await backup('restore', '--to', 'flow-restored');
    expect(twice).toMatchObject({
      code: 1,
      told: expect.stringContaining('flow-restored-jobs stands already'),
    });
    // What an earlier run has left may be completed, also when it did not come to the second table.
    await stack.clients.dynamo.send(new DeleteTableCommand({ TableName: 'flow-restored-records' }));
    expect(await backup('restore', '--to', 'flow-never', '--again')).toMatchObject({
      code: 1,
      told: expect.stringContaining('No table of flow-never stands'),
    });
    const again = await backup('restore', '--to', 'flow-restored', '--again', '--latest', '--json');
    expect(JSON.parse(again.out)).toMatchObject({ same: true });
  });

  it('restored into a second stack, the same questions to its API give the same answers', async () => {
    await settled();
    // Not on the emulator of the first one, which the tests' setup names.
    vi.stubEnv('AWS_ENDPOINT_URL', undefined);
    onTestFinished(() => void vi.unstubAllEnvs());
    const wishes = { attached: true, emulatorPort: 0, frontPort: 0 };
    const { stack: other } = await bringUp(second, wishes, () => undefined);
    expect(other.awsEndpointUrl).not.toBe(stack.stack.awsEndpointUrl);
    await moveClock(other, clockOffset(stack.stack.hooksDir));
    await stopRules(other);
    await sleep(5_000);
    const into = ['restore', '--to-laptop', second.root, '--latest', '--json'];
    // Nothing was begun that could be ended: it may be in use.
    expect(await backup(...into, '--again')).toMatchObject({
      code: 1,
      told: expect.stringContaining('No restore was begun there'),
    });
    await killed(other, into);
    expect(await backup(...into)).toMatchObject({
      code: 1,
      told: expect.stringContaining('was begun there and has not ended: end it with --again'),
    });
    const { out, code, told } = await backup(...into, '--again');
    expect([told, code, out]).toEqual(['', 0, expect.any(String)]);
    const restored: Restored = JSON.parse(out);
    expect(restored.same).toBe(true);
    expect(restored.secrets).toBeGreaterThan(1);
    const { privateJwk } = await issuerKeys(second);
    const today = Date.now();
    const at = (days: number) => new Date(today + days * 86_400_000).toISOString();
    for (const [index, userId] of [OWNER, OTHER].entries()) {
      const here = await stack.token('patient', userId);
      const claims = { role: 'patient', subject: userId, clientId: LAPTOP_CLIENT } as const;
      const there = await mintToken({ issuer: other.issuer, privateJwk }, claims, Date.now());
      for (const path of [
        `/users/${userId}/medications`,
        `/users/${userId}/preferences`,
        `/users/${userId}/reminders?from=${at(-1)}&to=${at(7)}`,
        '/jobs',
        `/jobs/${jobs[index]}`,
      ]) {
        const [first, again] = [
          await stack.call('GET', path, { token: here }),
          await callApi(other.apiUrl, 'GET', path, { token: there }),
        ];
        expect([path, again.status, again.body]).toEqual([path, 200, first.body]);
      }
    }
    // Somebody uses it now.
    expect(await backup('restore', '--to-laptop', laptop)).toMatchObject({ code: 1 });
    expect(await backup(...into, '--again')).toMatchObject({
      code: 1,
      told: expect.stringContaining('No restore was begun there'),
    });
  }, 240_000);

  it('are refused when something was taken away or changed', async () => {
    const { out } = await backup('list', '--json');
    const [last]: { prefix: string }[] = JSON.parse(out);
    const Key = (await logged('changes/records/')).find((key) => !beforeFull.has(key));
    await stack.clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'changed' }));
    const changed = await backup('verify');
    expect([changed.code, changed.out]).toEqual([1, expect.stringContaining('differs from its checksum')]);
    const takeAway = (Key: string) => stack.clients.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
    await takeAway((await logged('catalogue/')).at(-1) ?? '');
    const unlisted = await backup('list');
    expect([unlisted.code, unlisted.out]).toEqual([1, expect.stringContaining(`in ${last?.prefix}`)]);
    // What is older is not taken for the newest.
    for (const command of ['verify', 'restore --to flow-older'])
      expect(await backup(...command.split(' '))).toMatchObject({
        code: 1,
        told: expect.stringContaining('does not name the backup'),
      });
    // Nothing in the bucket tells of it now; the tables do.
    await takeAway(`${last?.prefix}/completed`);
    const [id] = [last?.prefix.split('/').at(-1)];
    const gone = await backup('list');
    expect([gone.code, gone.out]).toEqual([1, expect.stringContaining(`MISSING: ${id} had ended well`)]);
    expect(await backup('verify')).toMatchObject({
      code: 1,
      told: expect.stringContaining(`The last backup, ${id}, had ended well and is not there`),
    });
  });
});

/** Before a restore nothing may run by itself: doses would be told twice. */
async function stopRules(stack: StackFile): Promise<void> {
  const { events } = laptopClients(stack.awsEndpointUrl);
  const { Rules = [] } = await events.send(new ListRulesCommand({}));
  for (const { Name } of Rules) await events.send(new DisableRuleCommand({ Name }));
}
