import { describe, expect, test } from 'vitest';
import { FenceLostError, RetryableError } from '#shared/errors/attempt-error.ts';
import type { RecordWriteOf, World } from '#shared/jobs/ports.ts';
import type { Instant } from '#shared/lifecycle/instant.ts';
import type { NewJob } from '#shared/operations/ports.ts';
import { sampleJob, unique } from './sample-jobs.ts';

export interface WorldUnderTest {
  readonly world: World;
  /** Lets time pass to that moment. */
  readonly setTime: (to: Instant) => void;
  /** Lets another attempt take the job over. */
  readonly loseJob: () => Promise<void>;
  /** Lets another job stand as its row says. */
  readonly makeJob: (job: NewJob) => Promise<unknown>;
}

/** What the World of every attempt promises beyond what its ports do. */
export function worldContract(name: string, make: () => Promise<WorldUnderTest>): void {
  const write = (
    owner: string,
    id: string,
    expectation: RecordWriteOf<'backup'>['expect'],
  ): RecordWriteOf<'backup'> => ({
    type: 'backup',
    owner,
    id,
    expect: expectation,
    state: { status: 'completed' },
    body: { files: 3 },
  });
  const key = (owner: string, id: string) => ({ type: 'backup', owner, id }) as const;

  describe(`${name}: the world of an attempt`, () => {
    test('tells the time of each moment', async () => {
      const { world, setTime } = await make();
      setTime('2031-05-06T09:00:00.000Z');
      expect(world.now()).toBe('2031-05-06T09:00:00.000Z');
      setTime('2031-05-06T09:00:00.001Z');
      expect(world.now()).toBe('2031-05-06T09:00:00.001Z');
    });

    test('shows an intent as soon as it is recorded', async () => {
      const { world } = await make();
      const owner = unique('owner');
      await world.recordIntent([write(owner, 'a', 'absent'), write(owner, 'b', 'any')]);
      const read = await world.records.readMany([key(owner, 'a'), key(owner, 'b')]);
      expect(read).toMatchObject([
        { id: 'a', version: 1, state: { status: 'completed' }, body: { files: 3 } },
        { id: 'b', version: 1 },
      ]);
      await world.recordIntent([write(owner, 'a', 1)]);
      expect(await world.records.readMany([key(owner, 'a')])).toMatchObject([{ version: 2 }]);
    });

    test('writes nothing of an intent when a record has moved, and asks for another attempt', async () => {
      const { world } = await make();
      const owner = unique('owner');
      await world.recordIntent([write(owner, 'a', 'absent')]);
      for (const stale of [write(owner, 'a', 'absent'), write(owner, 'a', 7)]) {
        const late = world.recordIntent([write(owner, 'b', 'any'), stale]);
        await expect(late).rejects.toBeInstanceOf(RetryableError);
        await expect(late).rejects.toMatchObject({ reason: 'conflict' });
      }
      const read = await world.records.readMany([key(owner, 'a'), key(owner, 'b')]);
      expect(read).toMatchObject([{ version: 1 }, undefined]);
    });

    test('writes an intent only while the records that it was decided on stand as they were read', async () => {
      const { world } = await make();
      const owner = unique('owner');
      await world.recordIntent([write(owner, 'read', 'absent')]);
      const version = (id: string, is: number | 'absent') => ({ ...key(owner, id), version: is });
      await world.recordIntentWhile(
        [write(owner, 'a', 'absent')],
        [version('read', 1), version('none', 'absent')],
      );
      for (const moved of [version('read', 2), version('read', 'absent'), version('none', 1)]) {
        const late = world.recordIntentWhile([write(owner, 'a', 1)], [moved]);
        await expect(late).rejects.toMatchObject({ name: 'RetryableError', reason: 'conflict' });
      }
      const read = await world.records.readMany([key(owner, 'a'), key(owner, 'read'), key(owner, 'none')]);
      expect(read).toMatchObject([{ version: 1 }, { version: 1 }, undefined]);
    });

    test('tells whether another job may still do something', async () => {
      const { world, makeJob } = await make();
      const [open, ended] = [sampleJob(), sampleJob({ status: 'failed' })];
      for (const job of [open, ended]) await makeJob(job);
      const asked = [open.row.jobId, ended.row.jobId, sampleJob().row.jobId];
      expect(await Promise.all(asked.map((jobId) => world.stillActs(jobId)))).toEqual([true, false, false]);
    });

    test('writes nothing once another attempt holds the job', async () => {
      const { world, loseJob } = await make();
      const owner = unique('owner');
      await loseJob();
      const late = world.recordIntent([write(owner, 'a', 'any')]);
      await expect(late).rejects.toBeInstanceOf(FenceLostError);
      expect(await world.records.readMany([key(owner, 'a')])).toEqual([undefined]);
    });
  });
}
