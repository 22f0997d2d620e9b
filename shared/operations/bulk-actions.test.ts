import { beforeEach, describe, expect, it } from 'vitest';
import {
  callerAs,
  counted,
  createTestEngine,
  logged,
  NOW,
  requestAt,
  submitted,
  type TestEngine,
  withStore,
} from '#test/builders/test-engine.ts';
import { testKind } from '#test/builders/test-kinds.ts';
import { ROUTE_ACCESS } from '../evidence/access.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { abortBulkAction } from './abort-bulk-action.ts';
import type { JobFilter } from './bulk-ports.ts';
import { getBulkAction } from './get-bulk-action.ts';
import { runBulkActions } from './run-bulk-actions.ts';
import { type BulkRequest, startBulkAction } from './start-bulk-action.ts';

const kind = testKind();
const OPERATOR = callerAs('operator', 'op-1');

let engine: TestEngine;
beforeEach(() => {
  engine = createTestEngine([kind]);
});

/** A job that stands as `over` says. */
async function job(over: Partial<JobRow> = {}): Promise<string> {
  const row = await submitted(engine, kind);
  engine.db.rows.set(row.jobId, { ...row, ...over });
  return row.jobId;
}

const failed = (over: Partial<JobRow> = {}) =>
  job({ status: 'failed', endedAt: addSeconds(NOW, 10), attempt: 4, errorCode: 'dependency_down', ...over });

const ask = (over: Partial<BulkRequest> = {}): BulkRequest => ({
  action: 'retry',
  filter: { kind: kind.name },
  dryRun: false,
  ratePerSecond: 5,
  ...over,
});

async function start(over: Partial<BulkRequest> = {}) {
  engine.time.advance(60);
  const { body, bulkActionId = '' } = await startBulkAction(engine, OPERATOR, ask(over), requestAt(engine));
  return { body, id: bulkActionId };
}

const view = (id: string) => getBulkAction(engine, OPERATOR, id, requestAt(engine));
const statusOf = (jobId: string) => engine.db.rows.get(jobId)?.status;
const round = async () => {
  engine.time.advance(60);
  await runBulkActions(engine);
};
const entriesOf = (action: string) =>
  [...engine.db.audit.values()].filter((entry) => entry.action === action);

describe('a dry run', () => {
  it('counts what the filter names, and changes nothing', async () => {
    const jobs = [await failed(), await failed(), await failed({ errorCode: 'other' }), await job()];
    const { body, id } = await start({ dryRun: true, filter: { errorCode: 'dependency_down' } });
    expect(body).toEqual({
      action: 'retry',
      filter: { error_code: 'dependency_down' },
      dry_run: true,
      matched: { count: 2, more: false },
    });
    expect(id).toBe('');
    await round();
    expect(jobs.map(statusOf)).toEqual(['failed', 'failed', 'failed', 'queued']);
    expect(engine.db.bulkActions.size).toBe(0);
  });

  it('counts of jobs to cancel those that have not ended', async () => {
    await failed();
    await job();
    await job({ status: 'waiting' });
    const { body } = await start({ dryRun: true, action: 'cancel' });
    expect(body).toMatchObject({ matched: { count: 2 } });
  });
});

