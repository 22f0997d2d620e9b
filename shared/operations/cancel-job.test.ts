import { describe, expect, it } from 'vitest';
import {
  callerAs,
  createTestEngine,
  deliverAll,
  NOW,
  requestAt,
  rowOf,
  submitted,
  TOKEN_ID,
  withStore,
} from '#test/builders/test-engine.ts';
import { testKind } from '#test/builders/test-kinds.ts';
import { verifyChain } from '../evidence/audit-chain.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import { STATUSES } from '../lifecycle/transitions.ts';
import { cancelJob } from './cancel-job.ts';

const kind = testKind();
const patient = callerAs('patient', 'user-1');

async function setUp(over = {}) {
  const engine = createTestEngine([kind]);
  const row = await submitted(engine, kind, { payload: { user_id: 'user-1' } });
  engine.db.putRow({ ...row, ...over });
  return { engine, row: { ...row, ...over } };
}

const CANCELLABLE = ['scheduled', 'queued', 'running', 'retrying', 'waiting'] as const;

describe('cancelling a job', () => {
  it.each(CANCELLABLE)('that is %s ends it, with outcome and audit entry', async (status) => {
    const { engine, row } = await setUp({ status });
    engine.time.advance(5);
    const view = await cancelJob(engine, patient, row.jobId, requestAt(engine));
    const endedAt = addSeconds(NOW, 5);
    expect(view).toMatchObject({ job_id: row.jobId, status: 'cancelled', ended_at: endedAt });
    const after = await rowOf(engine, row.jobId);
    expect(after).toMatchObject({ status: 'cancelled', endedAt });
    expect(after).not.toHaveProperty('checkAt');
    expect([...engine.db.outcomes.values()]).toMatchObject([{ status: 'cancelled', endedAt }]);
    const chain = await engine.audit.chain(row.jobId);
    expect(verifyChain(chain, after)).toBeUndefined();
    expect(chain.at(-1)).toMatchObject({
      action: 'job.cancelled',
      actor: { ref: engine.refs.actor('user-1'), role: 'patient', tokenId: TOKEN_ID },
      details: { from: status, request_correlation_id: 'request-1' },
    });
  });

  it.each(STATUSES.filter((status) => !CANCELLABLE.some((one) => one === status)))(
    'that is %s is refused, and it stays so',
    async (status) => {
      const { engine, row } = await setUp({ status });
      await expect(cancelJob(engine, patient, row.jobId, requestAt(engine))).rejects.toMatchObject({
        code: 'state_conflict',
        message: `A job that is ${status} cannot be cancelled; only one that is ${CANCELLABLE.join(', ')}.`,
      });
      expect(await rowOf(engine, row.jobId)).toEqual(row);
    },
  );

  it('holds although its message is still in flight', async () => {
    const { engine, row } = await setUp();
    await cancelJob(engine, patient, row.jobId, requestAt(engine));
    expect(await deliverAll(engine)).toEqual([{ message: 'delete' }]);
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'cancelled', attempt: 0 });
  });

  it('is tried again when the job moves between reading and writing', async () => {
    const { engine, row } = await setUp();
    let moves = 0;
    const moving = withStore(engine, {
      read: async (jobId) => {
        const found = await engine.store.read(jobId);
        moves += 1;
        const claim = { jobId, generation: 1, now: NOW, timing: engine.timing.MEDIUM };
        if (moves === 1) await engine.store.claim(claim);
        return found;
      },
    });
    const view = await cancelJob(moving, patient, row.jobId, requestAt(engine));
    expect(view).toMatchObject({ status: 'cancelled', attempts: [{ outcome: 'cancelled', ended_at: NOW }] });
  });

  it('ends an attempt that began while the request was under way no earlier than it began', async () => {
    const { engine, row } = await setUp();
    const request = requestAt(engine);
    engine.time.advance(2);
    const startedAt = engine.clock();
    await engine.store.claim({
      jobId: row.jobId,
      generation: 1,
      now: startedAt,
      timing: engine.timing.MEDIUM,
    });
    const view = await cancelJob(engine, patient, row.jobId, request);
    expect(view).toMatchObject({
      ended_at: startedAt,
      attempts: [{ started_at: startedAt, ended_at: startedAt }],
    });
  });

  it('gives up with a clear answer when the job never stands still', async () => {
    const { engine, row } = await setUp();
    const busy = withStore(engine, { commit: async () => 'lost' });
    await expect(cancelJob(busy, patient, row.jobId, requestAt(engine))).rejects.toMatchObject({
      code: 'state_conflict',
    });
  });

  it.each([
    ['another patient', callerAs('patient', 'user-2')],
    ['a caregiver of somebody else', callerAs('caregiver', 'carer', ['user-2'])],
    ['an auditor', callerAs('auditor', 'auditor')],
    ['an analyst', callerAs('analyst', 'analyst')],
  ])('is not found for %s', async (_, caller) => {
    const { engine, row } = await setUp();
    await expect(cancelJob(engine, caller, row.jobId, requestAt(engine))).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await rowOf(engine, row.jobId)).toEqual(row);
  });

  it.each([
    ['a caregiver', callerAs('caregiver', 'carer', ['user-1'])],
    ['an operator', callerAs('operator', 'op')],
  ])('is allowed for %s', async (_, caller) => {
    const { engine, row } = await setUp();
    expect(await cancelJob(engine, caller, row.jobId, requestAt(engine))).toMatchObject({
      status: 'cancelled',
    });
  });
});
