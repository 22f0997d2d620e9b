import { describe, expect, it } from 'vitest';
import {
  callerAs,
  createTestEngine,
  deliverAll,
  logged,
  NOW,
  requestAt,
  rowOf,
  submitted,
  type TestEngine,
  TOKEN_ID,
} from '#test/builders/test-engine.ts';
import { testKind } from '#test/builders/test-kinds.ts';
import { verifyChain } from '../evidence/audit-chain.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import type { Priority } from '../lifecycle/priority.ts';
import { listPriorities } from './list-priorities.ts';
import { pausePriority } from './pause-priority.ts';
import { reconcile } from './reconcile.ts';
import { resumePriority } from './resume-priority.ts';

const OPERATOR = callerAs('operator', 'op-1');

const pause = (engine: TestEngine, priority: Priority, confirm?: string, caller = OPERATOR) =>
  pausePriority(engine, caller, { priority, ...(confirm !== undefined && { confirm }) }, requestAt(engine));
const resume = (engine: TestEngine, priority: Priority, caller = OPERATOR) =>
  resumePriority(engine, caller, priority, requestAt(engine));

const entries = (engine: TestEngine) =>
  [...engine.db.audit.values()].filter(({ action }) => action.startsWith('priority.'));

const phase = async (engine: TestEngine, priority: Priority) => (await engine.pauses.read())[priority].phase;

describe('pausing a priority', () => {
  it('closes the intake of its workers, and says since when and by whom', async () => {
    const engine = createTestEngine([]);
    const by = engine.refs.actor('op-1');
    expect(await pause(engine, 'MEDIUM')).toEqual({
      priority: 'MEDIUM',
      status: 'paused',
      since: NOW,
      by,
      workers_told: true,
    });
    expect([...engine.intake.closed]).toEqual(['MEDIUM']);
    expect(entries(engine)).toMatchObject([
      {
        action: 'priority.paused',
        outcome: 'success',
        at: NOW,
        actor: { ref: by, role: 'operator', tokenId: TOKEN_ID },
        correlationId: 'request-1',
        details: { priority: 'MEDIUM', from: 'running', to: 'paused' },
      },
    ]);
  });

  it('stands although the workers are not reached; a repetition tells them and is no second decision', async () => {
    const engine = createTestEngine([]);
    engine.intake.mood = 'throws';
    expect(await pause(engine, 'LOW')).toMatchObject({ status: 'paused', workers_told: false });
    expect(logged(engine, 'priority.intake_not_turned')).toMatchObject([{ fields: { priority: 'LOW' } }]);
    engine.intake.mood = 'turns';
    engine.time.advance(60);
    expect(await pause(engine, 'LOW', undefined, callerAs('admin', 'other'))).toEqual({
      priority: 'LOW',
      status: 'paused',
      since: NOW,
      by: engine.refs.actor('op-1'),
      workers_told: true,
    });
    expect([...engine.intake.closed]).toEqual(['LOW']);
    expect(entries(engine)).toHaveLength(1);
  });

  it('does nothing to the workers when the decision could not be written', async () => {
    const engine = createTestEngine([]);
    const shaky = {
      ...engine,
      pauses: { ...engine.pauses, change: async () => Promise.reject(new Error('throttled')) },
    };
    await expect(pause(shaky, 'HIGH')).rejects.toThrow('throttled');
    expect(engine.intake.calls).toEqual([]);
  });

  it('reads again when another one decides at the same moment, and gives up when that goes on', async () => {
    const engine = createTestEngine([]);
    let races = 0;
    const busy = (times: number) => ({
      ...engine,
      pauses: {
        ...engine.pauses,
        change: async (...of: Parameters<typeof engine.pauses.change>) => {
          races += 1;
          return races > times && engine.pauses.change(...of);
        },
      },
    });
    await expect(pause(busy(99), 'HIGH')).rejects.toMatchObject({ code: 'state_conflict' });
    races = 0;
    expect(await pause(busy(1), 'HIGH')).toMatchObject({ status: 'paused' });
  });

  it.each(['patient', 'clinician', 'pharmacist', 'auditor', 'analyst', 'service'] as const)(
    'is not for %s, nor is resuming or looking',
    async (role) => {
      const engine = createTestEngine([]);
      const caller = callerAs(role);
      const forbidden = { code: 'forbidden' };
      await expect(pause(engine, 'CRITICAL', 'CRITICAL', caller)).rejects.toMatchObject(forbidden);
      await expect(resume(engine, 'CRITICAL', caller)).rejects.toMatchObject(forbidden);
      await expect(listPriorities(engine, caller, requestAt(engine))).rejects.toMatchObject(forbidden);
      expect([entries(engine), engine.intake.calls]).toEqual([[], []]);
    },
  );
});

