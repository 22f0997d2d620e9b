import { beforeEach, describe, expect, it } from 'vitest';
import { apiHandler } from '#functions/http/api-handler.ts';
import { API_PREFIX, ROUTES, type RouteName } from '#shared/contract/routes.ts';
import { authorize, ROUTE_ACCESS } from '#shared/evidence/access.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import { ROLES } from '#shared/lifecycle/role.ts';
import { recordingApiDeps } from '#test/builders/api-deps.ts';
import { type ApiEventOptions, apiEvent, lambdaContext } from '#test/builders/api-event.ts';
import { PROBES_HOLD } from '#test/builders/probes.ts';
import { PATIENT, RecordsBench, SERVICE } from '#test/builders/records-bench.ts';
import { usersApi } from './handler.ts';
import { USERS_ROUTES } from './routes.ts';

let bench: RecordsBench;
let reminderId: string;
beforeEach(() => {
  bench = new RecordsBench();
  bench.medication();
  reminderId = bench.occurrence({ dueAt: '2027-03-01T07:00:00.000Z', expiresAt: '2027-03-01T12:00:00.000Z' });
});

type UsersRoute = keyof typeof USERS_ROUTES;

/** A request of each route that is right in itself. */
const RIGHT: Record<UsersRoute, ApiEventOptions> = {
  listReminders: {},
  acknowledgeReminder: { body: { status: 'taken' } },
  reportDelivery: { body: { status: 'delivered', channel: 'push', at: '2027-03-01T07:00:05Z' } },
  getPreferences: {},
  putPreferences: { body: { follow: 'home' } },
  getCareTeam: {},
  putCareTeam: { body: { care_team: [] } },
  listMedications: {},
  putMedication: { body: { name: 'lisinopril' } },
  stopMedication: {},
};

async function call(route: UsersRoute, caller: Caller | undefined, options: ApiEventOptions = RIGHT[route]) {
  const { deps, refusals } = recordingApiDeps();
  const serve = usersApi({
    probes: PROBES_HOLD,
    ...bench,
    verifyToken: async () => (caller ? { ok: true, caller } : { ok: false, fault: 'expired' }),
  });
  const { method, path } = ROUTES[route];
  const pathParameters = { user_id: 'p1', medication_id: 'm1', reminder_id: reminderId };
  const event = apiEvent({ method, path, pathParameters, ...options });
  const answer = await apiHandler(deps, serve)(event, lambdaContext());
  return { status: answer.statusCode, headers: answer.headers, body: JSON.parse(answer.body), refusals };
}

const names = Object.keys(USERS_ROUTES) as UsersRoute[];

it('serves every route of its family', () => {
  const family = (Object.keys(ROUTES) as RouteName[]).filter((name) => ROUTES[name].family === 'users');
  expect([...names].sort()).toEqual(family.sort());
  expect(API_PREFIX).toBe('/api/v1');
});

describe.each(names)('%s', (route) => {
  it('is answered to whom the access table names, and to nobody else', async () => {
    const relations = [
      { subject: 'p1', careFor: [] },
      { subject: 'x1', careFor: ['p1'] },
      { subject: 'x1', careFor: ['p2'] },
    ];
    for (const role of ROLES)
      for (const relation of relations) {
        const caller = { ...relation, roles: [role] };
        const { granted } = authorize(ROUTE_ACCESS[route], caller, { userRef: 'p1', refOf: (id) => id });
        const { status, refusals } = await call(route, caller);
        expect([role, relation, status]).toEqual([
          role,
          relation,
          granted ? expect.toSatisfy((code) => [200, 428].includes(code)) : 403,
        ]);
        if (!granted)
          expect(refusals).toMatchObject([{ exchange: { userId: 'p1', step: 'authorize', caller } }]);
      }
  });

  it('needs a token', async () => {
    expect(await call(route, undefined)).toMatchObject({ status: 401 });
  });

  it('refuses a user id of another form', async () => {
    const pathParameters = { user_id: 'p 1', medication_id: 'm1', reminder_id: reminderId };
    expect(await call(route, SERVICE, { ...RIGHT[route], pathParameters })).toMatchObject({
      status: 400,
      body: { problems: [{ pointer: '/user_id' }] },
    });
  });
});

