import { describe, expect, it } from 'vitest';
import {
  callerAs,
  createTestEngine,
  deliverAll,
  NOW,
  requestAt,
  rowOf,
  submitted,
} from '#test/builders/test-engine.ts';
import { failing, testKind } from '#test/builders/test-kinds.ts';
import { RetryableError } from '../errors/attempt-error.ts';
import type { Caller } from '../evidence/caller.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import { getJob } from './get-job.ts';

const RESULT = { fine: true, for_clinicians: 'finding' };
const kind = testKind({
  process: async () => ({ end: 'succeeded', result: RESULT, summary: 'done' }),
  patientView: ({ fine }) => ({ fine: fine ?? null }),
});

async function succeeded(payload: { user_id?: string } = { user_id: 'user-1' }) {
  const engine = createTestEngine([kind]);
  const row = await submitted(engine, kind, { payload });
  await deliverAll(engine);
  return {
    engine,
    jobId: row.jobId,
    get: (caller: Caller) => getJob(engine, caller, row.jobId, requestAt(engine)),
  };
}

describe('a job as the API shows it', () => {
  it('has status, times, attempts, links and its result', async () => {
    const { jobId, get } = await succeeded();
    expect(await get(callerAs('clinician', 'doctor', ['user-1']))).toEqual({
      job_id: jobId,
      kind: 'work',
      status: 'succeeded',
      priority: 'MEDIUM',
      generation: 1,
      created_at: NOW,
      due_at: NOW,
      ended_at: NOW,
      summary: 'done',
      attempt_count: 1,
      attempt_limit: 4,
      attempts: [{ attempt: 1, generation: 1, started_at: NOW, ended_at: NOW, outcome: 'succeeded' }],
      links: { self: `/api/v1/jobs/${jobId}` },
      result: RESULT,
    });
  });

  it('says when it is tried next, with which error, and what may be done with it', async () => {
    const again = testKind({ process: failing(new RetryableError('timed_out', 'slow')) });
    const engine = createTestEngine([again]);
    const row = await submitted(engine, again);
    await deliverAll(engine);
    const view = await getJob(engine, callerAs('service'), row.jobId, requestAt(engine));
    expect(view).toMatchObject({
      status: 'retrying',
      next_attempt_at: addSeconds(NOW, 600),
      error_code: 'timed_out',
      attempts: [{ outcome: 'retry', error_code: 'timed_out' }],
      links: { cancel: `/api/v1/jobs/${row.jobId}/cancel` },
    });
    expect(view['links']).not.toHaveProperty('retry');
    expect(view).not.toHaveProperty('result');
  });

  it('tells an attempt that died from the one that runs', async () => {
    const engine = createTestEngine([kind]);
    const row = await submitted(engine, kind);
    const claim = { jobId: row.jobId, generation: 1, timing: engine.timing.MEDIUM };
    await engine.store.claim({ ...claim, now: NOW });
    await engine.store.claim({ ...claim, now: addSeconds(NOW, 600) });
    const { attempts, lease_until } = await getJob(engine, callerAs('service'), row.jobId, requestAt(engine));
    expect(lease_until).toBe(addSeconds(NOW, 600 + 105));
    expect(attempts).toMatchObject([
      { attempt: 1, outcome: 'died', error_code: 'worker_died' },
      { attempt: 2, outcome: 'running' },
    ]);
  });
});

