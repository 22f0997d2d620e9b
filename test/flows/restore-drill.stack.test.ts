import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, describe, expect, it } from 'vitest';
import { useStack } from '#infra/local/testing/use-stack.ts';
import { createArchiveReader } from '#shared/adapters/archive-objects.ts';
import { createLatestBackup } from '#shared/adapters/latest-backup.ts';
import { lastDrills } from '#shared/jobs/archive/drill-report.ts';
import { patient } from './people.ts';

const OWNER = 'flow-drill-owner';
const SECONDS = 120;

// A whole drill by the deployed functions: the schedule makes a job, the worker asks, and the function of drills restores.
describe('a restore drill of the laptop stack', () => {
  const stack = useStack();
  afterAll(() => stack.resetHooks());

  let increment = '';
  const operator = () => stack.token('operator', 'flow-drill-operator');
  const drillTables = Object.entries(stack.stack.resources)
    .filter(([id]) => /^DrillDrill\w+Table/.test(id))
    .map(([, name]) => name);
  const standing = async (): Promise<number[]> =>
    Promise.all(
      drillTables.map(async (TableName) => {
        const { Count = 0 } = await stack.clients.dynamo.send(
          new ScanCommand({ TableName, Select: 'COUNT' }),
        );
        return Count;
      }),
    );

  /** Fires the schedule, and follows the jobs of the drill, each made by the one before, to the last. */
  async function drill(time: string) {
    const token = await operator();
    await stack.invoke('recurring', { run: 'monthly-restore-drill', time });
    const month = `recurring#monthly-restore-drill#${time.slice(0, 7)}`;
    const [first] = (await stack.items('jobs')).filter(
      ({ sk, correlationId, parentId }) => sk === 'ROW' && correlationId === month && parentId === undefined,
    );
    let jobId = first && String(first['jobId']);
    for (let steps = 1; jobId !== undefined; steps += 1) {
      const job = await stack.waitForJob(jobId, token, ['succeeded'], SECONDS);
      const children = job['child_job_ids'] as readonly string[] | undefined; // its documented shape
      if (!children?.length) return { steps, result: job['result'] };
      jobId = children[0];
    }
    throw new Error('The schedule made no job.');
  }

  it('restores the newest chain and the rest of the change log, compares, and empties its tables', async () => {
    const token = await operator();
    const who = await patient(stack, OWNER);
    await who.takes('med-drilled');
    const order = async (backup_type: string) => {
      const body = { backup_type, storage_config: { type: 's3', path: 'drill' } };
      const answer = await stack.call('POST', '/jobs/backup', { token, body });
      const { job_id: jobId } = answer.body as { job_id: string };
      return stack.waitForJob(jobId, token, ['succeeded'], SECONDS);
    };
    await order('full');
    await who.takes('med-later');
    await stack.clock.advance('PT10M');
    increment = String((await order('incremental'))['job_id']);
    await who.takes('med-after');
    await stack.clock.advance('PT10M');
    expect(await standing()).toEqual([0, 0]);

    const { steps, result } = await drill('2026-11-01T06:10:00Z');
    expect(steps).toBeGreaterThan(1);
    expect(result).toMatchObject({ passed: true, backup_id: increment, faults: [] });
    const { tables, ...measured } = result as {
      tables: { table: string; replayed: number; expected: string; found: string }[];
      restore_rto_seconds: number;
      restore_rpo_seconds: number;
    };
    expect(tables.map(({ table }) => table)).toEqual(['jobs', 'records']);
    for (const { replayed, expected, found } of tables) {
      expect(replayed).toBeGreaterThan(5);
      expect(found).toBe(expected);
    }
    expect(measured.restore_rto_seconds).toBeLessThan(SECONDS);
    // What changed after the increment was restored as well, ten minutes old by the clock of the functions.
    expect(measured.restore_rpo_seconds).toBeLessThan(15 * 60);
    expect(await standing()).toEqual([0, 0]);
    const latest = createLatestBackup(stack.clients.dynamo, stack.stack.tables.records);
    expect(await latest.drilled()).toBeDefined();
  }, 240_000);

  it('fails, and says why, when the newest backup was damaged', async () => {
    const latest = createLatestBackup(stack.clients.dynamo, stack.stack.tables.records);
    const before = await latest.drilled();
    const Bucket = stack.stack.buckets.backup;
    const { Contents = [] } = await stack.clients.s3.send(
      new ListObjectsV2Command({ Bucket, Prefix: 'backups/drill/' }),
    );
    const Key = Contents.map(({ Key: key = '' }) => key).find((key) => key.includes('/records/data/'));
    await stack.clients.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'changed' }));
    const { result } = await drill('2026-12-01T06:10:00Z');
    expect(result).toMatchObject({
      backup_id: increment,
      passed: false,
      faults: [expect.stringContaining('differs from its checksum')],
      restore_rto_seconds: null,
    });
    expect(await standing()).toEqual([0, 0]);
    expect(await latest.drilled()).toBe(before);
    // What both have shown stays, the newest first.
    const { drills } = await lastDrills(createArchiveReader(stack.clients.s3, Bucket), 2);
    const [failed, passed] = drills;
    expect([failed?.month, failed?.passed, failed?.restore_rto_seconds]).toEqual(['2026-12', false, null]);
    expect([passed?.month, passed?.passed, passed?.backup_id]).toEqual(['2026-11', true, increment]);
    expect(passed?.restore_rto_seconds).toEqual(expect.any(Number));
  }, 240_000);
});