describe.each(names.filter((name) => RIGHT[name].body !== undefined))('the body of %s', (route) => {
  it('is needed', async () => {
    expect((await call(route, SERVICE, {})).status).toBeGreaterThanOrEqual(400);
  });

  it('may have no unknown field and no field of another type', async () => {
    const body = { ...Object(RIGHT[route].body), surprise: 1, status: 7 };
    const { status, body: problem } = await call(route, SERVICE, { body });
    expect(status).toBe(400);
    expect(problem.problems).toContainEqual(
      expect.objectContaining({ pointer: '/surprise', code: 'unknown_field' }),
    );
    expect(bench.trail()).toEqual([]);
  });
});

describe.each(names.filter((name) => RIGHT[name].body === undefined))('%s', (route) => {
  it('takes no body', async () => {
    expect(await call(route, PATIENT, { body: { reason: 'x' } })).toMatchObject({ status: 400 });
  });
});

describe('versions in headers', () => {
  const put = (headers: Record<string, string>) =>
    call('putPreferences', PATIENT, { ...RIGHT.putPreferences, headers });

  it('go out as ETag and come back as If-Match', async () => {
    expect(await call('getPreferences', PATIENT)).toMatchObject({ headers: { etag: '"0"' } });
    expect(await put({ 'If-Match': '"0"' })).toMatchObject({ status: 200, headers: { etag: '"1"' } });
    expect(await put({ 'If-Match': '"0"' })).toMatchObject({
      status: 412,
      body: { code: 'precondition_failed' },
    });
    expect(await put({})).toMatchObject({ status: 428, body: { code: 'precondition_required' } });
    expect(await put({ 'If-Match': 'W/"1"' })).toMatchObject({ status: 412 });
    expect(await put({ 'If-Match': '"9", "1"' })).toMatchObject({ status: 200, headers: { etag: '"2"' } });
  });

  it.each(['1', '"1', 'anything', '"1" "2"', `"${'1'.repeat(2000)}"`])('are refused as %j', async (tag) => {
    expect(await put({ 'If-Match': tag })).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
  });
});

describe('the query of the list of reminders', () => {
  const list = (query: Record<string, string[]>) => call('listReminders', PATIENT, { query });

  it('takes dates, instants with any offset and a limit', async () => {
    const { status, body } = await list({
      from: ['2027-03-01'],
      to: ['2027-03-05T02:00+02:00'],
      limit: ['1'],
    });
    expect([status, body.from, body.to]).toEqual([
      200,
      '2027-03-01T00:00:00.000Z',
      '2027-03-05T00:00:00.000Z',
    ]);
    expect(body.reminders).toMatchObject([{ reminder_id: reminderId, status: 'published' }]);
    const next = await list({ cursor: [body.next_cursor], limit: ['2'] });
    expect(next.body.reminders).toHaveLength(2);
  });

  it.each([
    [{ from: ['2027-02-30'] }, '/from', 'invalid_instant'],
    [{ from: ['yesterday'] }, '/from', 'wrong_format'],
    [{ to: ['2027-03-01T08:00'] }, '/to', 'wrong_format'],
    [{ limit: ['0'] }, '/limit', 'invalid_value'],
    [{ limit: ['201'] }, '/limit', 'invalid_value'],
    [{ cursor: ['a b'] }, '/cursor', 'invalid_value'],
    [{ medication_id: ['m1'] }, '/medication_id', 'unknown_field'],
    [{ limit: ['1', '2'] }, '/limit', 'repeated_field'],
  ])('%j is refused at %s: %s', async (query, pointer, code) => {
    expect(await list(query)).toMatchObject({ status: 400, body: { problems: [{ pointer, code }] } });
  });
});