describe('the result of a patient’s job', () => {
  it.each([
    ['the patient', callerAs('patient', 'user-1'), { fine: true }],
    ['a caregiver', callerAs('caregiver', 'carer', ['user-1']), { fine: true }],
    ['a clinician', callerAs('clinician', 'doctor', ['user-1']), RESULT],
    ['a pharmacist', callerAs('pharmacist', 'pharmacist', ['user-1']), RESULT],
    ['a service', callerAs('service', 'client'), RESULT],
    ['an operator', callerAs('operator', 'op'), undefined],
    ['an auditor', callerAs('auditor', 'au'), undefined],
    ['an admin', callerAs('admin', 'ad'), undefined],
    // Of several roles the one closest to the patient speaks.
    ['a patient who is also an operator', callerAs(['operator', 'patient'], 'user-1'), { fine: true }],
  ])('as %s sees it', async (_, caller, seen) => {
    const { get } = await succeeded();
    const view = await get(caller);
    expect(view['status']).toBe('succeeded');
    expect(view['result']).toEqual(seen);
  });

  it.each([
    ['a patient', callerAs('patient', 'user-1'), false],
    ['a caregiver', callerAs('caregiver', 'carer', ['user-1']), false],
    ['a clinician', callerAs('clinician', 'doctor', ['user-1']), true],
  ])('has its summary shown only to those who see all of it: %s', async (_, caller, told) => {
    const { get } = await succeeded();
    expect(Object.hasOwn(await get(caller), 'summary')).toBe(told);
  });

  it('has its summary stand nowhere but on its row, sealed', async () => {
    const summary = 'out, 0 days';
    const telling = testKind({ process: async () => ({ end: 'succeeded', result: {}, summary }) });
    const engine = createTestEngine([telling]);
    const { jobId } = await submitted(engine, telling, { payload: { user_id: 'user-1' } });
    await deliverAll(engine);
    expect(await getJob(engine, callerAs('service'), jobId, requestAt(engine))).toMatchObject({ summary });

    const { audit, outcomes, rows, results } = engine.db;
    expect([audit.size, outcomes.size, rows.size]).toEqual([3, 1, 1]);
    const stored = [audit, outcomes, rows, results].flatMap((part) => [...part.values()]);
    const told = [...stored, engine.log, engine.metrics.all, engine.queue.sent];
    expect(JSON.stringify(told)).not.toContain(summary);
  });

  it.each([
    ['another patient', callerAs('patient', 'user-2')],
    ['a caregiver of others', callerAs('caregiver', 'carer', ['user-2'])],
    ['a clinician who does not care for them', callerAs('clinician', 'doctor')],
    ['an analyst', callerAs('analyst', 'an')],
    ['a caller without a role', callerAs([], 'user-1')],
  ])('is not found by %s, in the words for a job that does not exist', async (_, caller) => {
    const { engine, get } = await succeeded();
    const unknown = getJob(engine, caller, '01ARZ3NDEKTSV4RRFFQ69G5FAV', requestAt(engine)).catch(
      (error: Error) => error,
    );
    const { message } = (await unknown) as Error; // Rejects, see below.
    await expect(get(caller)).rejects.toMatchObject({ code: 'not_found', message });
  });
});

describe('the result of a job about no patient', () => {
  it.each(['operator', 'admin', 'service'] as const)('is seen by %s', async (role) => {
    const { get } = await succeeded({});
    expect((await get(callerAs(role, 'staff')))['result']).toEqual(RESULT);
  });

  it('is kept from auditors, with its summary', async () => {
    const { get } = await succeeded({});
    const view = await get(callerAs('auditor', 'staff'));
    expect(view).not.toHaveProperty('result');
    expect(view).not.toHaveProperty('summary');
  });

  it('is kept from analysts, and that there is such a job, unless it is a roll-up', async () => {
    const { get } = await succeeded({});
    await expect(get(callerAs('analyst', 'staff'))).rejects.toMatchObject({ code: 'not_found' });
    const shows = testKind({
      name: 'analytics-roll-up',
      process: async () => ({ end: 'succeeded', result: RESULT, summary: 'done' }),
      analystView: ({ fine }) => ({ fine: fine ?? null }),
    });
    const engine = createTestEngine([shows]);
    const row = await submitted(engine, shows, { payload: {} });
    await deliverAll(engine);
    const shown = await getJob(engine, callerAs('analyst', 'staff'), row.jobId, requestAt(engine));
    expect([shown['summary'], shown['result']]).toEqual(['done', { fine: true }]);
  });

  it('says so to those who are shown results when a large one is lost, and tells the others what it always told', async () => {
    const { engine, jobId, get } = await succeeded();
    engine.db.lost.add(jobId);
    await expect(get(callerAs('clinician', 'doctor', ['user-1']))).rejects.toMatchObject({
      code: 'result_lost',
    });
    expect(await get(callerAs('operator', 'staff'))).toMatchObject({ job_id: jobId, status: 'succeeded' });
  });

  it('is not found by a patient', async () => {
    const { get } = await succeeded({});
    await expect(get(callerAs('patient', 'user-1'))).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('an id of another shape', () => {
  it.each(['', 'job-1', '01ARZ3NDEKTSV4RRFFQ69G5FAv', '../../etc', 'x'.repeat(10_000)])(
    'is not found, and not looked for',
    async (jobId) => {
      const { engine } = await succeeded();
      const reads: string[] = [];
      const read = async (id: string) => {
        reads.push(id);
        return rowOf(engine, id);
      };
      const watching = { ...engine, store: { ...engine.store, read } };
      await expect(getJob(watching, callerAs('service'), jobId, requestAt(watching))).rejects.toMatchObject({
        code: 'not_found',
      });
      expect(reads).toEqual([]);
    },
  );
});
