import { describe, expect, it } from 'vitest';
import { createTestEngine, NOW } from '#test/builders/test-engine.ts';
import { scheduleWrite } from '#test/contracts/record-samples.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import { dosesDue } from './doses-due.ts';

describe('the doses of the next hour', () => {
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

  it('are those of its minutes, each schedule once', async () => {
    const engine = createTestEngine([], { dueShards: 3 });
    await schedule(engine, 'a', 0);
    await schedule(engine, 'b', 3_500);
    await schedule(engine, 'late', -1);
    await schedule(engine, 'later', 3_700);
    // It was changed: what stood before is still in its bucket.
    await schedule(engine, 'moved', 60);
    await schedule(engine, 'moved', 120, 2);
    expect(await dosesDue(engine, NOW)).toEqual({
      from: NOW,
      to: '2026-11-23T21:55:00.000Z',
      count: 3,
      more: false,
    });
  });

  it('are those of fewer minutes where there are many shards, and the answer says so', async () => {
    const engine = createTestEngine([], { dueShards: 96 });
    await schedule(engine, 'a', 60);
    await schedule(engine, 'b', 1_200);
    expect(await dosesDue(engine, NOW)).toMatchObject({ to: '2026-11-23T21:05:00.000Z', count: 1 });
  });
});
