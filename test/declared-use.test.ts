import { beforeAll, describe, expect, it } from 'vitest';
import { refillCheck } from '#shared/jobs/refill-check/index.ts';
import { createAllRolesIssuer, createSubmitBench } from './builders/submit-bench.ts';

let issuer: Awaited<ReturnType<typeof createAllRolesIssuer>>;
beforeAll(async () => {
  issuer = await createAllRolesIssuer();
});

const BODY = { user_id: 'user-1', medication_id: 'med-1', current_supply: 30 };
const SERVICE = { role: 'service', subject: 'app' } as const;
const PATIENT = { role: 'patient', subject: 'user-1' } as const;

describe('a job that is accepted', () => {
  it('keeps the purpose that was declared, and for whom a service acts, in its first entry', async () => {
    const bench = createSubmitBench(refillCheck, issuer);
    const headers = { 'X-Purpose-Of-Use': 'TREAT', 'X-On-Behalf-Of': 'nurse-7' };
    expect(await bench.post(BODY, SERVICE, { headers })).toMatchObject({ status: 202 });
    const [entry] = [...bench.db.audit.values()];
    expect(entry).toMatchObject({
      action: 'job.accepted',
      actor: { role: 'service', purpose: { code: 'TREAT', declared: true }, onBehalfOf: expect.any(String) },
    });
    expect(JSON.stringify(entry)).not.toContain('nurse-7');
  });

  it('keeps for whom a service acts when its token says so', async () => {
    const bench = createSubmitBench(refillCheck, issuer);
    const token = await issuer.sign({ sub: 'app', groups: ['service'], act: { sub: 'nurse-7' } });
    const headers = { Authorization: `Bearer ${token}` };
    expect(await bench.post(BODY, undefined, { headers })).toMatchObject({ status: 202 });
    const [byToken] = [...bench.db.audit.values()];
    const other = createSubmitBench(refillCheck, issuer);
    await other.post(BODY, SERVICE, { headers: { 'X-On-Behalf-Of': 'nurse-7' } });
    const [byHeader] = [...other.db.audit.values()];
    expect(byToken?.actor.onBehalfOf).toEqual(expect.any(String));
    expect(byToken?.actor).toMatchObject({
      ref: byHeader?.actor.ref,
      onBehalfOf: byHeader?.actor.onBehalfOf,
    });
  });

  it('keeps what the role stands for when nothing was declared', async () => {
    const bench = createSubmitBench(refillCheck, issuer);
    expect(await bench.post(BODY, PATIENT)).toMatchObject({ status: 202 });
    const [entry] = [...bench.db.audit.values()];
    expect(entry?.actor.purpose).toEqual({ code: 'PATRQT', declared: false });
    expect(entry?.actor).not.toHaveProperty('onBehalfOf');
  });
});

describe('where the deployer asks for a purpose', () => {
  it('a request without one is refused, recorded, and makes no job', async () => {
    const bench = createSubmitBench(refillCheck, issuer, { isPurposeRequired: true });
    const answer = await bench.post(BODY, PATIENT);
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'invalid_input', problems: [{ code: 'required' }] },
    });
    expect(answer.body.problems[0].detail).toContain('PATRQT');
    expect(bench.db.rows.size).toBe(0);
    expect([...bench.db.audit.values()]).toMatchObject([
      { action: 'request.refused', details: { step: 'authenticate', status: 400 } },
    ]);
    const headers = { 'X-Purpose-Of-Use': 'PATRQT' };
    expect(await bench.post(BODY, PATIENT, { headers })).toMatchObject({ status: 202 });
    const [, entry] = [...bench.db.audit.values()];
    expect(entry?.actor.purpose).toEqual({ code: 'PATRQT', declared: true });
  });
});

describe('a request whose use is not allowed', () => {
  it.each([
    [PATIENT, { 'X-Purpose-Of-Use': 'TREAT' }, 403, 'forbidden'],
    [PATIENT, { 'X-Purpose-Of-Use': 'CURIOSITY' }, 400, 'invalid_input'],
    [PATIENT, { 'X-On-Behalf-Of': 'nurse-7' }, 403, 'forbidden'],
    [SERVICE, { 'X-On-Behalf-Of': 'Mary Jones' }, 400, 'invalid_input'],
  ])('of %o with %o is %i, and the refusal is recorded', async (caller, headers, status, code) => {
    const bench = createSubmitBench(refillCheck, issuer);
    const more = { headers: headers as Record<string, string> };
    expect(await bench.post(BODY, caller, more)).toMatchObject({ status, body: { code } });
    expect(bench.db.rows.size).toBe(0);
    const entries = [...bench.db.audit.values()];
    expect(entries).toMatchObject([
      { action: 'request.refused', actor: { role: caller.role }, details: { step: 'authenticate', status } },
    ]);
  });
});
