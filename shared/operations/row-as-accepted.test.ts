import { describe, expect, it } from 'vitest';
import {
  callerAs,
  createTestEngine,
  deliverAll,
  requestAt,
  rowOf,
  submitted,
  type TestEngine,
} from '#test/builders/test-engine.ts';
import { DONE, failing, testKind } from '#test/builders/test-kinds.ts';
import { PermanentError, RetryableError } from '../errors/attempt-error.ts';
import { FIXED_MEMBERS, rowDiffers } from '../evidence/job-row-facts.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { retryJob } from './retry-job.ts';
import { tick } from './tick.ts';

// What a row is accepted with is bound by the first entry of its chain, and stays through whatever becomes of the job.

const differs = async (engine: TestEngine, row: JobRow) =>
  rowDiffers(await engine.audit.chain(row.jobId), row);

const part = testKind({ name: 'part', process: failing(new RetryableError('conflict', 'once'), 1) });
const parent = testKind({
  name: 'parent',
  process: async ({ round }) =>
    round === 0 ? { end: 'waiting', children: [{ key: 'part', kind: 'part', payload: {} }] } : DONE,
});
const broken = testKind({ name: 'broken', process: failing(new PermanentError('no_way', 'no'), 1) });

describe('a row as it was accepted', () => {
  it('stays so through waiting, parts, retries by themselves and by people', async () => {
    const engine = createTestEngine([parent, part, broken]);
    const payload = { user_id: 'user-1' };
    const waiting = await submitted(engine, parent, { payload });
    const failed = await submitted(engine, broken, { payload, runAt: addSeconds(engine.time.now(), 60) });
    const later = await submitted(engine, broken, { payload, runAt: addSeconds(engine.time.now(), 7_200) });
    const seen: string[] = [];
    const look = async () => {
      for (const { jobId } of [waiting, failed, later]) {
        const row = await rowOf(engine, jobId);
        for (const one of [
          row,
          ...(await Promise.all((row.children ?? []).map((id) => rowOf(engine, id)))),
        ]) {
          seen.push(`${one.kind} ${one.status}`);
          expect([one.kind, one.status, await differs(engine, one)]).toEqual([one.kind, one.status, false]);
        }
      }
    };
    for (let step = 0; step < 4; step += 1) {
      await look();
      engine.time.advance(600);
      await tick(engine);
      await deliverAll(engine);
    }
    await look();
    await retryJob(engine, callerAs('operator', 'op'), failed.jobId, requestAt(engine));
    await look();
    await deliverAll(engine);
    await look();
    expect(new Set(seen)).toEqual(
      new Set([
        'parent queued',
        'parent waiting',
        'parent succeeded',
        'part retrying',
        'part succeeded',
        'broken queued',
        'broken scheduled',
        'broken failed',
        'broken succeeded',
      ]),
    );
  });

  it.each(FIXED_MEMBERS)('is told from one with another %s, or without', async (member) => {
    const engine = createTestEngine([parent, part]);
    await submitted(engine, parent, {
      payload: { user_id: 'user-1' },
      runAt: addSeconds(engine.time.now(), 60),
    });
    engine.time.advance(60);
    await deliverAll(engine);
    const rows = [...engine.db.rows.values()];
    const row = rows.find((one) => one[member] !== undefined);
    if (!row) throw new Error(`No job has ${member}.`);
    expect(await differs(engine, row)).toBe(false);
    const value = typeof row[member] === 'number' ? 99 : `${row[member]}x`;
    expect(await differs(engine, Object.assign({ ...row }, { [member]: value }))).toBe(true);
    const { [member]: _gone, ...without } = row;
    expect(await differs(engine, without as JobRow)).toBe(true);
  });
});
