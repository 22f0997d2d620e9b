import { beforeEach, describe, expect, it } from 'vitest';
import { apiHandler } from '#functions/http/api-handler.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import { recordingApiDeps } from '#test/builders/api-deps.ts';
import { apiEvent, lambdaContext } from '#test/builders/api-event.ts';
import { PROBES_HOLD } from '#test/builders/probes.ts';
import { FIRST_ADMIN, PATIENT, RightsBench, SECOND_ADMIN, USER } from '#test/builders/rights-bench.ts';
import { callerAs } from '#test/builders/test-engine.ts';
import { rightsApi } from './handler.ts';

let bench: RightsBench;
beforeEach(async () => {
  bench = new RightsBench();
  await bench.fill();
});

interface Wish {
  readonly query?: Readonly<Record<string, readonly string[]>>;
  readonly body?: object;
  readonly userId?: string;
}

async function call(caller: Caller | undefined, method: string, below: string, wish: Wish = {}) {
  const verifyToken = async () =>
    caller ? ({ ok: true, caller } as const) : ({ ok: false, fault: 'expired' } as const);
  const { deps, refusals } = recordingApiDeps();
  const clock = bench.engine.clock;
  const handler = apiHandler(
    { ...deps, clock },
    rightsApi({ ...bench.engine, verifyToken, probes: PROBES_HOLD }),
  );
  const { query, body, userId = USER } = wish;
  const event = apiEvent({
    method,
    path: `/users/{user_id}${below}`,
    pathParameters: { user_id: userId },
    ...(query && { query }),
    ...(body && { body }),
  });
  const answer = await handler(event, lambdaContext());
  return { status: answer.statusCode, headers: answer.headers, body: JSON.parse(answer.body), refusals };
}

const faultsOf = ({ body }: { body: { problems?: { pointer: string; code: string }[] } }) =>
  body.problems?.map(({ pointer, code }) => `${pointer} ${code}`);

describe('GET /users/{user_id}/export', () => {
  it('answers JSON, and FHIR under its own media type', async () => {
    const json = await call(PATIENT, 'GET', '/export');
    expect(json).toMatchObject({
      status: 200,
      body: { user_id: USER, medications: [{ medication_id: 'm1' }] },
    });
    expect(json.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' });
    const fhir = await call(PATIENT, 'GET', '/export', { query: { format: ['fhir'], limit: ['1'] } });
    expect(fhir).toMatchObject({
      status: 200,
      body: { resourceType: 'Bundle', link: [{ relation: 'next' }] },
    });
    expect(fhir.headers).toMatchObject({ 'content-type': 'application/fhir+json' });
  });

  it.each([
    [{ format: ['xml'] }, '/format invalid_value'],
    [{ limit: ['0'] }, '/limit invalid_value'],
    [{ limit: ['501'] }, '/limit invalid_value'],
    [{ cursor: ['a b'] }, '/cursor invalid_cursor'],
    [{ cursor: ['e30'] }, '/cursor invalid_cursor'],
    [{ from: ['2026-01-01T00:00:00Z'] }, '/from unknown_field'],
  ])('refuses %j', async (query: Record<string, string[]>, fault) => {
    const answer = await call(PATIENT, 'GET', '/export', { query });
    expect([answer.status, faultsOf(answer)]).toEqual([400, [fault]]);
  });
});

describe('GET /users/{user_id}/disclosures', () => {
  it('answers a page', async () => {
    bench.days(1);
    const answer = await call(callerAs('auditor', 'au'), 'GET', '/disclosures', { query: { limit: ['1'] } });
    expect(answer).toMatchObject({
      status: 200,
      body: { disclosures: [{ recipient: { role: 'service' } }] },
    });
    expect(answer.body.next_cursor).toEqual(expect.any(String));
  });

  it.each([
    [{ from: ['2026-01-01'] }, '/from wrong_format'],
    [{ from: ['2026-01-02T00:00:00Z'], to: ['2026-01-01T00:00:00Z'] }, '/to invalid_value'],
    [{ limit: ['201'] }, '/limit invalid_value'],
    [{ actor: ['x'] }, '/actor unknown_field'],
  ])('refuses %j', async (query: Record<string, string[]>, fault) => {
    const answer = await call(PATIENT, 'GET', '/disclosures', { query });
    expect([answer.status, faultsOf(answer)]).toEqual([400, [fault]]);
  });
});

describe('the erasure of a user', () => {
  it('goes from a request over its confirmation to its revocation', async () => {
    const asked = await call(FIRST_ADMIN, 'DELETE', '');
    expect(asked).toMatchObject({ status: 202, body: { status: 'requested' } });
    const body = { decision: 'confirm', erasure_id: asked.body.erasure_id };
    expect(await call(FIRST_ADMIN, 'POST', '/erasure', { body })).toMatchObject({
      status: 409,
      body: { code: 'second_person_required' },
    });
    expect(await call(SECOND_ADMIN, 'POST', '/erasure', { body })).toMatchObject({
      status: 200,
      body: { status: 'scheduled' },
    });
    expect(await call(FIRST_ADMIN, 'GET', '/erasure')).toMatchObject({ body: { status: 'scheduled' } });
    expect(await call(FIRST_ADMIN, 'DELETE', '/erasure')).toMatchObject({
      status: 200,
      body: { status: 'none' },
    });
  });

  it('is refused with its reason, and the refusal names the patient', async () => {
    const hold = { decision: 'hold', reason: 'litigation' };
    expect((await call(FIRST_ADMIN, 'POST', '/erasure', { body: hold })).status).toBe(200);
    const refused = await call(SECOND_ADMIN, 'DELETE', '');
    expect(refused).toMatchObject({ status: 409, body: { code: 'legal_hold' } });
    expect(refused.refusals).toMatchObject([{ code: 'legal_hold', exchange: { userId: USER } }]);
  });

  it('is 410 once it is done', async () => {
    await bench.schedule();
    bench.days(7);
    await bench.erase();
    expect(await call(FIRST_ADMIN, 'DELETE', '')).toMatchObject({
      status: 410,
      body: { code: 'user_erased' },
    });
    expect(await call(FIRST_ADMIN, 'GET', '/erasure')).toMatchObject({ body: { status: 'erased' } });
  });

  it.each([
    [{}, '/decision required'],
    [{ decision: 'now' }, '/decision'],
    [{ decision: 'hold', reason: 'because' }, '/reason'],
    [{ decision: 'confirm', erasure_id: 'x' }, '/erasure_id'],
    [{ decision: 'confirm' }, '/decision wrong_members'],
    [{ decision: 'hold', reason: 'audit', note: 'x' }, '/note unknown_field'],
  ])('refuses the decision %j', async (body, fault) => {
    const answer = await call(SECOND_ADMIN, 'POST', '/erasure', { body });
    expect(answer.status).toBe(400);
    expect(faultsOf(answer)?.[0]).toContain(fault);
  });

  it('is not for who has no token, and not of what is no id', async () => {
    expect((await call(undefined, 'DELETE', '')).status).toBe(401);
    expect((await call(FIRST_ADMIN, 'DELETE', '', { userId: 'a b' })).status).toBe(400);
    expect((await call(PATIENT, 'DELETE', '')).status).toBe(403);
  });
});