describe('a bulk retry', () => {
  it('leaves failed what would be more open jobs of a user than they may have, and says how many', async () => {
    engine = { ...engine, settings: { userJobLimit: 1 } };
    const jobs = [
      await failed({ userRef: 'a' }),
      await failed({ userRef: 'a' }),
      await failed({ userRef: 'b' }),
    ];
    const { id } = await start();
    await round();
    expect(jobs.slice(0, 2).map(statusOf).toSorted()).toEqual(['failed', 'queued']);
    expect(await view(id)).toMatchObject({ status: 'completed', progress: { changed: 2, refused: 1 } });
    expect(Object.fromEntries(engine.db.open)).toEqual({ a: 1, b: 1 });
  });

  it('runs again all that had failed by then, and nothing else', async () => {
    const [one, two] = [await failed(), await failed()];
    const others = [
      await failed({ errorCode: 'other' }),
      await failed({ expiresAt: addSeconds(NOW, 30) }),
      await job(),
    ];
    const { body, id } = await start({ filter: { errorCode: 'dependency_down' } });
    expect(body).toMatchObject({ status: 'running', matched: { count: 3 }, progress: { changed: 0 } });
    await round();
    expect([one, two].map(statusOf)).toEqual(['queued', 'queued']);
    expect(others.map(statusOf)).toEqual(['failed', 'failed', 'queued']);
    // The one whose window has passed was refused.
    expect(await view(id)).toMatchObject({ status: 'completed', progress: { changed: 2, refused: 1 } });
    const redriven = entriesOf('job.redriven');
    expect(redriven.map(({ actor }) => actor.ref)).toEqual(Array(2).fill(engine.refs.actor('op-1')));
    expect(redriven.every(({ details }) => details['bulk_action_id'] === id)).toBe(true);
  });

  it('leaves alone what fails again', async () => {
    const jobId = await failed();
    await start({ ratePerSecond: 1 });
    for (let index = 0; index < 70; index += 1) await failed({ endedAt: addSeconds(NOW, 20 + index / 100) });
    engine.time.advance(60);
    await start({});
    await round();
    const row = engine.db.rows.get(jobId);
    if (!row) throw new Error('The job is gone.');
    engine.db.rows.set(jobId, { ...row, status: 'failed', endedAt: engine.time.now() });
    await round();
    await round();
    expect(engine.db.rows.get(jobId)).toMatchObject({ status: 'failed', generation: 2 });
    expect(entriesOf('job.redriven').filter((entry) => entry.jobId === jobId)).toHaveLength(1);
  });

  it('keeps to its rate: a minute’s worth in each round, spread over the minute', async () => {
    for (let index = 0; index < 150; index += 1) await failed();
    const { id } = await start({ ratePerSecond: 1 });
    const sent: number[] = [];
    const { queue } = engine;
    const spying = Object.assign(Object.create(queue), {
      sendMany: (messages: Parameters<typeof queue.sendMany>[0]) => {
        sent.push(...messages.map(({ delaySeconds }) => delaySeconds));
        return queue.sendMany(messages);
      },
    });
    engine.time.advance(60);
    await runBulkActions({ ...engine, queue: spying });
    expect(await view(id)).toMatchObject({ status: 'running', progress: { changed: 60 } });
    expect(sent.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, second) => second));
    await round();
    expect(await view(id)).toMatchObject({ progress: { changed: 120 } });
    await round();
    expect(await view(id)).toMatchObject({ status: 'completed', progress: { changed: 150, refused: 0 } });
  });

  it.each([
    ['the highest rate is reached where five jobs at the same time take 80 ms', 0.016, 1_200],
    ['slower work is gone on with in the next round', 0.032, 650],
  ])('%s', async (_name, secondsOfJob, least) => {
    for (let count = 0; count < 1_300; count += 1) await failed();
    const { id } = await start({ ratePerSecond: 20 });
    const slow = withStore(engine, {
      read: async (jobId) => {
        engine.time.advance(secondsOfJob);
        return engine.store.read(jobId);
      },
    });
    engine.time.advance(60);
    await runBulkActions(slow);
    const { progress } = (await view(id)) as { progress: { changed: number } };
    expect(progress.changed).toBe(least);
    await runBulkActions(engine);
    expect(await view(id)).toMatchObject({ status: 'completed', progress: { changed: 1_300 } });
  });
});

describe('a row that cannot be read', () => {
  const unreadable = () => Object.assign(new Error('spoilt'), { name: 'StoredItemError' });

  it('holds up none of its page, is counted, and named', async () => {
    const jobs: string[] = [];
    for (let index = 0; index < 20; index += 1) jobs.push(await failed());
    const [, , spoilt = ''] = jobs;
    const { id } = await start({ ratePerSecond: 20 });
    const store = withStore(engine, {
      read: async (jobId) => {
        if (jobId === spoilt) throw unreadable();
        return engine.store.read(jobId);
      },
      // Another one of which not even the index can be read.
      listOpen: async (...given) => ({ ...(await engine.store.listOpen(...given)), unreadable: 1 }),
    });
    engine.time.advance(60);
    await runBulkActions(store);
    expect(await view(id)).toMatchObject({
      status: 'completed',
      progress: { changed: 19, refused: 0, unreadable: 2 },
    });
    expect(jobs.map(statusOf).filter((status) => status === 'queued')).toHaveLength(19);
    expect(logged(engine, 'job.unreadable')).toMatchObject([{ level: 'error', fields: { job_id: spoilt } }]);
    expect(counted(engine, 'run_failures')).toEqual([1]);
    expect(entriesOf('bulk_action.completed')).toMatchObject([{ details: { changed: 19, unreadable: 2 } }]);
  });
});

