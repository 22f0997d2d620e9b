import { describe, expect, it } from 'vitest';
import { createTestEngine, NOW } from '#test/builders/test-engine.ts';
import { occurrenceWrite, scheduleWrite } from '#test/contracts/record-samples.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import { dosesDue } from './doses-due.ts';

const DAY = 86_400;

describe('the doses of the next 24 hours', () => {
  const schedule = (
    engine: ReturnType<typeof createTestEngine>,
    owner: string,
    seconds: number,
    revision = 1,
  ) =>
    engine.schedules.commit(
      [scheduleWrite(owner, 'med', { nextDueAt: addSeconds(NOW, seconds), revision, status: 'active' })],
      [],
    );
  /** A dose that was told that long after this hour of yesterday. */
  const told = (engine: ReturnType<typeof createTestEngine>, owner: string, seconds: number) => {
    const write = occurrenceWrite(owner, `${owner}-${seconds}`);
    const state = { ...write.state, status: 'published' as const, dueAt: addSeconds(NOW, seconds - DAY) };
    return engine.schedules.commit([{ ...write, state }], []);
  };
  const counts = ({ by_hour: hours }: Awaited<ReturnType<typeof dosesDue>>) =>
    Object.fromEntries(hours.flatMap(({ count }, hour) => (count === 0 ? [] : [[hour, count]])));

  it('are, of the next one, those of its minutes, each schedule once', async () => {
    const engine = createTestEngine([], { dueShards: 3 });
    await schedule(engine, 'a', 0);
    await schedule(engine, 'b', 3_500);
    await schedule(engine, 'late', -1);
    // It was changed: what stood before is still in its bucket.
    await schedule(engine, 'moved', 60);
    await schedule(engine, 'moved', 120, 2);
    const due = await dosesDue(engine, NOW);
    expect(due).toMatchObject({ from: NOW, to: '2026-11-24T20:55:00.000Z', count: 3 });
    expect(due.by_hour).toHaveLength(24);
    expect(due.by_hour.slice(0, 2)).toEqual([
      { from: NOW, count: 3, estimated: false },
      { from: '2026-11-23T21:55:00.000Z', count: 0, estimated: true },
    ]);
  });

  it('are, of the others, as many as in the same hours of yesterday, when each dose stood', async () => {
    const engine = createTestEngine([], { dueShards: 1 });
    await schedule(engine, 'a', 5 * 3_600);
    // Twice a day: only the next dose stands ahead, both were told yesterday.
    for (const owner of ['a', 'b']) for (const hour of [5, 17]) await told(engine, owner, hour * 3_600);
    // Neither what was due in the hour of yesterday of which the doses stand, nor the day before.
    await told(engine, 'c', 120);
    await told(engine, 'c', 5 * 3_600 - DAY);
    const due = await dosesDue(engine, NOW);
    expect(due).toMatchObject({ count: 4, more: false, estimated_by: 'yesterday' });
    expect(counts(due)).toEqual({ 5: 2, 17: 2 });
  });

  it('are at least so many where more stand in the next hour than were due in it yesterday', async () => {
    const engine = createTestEngine([], { dueShards: 1 });
    const owners = ['a', 'b', 'c', 'd'];
    for (const owner of owners) {
      await told(engine, owner, 120);
      await told(engine, owner, 7_200);
      await schedule(engine, owner, 120);
    }
    await schedule(engine, 'e', 120);
    expect(await dosesDue(engine, NOW)).toMatchObject({ count: 9, more: false });
    await schedule(engine, 'f', 120);
    expect(await dosesDue(engine, NOW)).toMatchObject({ count: 10, more: true, estimated_by: 'yesterday' });
  });

  it('are not known beyond the next hour where no dose was due yesterday, and that is said', async () => {
    const engine = createTestEngine([], { dueShards: 1 });
    await schedule(engine, 'a', 60);
    await schedule(engine, 'b', 5 * 3_600);
    const due = await dosesDue(engine, NOW);
    expect(due).toMatchObject({ count: 1, more: true, estimated_by: 'nothing' });
    expect(counts(due)).toEqual({ 0: 1 });
  });

  it('are, of the next hour, found by 16 shards at most', async () => {
    const engine = createTestEngine([], { dueShards: 64 });
    const owners = Array.from({ length: 2_000 }, (_, index) => `owner-${index}`);
    for (const owner of owners) await schedule(engine, owner, 600);
    const read = new Set<string>();
    const dueBuckets = {
      ...engine.dueBuckets,
      read: (shard: number, minute: string) => {
        read.add(`${shard} ${minute}`);
        return engine.dueBuckets.read(shard, minute);
      },
    };
    const [next] = (await dosesDue({ ...engine, dueBuckets }, NOW)).by_hour;
    expect(read.size).toBe(16 * 60);
    expect(next).toMatchObject({ estimated: true });
    // Three standard deviations of a sample of a quarter.
    expect(Math.abs((next?.count ?? 0) - owners.length)).toBeLessThan(3 * Math.sqrt(owners.length * 3));
  });
});
