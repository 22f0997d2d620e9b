import { describe, expect, it } from 'vitest';
import {
  callerAs,
  createTestEngine,
  deliverAll,
  deliverNext,
  logged,
  NOW,
  requestAt,
  rowOf,
  submitted,
  type TestEngine,
} from '#test/builders/test-engine.ts';
import { DONE, testKind } from '#test/builders/test-kinds.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import type { Priority } from '../lifecycle/priority.ts';
import { pausePriority } from './pause-priority.ts';
import { reconcile } from './reconcile.ts';
import { resumePriority } from './resume-priority.ts';

const OPERATOR = callerAs('operator', 'op-1');
const pause = (engine: TestEngine, priority: Priority) =>
  pausePriority(engine, OPERATOR, { priority, confirm: priority }, requestAt(engine));
const resume = (engine: TestEngine, priority: Priority) =>
  resumePriority(engine, OPERATOR, priority, requestAt(engine));

const at = (engine: TestEngine, seconds: number) => {
  engine.time.set(addSeconds(NOW, seconds));
  return reconcile(engine);
};

/** Jobs whose first message was lost, one each. */
async function lost(engine: TestEngine, ...kinds: readonly ReturnType<typeof testKind>[]) {
  engine.queue.mood = 'refuses';
  for (const kind of kinds) await submitted(engine, kind);
  engine.queue.mood = 'takes';
}

describe('the reconciler and a paused priority', () => {
  const low = testKind({ name: 'low', priority: 'LOW' });

  it('sends nothing of it again, does so for the others, and measures all of them', async () => {
    const engine = createTestEngine([testKind(), low]);
    await lost(engine, testKind(), low);
    await pause(engine, 'MEDIUM');
    expect(await at(engine, 7200)).toBe(1);
    expect(engine.queue.sent).toMatchObject([{ message: { kind: 'low' } }]);
    const overdue = engine.metrics.all.filter(({ name }) => name === 'oldest_overdue');
    expect(overdue.map(({ priority, value }) => [priority, value])).toEqual([
      ['CRITICAL', 0],
      ['HIGH', 0],
      ['MEDIUM', 7200],
      ['LOW', 7200],
    ]);
  });

  it('goes on where the messages are lost, as soon as it is resumed', async () => {
    const engine = createTestEngine([testKind()]);
    await lost(engine, testKind());
    await pause(engine, 'MEDIUM');
    await at(engine, 7200);
    await resume(engine, 'MEDIUM');
    expect(await reconcile(engine)).toBe(1);
  });

  it('does not send again what waits in the queue since before the pause, for 15 minutes after it', async () => {
    const engine = createTestEngine([testKind()]);
    await submitted(engine, testKind());
    await pause(engine, 'MEDIUM');
    expect(await at(engine, 7200)).toBe(0);
    await resume(engine, 'MEDIUM');
    expect(await reconcile(engine)).toBe(0);
    expect(await at(engine, 7200 + 899)).toBe(0);
    expect(await at(engine, 7200 + 900)).toBe(1);
  });

  it('lets parents go on whose children have ended', async () => {
    const parent = testKind({
      name: 'parent',
      process: async ({ round }) =>
        round === 0 ? { end: 'waiting', children: [{ key: 'k', kind: 'work', payload: {} }] } : DONE,
    });
    const engine = createTestEngine([parent, testKind()]);
    const row = await submitted(engine, parent);
    await deliverNext(engine);
    const waiting = await rowOf(engine, row.jobId);
    await deliverAll(engine);
    engine.db.putRow(waiting);
    await pause(engine, 'MEDIUM');
    expect(await at(engine, 3600)).toBe(1);
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'queued', openChildren: 0 });
  });

  it('treats none as paused when it cannot find out, and says so afterwards', async () => {
    const engine = createTestEngine([testKind()]);
    await lost(engine, testKind());
    await pause(engine, 'MEDIUM');
    engine.time.advance(120);
    const blind = {
      ...engine,
      pauses: { ...engine.pauses, read: async () => Promise.reject(new Error('throttled')) },
    };
    await expect(reconcile(blind)).rejects.toThrow('throttled');
    expect(engine.queue.sent).toHaveLength(1);
  });
});

describe('the reconciler and the workers of a priority', () => {
  it('are not looked at while nothing is paused', async () => {
    const engine = createTestEngine([]);
    await reconcile(engine);
    expect(engine.intake.calls).toEqual([]);
  });

  it('closes the intake that stayed open, or was opened by a deployment, and leaves a closed one alone', async () => {
    const engine = createTestEngine([]);
    engine.intake.mood = 'throws';
    await pause(engine, 'HIGH');
    engine.intake.mood = 'turns';
    await reconcile(engine);
    expect([...engine.intake.closed]).toEqual(['HIGH']);
    expect(logged(engine, 'reconciler.intake_turned')).toMatchObject([
      { level: 'warn', fields: { priority: 'HIGH', status: 'paused' } },
    ]);
    engine.intake.calls.length = 0;
    await reconcile(engine);
    expect(engine.intake.calls).toEqual(['state HIGH']);
  });

  it('opens the intake that stayed closed after a resumption', async () => {
    const engine = createTestEngine([]);
    await pause(engine, 'HIGH');
    engine.intake.mood = 'changing';
    await resume(engine, 'HIGH');
    await reconcile(engine);
    expect((await engine.pauses.read()).HIGH.phase).toBe('resuming');
    engine.intake.mood = 'turns';
    await reconcile(engine);
    expect(engine.intake.closed.size).toBe(0);
    await reconcile(engine);
    expect((await engine.pauses.read()).HIGH.phase).toBe('running');
  });

  it('repairs the jobs of all priorities although Lambda does not answer for one', async () => {
    const engine = createTestEngine([testKind()]);
    await lost(engine, testKind());
    await pause(engine, 'CRITICAL');
    engine.intake.mood = 'throws';
    await expect(at(engine, 120)).rejects.toThrow('Lambda');
    expect(engine.queue.sent).toHaveLength(1);
  });
});