describe('a round that dies', () => {
  it('is gone on with once its lease is over, and nothing is done twice', async () => {
    for (let index = 0; index < 120; index += 1) await failed();
    const { id } = await start({ ratePerSecond: 20 });
    let reads = 0;
    const dying = withStore(engine, {
      read: async (jobId) => {
        reads += 1;
        if (reads > 70) throw new Error('The function died.');
        return engine.store.read(jobId);
      },
    });
    engine.time.advance(60);
    await expect(runBulkActions(dying)).rejects.toThrow('died');
    // What was done of the page that it died on is counted, too.
    expect(await view(id)).toMatchObject({ status: 'running', progress: { changed: 70, refused: 0 } });
    engine.time.advance(1);
    await runBulkActions(engine);
    expect(entriesOf('job.redriven').length).toBeLessThan(120);
    await round();
    expect(await view(id)).toMatchObject({ status: 'completed', progress: { changed: 120, refused: 0 } });
    const jobs = entriesOf('job.redriven').map(({ jobId }) => jobId);
    expect([jobs.length, new Set(jobs).size]).toEqual([120, 120]);
  });

  it('and two rounds at once do each job once', async () => {
    for (let index = 0; index < 40; index += 1) await failed();
    await start();
    engine.time.advance(60);
    await Promise.all([runBulkActions(engine), runBulkActions(engine)]);
    expect(entriesOf('job.redriven')).toHaveLength(40);
  });
});

describe('a bulk cancel', () => {
  const filter: JobFilter = { priority: 'MEDIUM' };

  it('cancels what has not ended and was made before it', async () => {
    const jobs = [await job({ priority: 'MEDIUM' }), await job({ priority: 'MEDIUM', status: 'scheduled' })];
    const low = await job({ priority: 'LOW' });
    const { id } = await start({ action: 'cancel', filter });
    const later = await job({ priority: 'MEDIUM', createdAt: engine.time.now() });
    await round();
    expect(jobs.map(statusOf)).toEqual(['cancelled', 'cancelled']);
    expect([low, later].map(statusOf)).toEqual(['queued', 'queued']);
    expect(await view(id)).toMatchObject({ status: 'completed', progress: { changed: 2, refused: 0 } });
  });

  it('that may reach CRITICAL has to be confirmed', async () => {
    for (const filter of [{ kind: kind.name }, { priority: 'CRITICAL' as const }]) {
      await expect(start({ action: 'cancel', filter })).rejects.toMatchObject({
        code: 'confirmation_required',
      });
      const { id } = await start({ action: 'cancel', filter, confirm: 'CRITICAL' });
      expect(id).not.toBe('');
    }
  });
});

describe('an abort', () => {
  it('ends it between two pages; what is changed stays changed and is counted', async () => {
    for (let index = 0; index < 150; index += 1) await failed();
    const { id } = await start({ ratePerSecond: 20 });
    let reads = 0;
    const slow = withStore(engine, {
      read: async (jobId) => {
        reads += 1;
        if (reads === 60) await abortBulkAction(engine, OPERATOR, id, requestAt(engine));
        return engine.store.read(jobId);
      },
    });
    engine.time.advance(60);
    await runBulkActions(slow);
    await round();
    expect(entriesOf('job.redriven')).toHaveLength(100);
    expect(await view(id)).toMatchObject({ status: 'aborted', progress: { changed: 100 } });
    expect(entriesOf('bulk_action.aborted')).toHaveLength(1);
    expect(await abortBulkAction(engine, OPERATOR, id, requestAt(engine))).toMatchObject({
      status: 'aborted',
    });
  });

  it('comes too late for what is completed, and finds nothing of another id', async () => {
    const { id } = await start();
    await round();
    const abort = (one: string) => abortBulkAction(engine, OPERATOR, one, requestAt(engine));
    await expect(abort(id)).rejects.toMatchObject({ code: 'state_conflict' });
    await expect(abort('01JZZZZZZZZZZZZZZZZZZZZZZZ')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('the same request once more', () => {
  it('finds the first by its Idempotency-Key', async () => {
    const first = await start({ idempotencyKey: 'k' });
    const again = await start({ idempotencyKey: 'k' });
    expect(again.id).toBe(first.id);
    expect(entriesOf('bulk_action.started')).toHaveLength(1);
    await expect(start({ idempotencyKey: 'k', ratePerSecond: 1 })).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
    expect((await start()).id).not.toBe(first.id);
  });
});

describe('who may', () => {
  it('only those who may retry and cancel every single job', () => {
    for (const role of ROUTE_ACCESS.startBulkAction.ofNobody)
      for (const rule of [ROUTE_ACCESS.retryJob, ROUTE_ACCESS.cancelJob]) {
        expect(rule.ofPatient[role]).toBe('any');
        expect(rule.ofNobody).toContain(role);
      }
  });

  it.each([
    ['retry', 'queued'],
    ['retry', 'succeeded'],
    ['cancel', 'failed'],
  ] as const)('and nobody to %s what is %s', async (action, status) => {
    await expect(start({ action, filter: { status } })).rejects.toMatchObject({
      code: 'invalid_input',
      problems: [{ pointer: '/filter/status' }],
    });
  });
});
