import { afterAll, describe, expect, it } from 'vitest';
import { useStack } from '#infra/local/testing/use-stack.ts';
import { patient } from './people.ts';

const REASON = 'Found unconscious at home, medication unknown.';
const NOTE = 'Confirmed by the shift lead of the emergency department.';

describe('emergency access', () => {
  const stack = useStack();
  afterAll(() => stack.resetHooks());

  const call = async (token: string, method: string, path: string, more: object = {}) => {
    const { status, body } = await stack.call(method, path, { token, ...more });
    return { status, body: body as Record<string, unknown> }; // every answer of this API is a JSON object
  };
  const open = (token: string, userId: string, headers: Record<string, string> = {}) =>
    call(token, 'POST', '/break-glass', {
      headers,
      body: { user_id: userId, reason_code: 'unresponsive_patient', reason: REASON },
    });
  const idsOf = async (token: string, status: string) => {
    const { body } = await call(token, 'GET', `/break-glass?status=${status}&limit=100`);
    return (body['grants'] as { grant_id: string }[]).map(({ grant_id }) => grant_id); // its documented shape
  };

  it('from the emergency to the verdict', async () => {
    const owner = await patient(stack, 'flow-glass-patient');
    await owner.takes('med-glass');
    const clinician = await stack.token('clinician', 'flow-glass-clinician', { careFor: ['somebody-else'] });
    const colleague = await stack.token('clinician', 'flow-glass-colleague');
    const auditor = await stack.token('auditor', 'flow-glass-auditor');
    const path = `/users/${owner.userId}`;
    expect((await call(clinician, 'GET', `${path}/medications`)).status).toBe(403);

    // Opened once, however often it is sent.
    const headers = { 'idempotency-key': 'flow-glass-1' };
    const first = await open(clinician, owner.userId, headers);
    expect(first).toMatchObject({ status: 201, body: { reason_code: 'unresponsive_patient' } });
    expect(await open(clinician, owner.userId, headers)).toEqual(first);
    expect((await open(clinician, 'flow-glass-other', headers)).status).toBe(422);
    const grantId = String(first.body['grant_id']);

    // What it opens, and what not.
    expect((await call(clinician, 'GET', `${path}/medications`)).body).toMatchObject({
      medications: [{ medication_id: 'med-glass' }],
    });
    expect((await call(clinician, 'GET', `${path}/reminders`)).status).toBe(200);
    const check = await call(clinician, 'POST', '/jobs/interaction-check', {
      body: { user_id: owner.userId, medications: ['aspirin', 'warfarin'] },
    });
    expect(check.status).toBe(202);
    const jobId = String(check.body['job_id']);
    expect(await stack.waitForJob(jobId, clinician)).toMatchObject({ result: { outcome: 'findings' } });
    const emergency = { headers: { 'x-purpose-of-use': 'ETREAT' } };
    const listed = async (more: object) =>
      JSON.stringify((await call(clinician, 'GET', '/jobs?kind=interaction-check', more)).body);
    expect(await listed(emergency)).toContain(jobId);
    expect(await listed({})).not.toContain(jobId);
    const refused = [
      await call(clinician, 'GET', `${path}/preferences`),
      await call(clinician, 'PUT', `${path}/medications/med-glass`, { body: { name: 'aspirin' } }),
      await call(clinician, 'DELETE', `${path}/medications/med-glass`),
      await call(clinician, 'POST', '/jobs/refill-check', {
        body: { user_id: owner.userId, medication_id: 'med-glass', current_supply: 3 },
      }),
      await call(clinician, 'GET', '/users/flow-glass-other/medications'),
      await call(clinician, 'GET', `${path}/medications`, { headers: { 'x-purpose-of-use': 'HQUALIMP' } }),
      await call(colleague, 'GET', `${path}/medications`),
    ];
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 403));
    for (const verb of ['cancel', 'retry', 'release'])
      expect(
        (
          await call(clinician, 'POST', `/jobs/${jobId}/${verb}`, {
            ...(verb === 'release' && { body: { findings: 'all' } }),
          })
        ).status,
      ).toBe(404);

    // The patient is told, and each access is in the trail with the grant.
    const told = async () =>
      (await stack.published()).filter((one) => JSON.stringify(one).includes(grantId)).length;
    await expect.poll(told, { timeout: 30_000, interval: 500 }).toBe(1);
    const underIt = (await stack.items('audit')).filter((item) => {
      const { breakGlass } = Object(item['actor']);
      return breakGlass === grantId;
    });
    expect([...new Set(underIt.map(({ action }) => action))].sort()).toEqual([
      'break_glass.opened',
      'job.accepted',
      'job.read',
      'jobs.listed',
      'medications.read',
      'reminders.read',
    ]);
    for (const item of underIt) expect(item['actor']).toMatchObject({ purpose: { code: 'ETREAT' } });

    // Its end is its end.
    await stack.clock.advance('PT61M');
    expect((await call(clinician, 'GET', `${path}/medications`)).status).toBe(403);
    expect((await call(clinician, 'GET', `/jobs/${jobId}`)).status).toBe(404);

    // Judged by somebody else, too late.
    const review = (token: string, verdict = 'justified') =>
      call(token, 'POST', `/break-glass/${grantId}/review`, { body: { verdict, note: NOTE } });
    expect((await review(clinician)).status).toBe(403);
    expect((await review(await stack.token('admin', 'flow-glass-clinician'))).status).toBe(403);
    expect(await idsOf(auditor, 'open')).toContain(grantId);
    await stack.clock.advance('P3D');
    expect(await idsOf(auditor, 'open')).not.toContain(grantId);
    expect(await idsOf(auditor, 'overdue')).toContain(grantId);
    await stack.invoke('reconciler');
    expect((await call(auditor, 'GET', `/break-glass/${grantId}`)).body).toMatchObject({
      status: 'overdue',
      user_id: owner.userId,
      holder: 'flow-glass-clinician',
      reason: REASON,
    });
    const verdict = await review(auditor);
    expect(verdict).toMatchObject({ status: 200, body: { review: { verdict: 'justified', late: true } } });
    expect(await review(auditor)).toEqual(verdict);
    expect((await review(auditor, 'not_justified')).status).toBe(409);
    expect(await idsOf(auditor, 'overdue')).not.toContain(grantId);
    expect(await idsOf(auditor, 'reviewed')).toContain(grantId);

    // Nowhere in the clear.
    const all = JSON.stringify([await stack.items('jobs'), await stack.items('audit')]);
    for (const words of ['unconscious', 'shift lead', 'flow-glass-clinician'])
      expect(all).not.toContain(words);
  }, 120_000);

  it('ends at once when it is revoked, and when it was not justified', async () => {
    const owner = await patient(stack, 'flow-glass-ended');
    await owner.takes('med-ended');
    const pharmacist = await stack.token('pharmacist', 'flow-glass-pharmacist');
    const admin = await stack.token('admin', 'flow-glass-admin');
    const read = async () => (await call(pharmacist, 'GET', `/users/${owner.userId}/medications`)).status;
    const opened = async () => String((await open(pharmacist, owner.userId)).body['grant_id']);

    const revoked = await opened();
    expect(await read()).toBe(200);
    const stranger = await stack.token('pharmacist', 'flow-glass-stranger');
    expect((await call(stranger, 'POST', `/break-glass/${revoked}/revoke`)).status).toBe(404);
    expect(await read()).toBe(200);
    expect((await call(pharmacist, 'POST', `/break-glass/${revoked}/revoke`)).status).toBe(200);
    expect(await read()).toBe(403);

    const judged = await opened();
    expect(await read()).toBe(200);
    const body = { verdict: 'not_justified', note: 'Mere curiosity.' };
    expect(await call(admin, 'POST', `/break-glass/${judged}/review`, { body })).toMatchObject({
      status: 200,
      body: { ended_at: expect.any(String) },
    });
    expect(await read()).toBe(403);
    expect((await open(pharmacist, owner.userId)).status).toBe(403);
  }, 60_000);
});
