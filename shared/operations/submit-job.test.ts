import { describe, expect, it } from 'vitest';
import {
  callerAs,
  counted,
  createTestEngine,
  logged,
  NOW,
  planFor,
  rowOf,
  submitted,
  type TestEngine,
  TOKEN_ID,
  withStore,
} from '#test/builders/test-engine.ts';
import { testKind } from '#test/builders/test-kinds.ts';
import { CHAIN_START, verifyChain } from '../evidence/audit-chain.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import { saltedHash } from './payload-envelope.ts';
import { applyBusinessRules, recordAcceptance, type SubmitPlan } from './submit-job.ts';

const work = testKind({ priorities: ['MEDIUM', 'HIGH'] });
const engineOf = () => createTestEngine([work]);
const accept = (engine: TestEngine, over: Partial<SubmitPlan> = {}) =>
  recordAcceptance(engine, planFor(engine, work, over));
const keyed = { idempotencyKey: 'key-1', payload: { mark: 'a' } };

describe('accepting a job', () => {
  it('answers with its id, status and links, and where it is found', async () => {
    const engine = engineOf();
    const { body, location, repeated } = await accept(engine);
    const self = `/api/v1/jobs/${String(body['job_id'])}`;
    expect(body).toEqual({
      job_id: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
      status: 'queued',
      kind: 'work',
      priority: 'MEDIUM',
      created_at: NOW,
      due_at: NOW,
      links: { self, cancel: `${self}/cancel`, retry: `${self}/retry` },
    });
    expect({ location, repeated }).toEqual({ location: self, repeated: false });
  });

  it('leaves row, payload with its salt, and the first entry of the audit chain', async () => {
    const engine = engineOf();
    const payload = { user_id: 'user-1', mark: 'a' };
    const row = await submitted(engine, work, { payload, caller: callerAs('patient'), role: 'patient' });
    expect(row).toMatchObject({
      status: 'queued',
      attempt: 0,
      attemptLimit: 4,
      generation: 1,
      userRef: engine.refs.user('user-1'),
      actorRef: engine.refs.actor('user-1'),
      actorRole: 'patient',
      checkAt: addSeconds(NOW, 120),
    });
    expect(row).not.toHaveProperty('expiresAt');
    expect(await engine.store.payload(row)).toEqual({
      v: 1,
      body: payload,
      salt: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const chain = await engine.audit.chain(row.jobId);
    expect(verifyChain(chain, row)).toBeUndefined();
    expect(verifyChain(chain, CHAIN_START)).toBeDefined();
    expect(chain[0]).toMatchObject({
      action: 'job.accepted',
      actor: { ref: engine.refs.actor('user-1'), role: 'patient', tokenId: TOKEN_ID },
      subjectRef: engine.refs.user('user-1'),
      details: { request_hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(JSON.stringify([row, chain])).not.toContain('user-1');
  });

  it('stores the payload as the rules completed it, and the salted hash of the one that was sent', async () => {
    const engine = engineOf();
    const payload = { mark: 'sent' };
    const row = await submitted(engine, work, { payload, completed: { mark: 'completed' } });
    const stored = await engine.store.payload(row);
    expect(stored).toMatchObject({ body: { mark: 'completed' } });
    const [accepted] = await engine.audit.chain(row.jobId);
    expect(accepted?.details['request_hash']).toBe(saltedHash(payload, String(stored['salt'])));
    const again = await submitted(engine, work, { payload });
    const [other] = await engine.audit.chain(again.jobId);
    expect(other?.details['request_hash']).not.toBe(accepted?.details['request_hash']);
  });

  it('sends one message with ids and generation only, grouped by patient', async () => {
    const engine = engineOf();
    const row = await submitted(engine, work, { payload: { user_id: 'user-1' } });
    expect(engine.queue.sent).toEqual([
      expect.objectContaining({
        message: { v: 1, jobId: row.jobId, kind: 'work', priority: 'MEDIUM', generation: 1 },
        delaySeconds: 0,
        groupRef: row.userRef,
      }),
    ]);
  });

  it.each(['refuses', 'throws'] as const)('stands when the queue %s its message', async (mood) => {
    const engine = engineOf();
    engine.queue.mood = mood;
    const { body } = await accept(engine);
    expect(await rowOf(engine, String(body['job_id']))).toMatchObject({ status: 'queued' });
    expect(counted(engine, 'enqueue_failures')).toEqual([1]);
    expect(logged(engine, 'job.enqueue_failed')).toHaveLength(1);
  });

  it('fails when the accepting transaction does: nothing is promised and nothing sent', async () => {
    const engine = engineOf();
    const away = withStore(engine, { accept: async () => Promise.reject(new Error('away')) });
    await expect(accept(away)).rejects.toThrow('away');
    expect(engine.queue.sent).toEqual([]);
  });
});

describe('a time to run', () => {
  it.each([899.25, 900])(
    'up to 15 minutes ahead is a delayed message, never early (%d s)',
    async (seconds) => {
      const engine = engineOf();
      const runAt = addSeconds(NOW, seconds);
      const row = await submitted(engine, work, { runAt });
      expect(row).toMatchObject({ status: 'queued', dueAt: runAt, expiresAt: addSeconds(runAt, 86_400) });
      expect(engine.queue.sent.map((one) => one.delaySeconds)).toEqual([900]);
    },
  );

  it('later than that waits as scheduled, without a message, to be released ten minutes before', async () => {
    const engine = engineOf();
    const runAt = addSeconds(NOW, 901);
    const row = await submitted(engine, work, { runAt });
    expect(row).toMatchObject({ status: 'scheduled', checkAt: addSeconds(runAt, -600) });
    expect(engine.queue.sent).toEqual([]);
  });
});

describe('an idempotency key', () => {
  it('gives the first answer again when the rules refuse by now what they accepted then', async () => {
    const engine = engineOf();
    const plan = planFor(engine, work, { ...keyed, runAt: addSeconds(NOW, 60) });
    const first = await recordAcceptance(engine, await applyBusinessRules(engine, plan));
    const later = { ...plan, receivedAt: addSeconds(NOW, 3600) };
    const second = await recordAcceptance(engine, await applyBusinessRules(engine, later));
    expect(second).toEqual({ ...first, repeated: true });
    expect(engine.db.rows.size).toBe(1);
    const other = { ...later, payload: { mark: 'b' } };
    await expect(
      applyBusinessRules(engine, other).then((refused) => recordAcceptance(engine, refused)),
    ).rejects.toMatchObject({ code: 'idempotency_key_reused' });
    const { idempotencyKey: _, ...without } = later;
    await expect(applyBusinessRules(engine, without)).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('gives a repetition the first answer, and makes no second job', async () => {
    const engine = engineOf();
    const first = await accept(engine, keyed);
    engine.time.advance(3600);
    const second = await accept(engine, keyed);
    expect(second).toEqual({ ...first, repeated: true });
    expect(engine.db.rows.size).toBe(1);
    expect(engine.queue.sent).toHaveLength(1);
    const jobId = String(first.body['job_id']);
    const trail = [...engine.db.audit.values()].map(({ action, seq, details }) => [
      action,
      seq,
      details['repeated'],
    ]);
    expect(trail).toEqual([
      ['job.accepted', 1, undefined],
      ['job.read', undefined, true],
    ]);
    expect([...engine.db.audit.values()].at(-1)).toMatchObject({ jobId, actor: { role: 'service' } });
  });

  it('knows a body by its content, not by the order of its members', async () => {
    const engine = engineOf();
    const first = await accept(engine, { idempotencyKey: 'k', payload: { mark: 'a', user_id: 'u' } });
    const second = await accept(engine, { idempotencyKey: 'k', payload: { user_id: 'u', mark: 'a' } });
    expect(second.body).toEqual(first.body);
  });

  it.each([
    ['body', { payload: { mark: 'b' } }],
    ['priority', { priority: 'HIGH' as const }],
    ['run_at', { runAt: addSeconds(NOW, 60) }],
  ])('refuses another %s', async (_, other) => {
    const engine = engineOf();
    await accept(engine, keyed);
    await expect(accept(engine, { ...keyed, ...other })).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
    expect(engine.db.rows.size).toBe(1);
  });

  it('gives the losers of a race the winner’s answer', async () => {
    const engine = engineOf();
    const answers = await Promise.all(Array.from({ length: 5 }, () => accept(engine, keyed)));
    expect(new Set(answers.map(({ body }) => body['job_id'])).size).toBe(1);
    expect(answers.filter((answer) => !answer.repeated)).toHaveLength(1);
    expect(engine.queue.sent).toHaveLength(1);
  });

  it('belongs to its subject and its route', async () => {
    const other = testKind({ name: 'other' });
    const engine = createTestEngine([work, other]);
    const mine = await accept(engine, keyed);
    const theirs = await accept(engine, { ...keyed, caller: callerAs('service', 'another client') });
    const elsewhere = await recordAcceptance(engine, planFor(engine, other, keyed));
    const ids = [mine, theirs, elsewhere].map(({ body }) => body['job_id']);
    expect(new Set(ids).size).toBe(3);
  });

  it('lives for 24 hours', async () => {
    const engine = engineOf();
    const first = await accept(engine, keyed);
    engine.time.advance(86_399);
    expect((await accept(engine, keyed)).body).toEqual(first.body);
    engine.time.advance(1);
    const later = await accept(engine, { ...keyed, payload: { mark: 'b' } });
    expect(later.repeated).toBe(false);
    expect(later.body['job_id']).not.toBe(first.body['job_id']);
  });
});

describe('business rules', () => {
  const ruled = (engine: TestEngine, kind = work, over: Partial<SubmitPlan> = {}) =>
    applyBusinessRules(engine, planFor(engine, kind, over));

  it('refuse a priority that the kind does not run at, and name those it does', async () => {
    await expect(ruled(engineOf(), work, { priority: 'LOW' })).rejects.toMatchObject({
      code: 'priority_not_allowed',
      message: 'Jobs of kind work run at MEDIUM or HIGH; leave priority out for MEDIUM.',
    });
  });

  it.each([
    ['now', 0, 'not_in_future'],
    ['in the past', -1, 'not_in_future'],
    ['more than a year ahead', 366 * 86_400 + 1, 'too_far_ahead'],
  ])('refuse a run_at that is %s', async (_, seconds, code) => {
    const refused = ruled(engineOf(), work, { runAt: addSeconds(NOW, seconds) });
    await expect(refused).rejects.toMatchObject({
      code: 'invalid_input',
      problems: [{ pointer: '/run_at', code }],
    });
  });

  it.each([1, 366 * 86_400])('accept a run_at %d s ahead', async (seconds) => {
    const runAt = addSeconds(NOW, seconds);
    expect(await ruled(engineOf(), work, { runAt })).toMatchObject({ runAt, completed: work.example });
  });

  it('of the kind see the records they asked for, the time and the zone of the deployment', async () => {
    const kind = testKind({
      factKeys: (payload, refs) => [{ type: 'user', owner: refs.user(payload.user_id ?? ''), id: '' }],
      rules: (payload, facts) => ({ ok: true, payload: { ...payload, mark: JSON.stringify(facts) } }),
    });
    const engine = createTestEngine([kind]);
    const owner = engine.refs.user('user-1');
    const body = { userId: 'user-1', timeZone: 'Asia/Tokyo' };
    await engine.schedules.commit([{ type: 'user', owner, id: '', expect: 'absent', state: {}, body }], []);
    const defaultTimes = { BID: ['09:00', '21:00'] };
    const settled = { ...engine, settings: { defaultTimeZone: 'Europe/Berlin', defaultTimes } };
    const { completed } = await ruled(settled, kind, { payload: { user_id: 'user-1' } });
    expect(JSON.parse(String(completed['mark']))).toEqual({
      now: NOW,
      records: [{ type: 'user', id: '', version: 1, state: {}, body }],
      defaultTimeZone: 'Europe/Berlin',
      defaultTimes,
      role: 'service',
    });
  });

  it('of the kind may leave a note in the audit entry', async () => {
    const kind = testKind({
      rules: (payload) => ({ ok: true, payload, notes: { high_alert: 'overridden' } }),
    });
    const engine = createTestEngine([kind]);
    const { notes = {} } = await ruled(engine, kind);
    const row = await submitted(engine, kind, { notes });
    expect((await engine.audit.chain(row.jobId))[0]?.details).toMatchObject({ high_alert: 'overridden' });
  });

  it('of the kind may say what is wrong, all of it', async () => {
    const problems = ['/a', '/b'].map((pointer) => ({ pointer, code: 'odd', detail: 'Mend it.' }));
    const kind = testKind({ rules: () => ({ ok: false, problems }) });
    await expect(ruled(createTestEngine([kind]), kind)).rejects.toMatchObject({
      code: 'invalid_input',
      problems,
    });
  });

  it('of the kind may miss a medication', async () => {
    const kind = testKind({ rules: () => ({ ok: false, notFound: 'medication_not_found' }) });
    await expect(ruled(createTestEngine([kind]), kind)).rejects.toMatchObject({
      code: 'medication_not_found',
    });
  });
});