describe('pausing CRITICAL', () => {
  const delivery = testKind({ name: 'reminder-delivery', priority: 'CRITICAL' });

  it('needs a confirmation that knows what it does to patients', async () => {
    const engine = createTestEngine([]);
    const refused = pause(engine, 'CRITICAL');
    await expect(refused).rejects.toMatchObject({ code: 'confirmation_required' });
    await expect(refused).rejects.toThrow(/no patient is told of a dose.*not_sent/);
    await expect(pause(engine, 'CRITICAL', 'yes')).rejects.toMatchObject({ code: 'confirmation_required' });
    expect([await phase(engine, 'CRITICAL'), entries(engine), engine.intake.calls]).toEqual([
      'running',
      [],
      [],
    ]);
  });

  it('does not take the confirmation of another priority for any', async () => {
    const engine = createTestEngine([]);
    await expect(pause(engine, 'LOW', 'CRITICAL')).rejects.toMatchObject({ code: 'confirmation_required' });
    expect(await pause(engine, 'LOW', 'LOW')).toMatchObject({ status: 'paused' });
  });

  it('tells how many deliveries may expire, and the audit entry says that this was known', async () => {
    const other = testKind({ name: 'other', priority: 'CRITICAL' });
    const engine = createTestEngine([delivery, other]);
    await submitted(engine, delivery);
    await submitted(engine, delivery, { runAt: addSeconds(NOW, 86_400) });
    await submitted(engine, other);
    const done = await submitted(engine, delivery);
    engine.db.putRow({ ...done, status: 'succeeded', endedAt: NOW });
    expect(await pause(engine, 'CRITICAL', 'CRITICAL')).toMatchObject({
      status: 'paused',
      deliveries_that_may_expire: { count: 2, more: false },
    });
    expect(entries(engine)[0]?.details).toMatchObject({ confirmed: true, deliveries: 2, more: false });
  });
});

describe('resuming a priority', () => {
  it('opens the intake again; once that is seen it runs as before', async () => {
    const engine = createTestEngine([]);
    await pause(engine, 'HIGH');
    engine.time.advance(600);
    const since = addSeconds(NOW, 600);
    expect(await resume(engine, 'HIGH')).toMatchObject({ status: 'resuming', since, workers_told: true });
    expect(engine.intake.closed.size).toBe(0);
    await reconcile(engine);
    expect(await phase(engine, 'HIGH')).toBe('running');
    expect(entries(engine).map(({ action, details }) => [action, details['to']])).toEqual([
      ['priority.paused', 'paused'],
      ['priority.resumed', 'resuming'],
    ]);
    engine.intake.calls.length = 0;
    expect(await resume(engine, 'HIGH')).toMatchObject({ status: 'running', since, workers_told: true });
    await reconcile(engine);
    expect(engine.intake.calls).toEqual([]);
  });

  it('is completed by a repetition, too', async () => {
    const engine = createTestEngine([]);
    await pause(engine, 'HIGH');
    engine.intake.mood = 'changing';
    expect(await resume(engine, 'HIGH')).toMatchObject({ status: 'resuming', workers_told: false });
    engine.intake.mood = 'turns';
    expect(await resume(engine, 'HIGH')).toMatchObject({ status: 'resuming', workers_told: true });
    expect(engine.intake.closed.size).toBe(0);
    expect(entries(engine)).toHaveLength(2);
  });

  it('runs what waited, and lets expire what is no longer wanted', async () => {
    const kind = testKind();
    const engine = createTestEngine([kind]);
    await pause(engine, 'MEDIUM');
    // Submissions are accepted as ever; nobody takes them while the intake is closed.
    const wanted = await submitted(engine, kind);
    const window = await submitted(engine, kind, { runAt: addSeconds(NOW, 60) });
    expect([wanted.status, window.status]).toEqual(['queued', 'queued']);
    expect(window.expiresAt).toBe(addSeconds(NOW, 60 + 86_400));
    engine.time.advance(86_400 + 120);
    await resume(engine, 'MEDIUM');
    await deliverAll(engine);
    expect(await rowOf(engine, wanted.jobId)).toMatchObject({ status: 'succeeded' });
    const expired = await rowOf(engine, window.jobId);
    expect(expired).toMatchObject({ status: 'expired', attempt: 0 });
    expect(verifyChain(await engine.audit.chain(window.jobId), expired)).toBeUndefined();
  });
});

describe('looking at the priorities', () => {
  it('shows each with its state and its open jobs', async () => {
    const kind = testKind();
    const engine = createTestEngine([kind]);
    await submitted(engine, kind);
    await submitted(engine, kind);
    await pause(engine, 'MEDIUM');
    const none = { count: 0, more: false };
    expect(await listPriorities(engine, OPERATOR, requestAt(engine))).toEqual({
      priorities: [
        {
          priority: 'CRITICAL',
          status: 'running',
          open_jobs: none,
          deliveries_that_may_expire: none,
          doses_due: {
            from: NOW,
            to: '2026-11-24T20:55:00.000Z',
            count: 0,
            more: true,
            estimated_by: 'nothing',
            by_hour: expect.any(Array),
          },
        },
        { priority: 'HIGH', status: 'running', open_jobs: none },
        {
          priority: 'MEDIUM',
          status: 'paused',
          since: NOW,
          by: engine.refs.actor('op-1'),
          open_jobs: { count: 2, more: false },
        },
        { priority: 'LOW', status: 'running', open_jobs: none },
      ],
    });
  });
});
