import { describe, expect, it } from 'vitest';
import { callerAs, createTestEngine, NOW, TOKEN_ID } from '#test/builders/test-engine.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import { type Refusal, recordRefusal } from './record-refusal.ts';

const REFUSAL: Refusal = {
  correlationId: 'request-1',
  receivedAt: NOW,
  route: '/jobs/refill-check',
  step: 'authentication',
  code: 'unauthorized',
  status: 401,
};

async function recorded(...refusals: readonly Partial<Refusal>[]) {
  const engine = createTestEngine([]);
  for (const over of refusals) await recordRefusal(engine, { ...REFUSAL, ...over });
  return { engine, entries: [...engine.db.audit.values()] };
}

describe('a refused request', () => {
  it('of somebody known leaves an entry of its own: who, about whom, where and why', async () => {
    const known = {
      caller: callerAs('clinician', 'doctor'),
      userId: 'user-1',
      step: 'role',
      code: 'forbidden',
    };
    const { engine, entries } = await recorded({ ...known, status: 403 }, { ...known, status: 403 });
    expect(entries).toHaveLength(2);
    expect(entries[0]).toMatchObject({
      at: NOW,
      action: 'request.refused',
      outcome: 'refused',
      actor: { ref: engine.refs.actor('doctor'), role: 'clinician', tokenId: TOKEN_ID },
      subjectRef: engine.refs.user('user-1'),
      correlationId: 'request-1',
      details: { route: '/jobs/refill-check', step: 'role', code: 'forbidden', status: 403 },
    });
    expect(JSON.stringify(entries)).not.toMatch(/doctor|user-1/);
  });

  it('about a job names it, and stays out of its chain', async () => {
    const jobId = '01JZZZZZZZZZZZZZZZZZZZZZZZ';
    const { engine, entries } = await recorded(
      { caller: callerAs('patient', 'stranger'), jobId, code: 'not_found', status: 404 },
      { jobId },
    );
    expect(entries.map((entry) => entry.jobId)).toEqual([jobId, undefined]);
    expect(entries[0]).not.toHaveProperty('seq');
    expect(await engine.audit.chain(jobId)).toEqual([]);
  });

  it('of nobody known is gathered: one entry per minute and reason', async () => {
    const { entries } = await recorded(
      {},
      { receivedAt: addSeconds(NOW, 10), correlationId: 'request-2' },
      { receivedAt: addSeconds(NOW, 18.999) },
    );
    expect(entries).toMatchObject([
      {
        at: '2026-11-23T20:55:00.000Z',
        actor: { ref: 'anonymous', role: 'none' },
        correlationId: 'gathered:2026-11-23T20:55:00.000Z',
      },
    ]);
  });

  it.each([
    ['minute', { receivedAt: addSeconds(NOW, 19) }],
    ['route', { route: '/jobs/backup' }],
    ['step', { step: 'schema' }],
    ['code', { code: 'invalid_input' }],
  ])('of nobody known has another entry for another %s', async (_, other) => {
    expect((await recorded({}, other)).entries).toHaveLength(2);
  });

  it('of nobody known says nothing about a patient, though one was named', async () => {
    const { engine, entries } = await recorded({ userId: 'user-1' });
    expect(entries[0]).not.toHaveProperty('subjectRef');
    expect(JSON.stringify(entries)).not.toContain(engine.refs.user('user-1'));
  });

  it('whose entry cannot be written is told so', async () => {
    const engine = createTestEngine([]);
    const put = async () => Promise.reject(new Error('away'));
    await expect(recordRefusal({ ...engine, audit: { ...engine.audit, put } }, REFUSAL)).rejects.toThrow(
      'away',
    );
  });
});
