import { describe, expect, it } from 'vitest';
import { API_PREFIX, ROUTES, type RouteName, submitPath } from '#shared/contract/routes.ts';
import { type AccessRule, ROUTE_ACCESS, submitAccess } from '#shared/evidence/access.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import { PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { ROLES } from '#shared/lifecycle/role.ts';
import { type AccessBench, callerOf, createAccessBench, PATIENT_ID } from './builders/access-bench.ts';
import { SAMPLES } from './builders/access-samples.ts';
import type { ApiEventOptions } from './builders/api-event.ts';
import { documentedStatuses } from './builders/documented-statuses.ts';
import { deliverAll, submitted } from './builders/test-engine.ts';

// The OpenAPI document against the code. Every test that asks a handler holds the status of its answer against it (see
// test/builders/documented-statuses.ts); here each route is asked in all the ways that are answered otherwise than well.

const routeNames = Object.keys(ROUTES) as RouteName[]; // its own keys
const templateOf = (route: RouteName) => `${ROUTES[route].method} ${API_PREFIX}${ROUTES[route].path}`;

const UNKNOWN_ID = '0000000000G8QJ4S5W9N3X7ZKA';

/** A right request, made wrong in one way. */
const WRONG: readonly ((right: ApiEventOptions) => ApiEventOptions)[] = [
  (right) => right,
  (right) => ({ ...right, headers: { ...right.headers, 'X-Purpose-Of-Use': 'NOTHING' } }),
  (right) => ({ ...right, headers: { ...right.headers, 'X-Purpose-Of-Use': 'PATRQT' } }),
  (right) => ({ ...right, headers: { ...right.headers, 'X-Purpose-Of-Use': 'HSYSADMIN' } }),
  (right) => ({ ...right, headers: { ...right.headers, 'If-Match': '"99"' } }),
  (right) => ({ ...right, query: { ...right.query, nothing: ['x'] } }),
  (right) => ({ ...right, rawBody: '{' }),
  (right) => ({ ...right, rawBody: `{"text":"${'x'.repeat(70_000)}"}` }),
  (right) => ({ ...right, body: {}, headers: { ...right.headers, 'Content-Type': 'text/plain' } }),
  (right) => ({ ...right, body: { ...Object(right.body), nothing: 1 } }),
  (right) => ({ ...right, pathParameters: idsOf(right, () => '../x') }),
  (right) => ({ ...right, pathParameters: idsOf(right, (name) => (name === 'user_id' ? 'p9' : UNKNOWN_ID)) }),
];

const idsOf = ({ pathParameters = {} }: ApiEventOptions, to: (name: string) => string) =>
  Object.fromEntries(Object.keys(pathParameters).map((name) => [name, to(name)]));

/** What can be wrong with the stack or the patient while the request is right. */
const TROUBLE: Readonly<Record<string, (bench: AccessBench) => void>> = {
  none: () => undefined,
  'no evidence can be left': ({ engine }) => {
    engine.audit.put = async () => {
      throw new Error('refused');
    };
  },
  'no record can be read': ({ engine }) => {
    engine.records.readMany = async () => {
      throw new Error('away');
    };
  },
  'the patient is erased': ({ engine }) => {
    const owner = engine.refs.user(PATIENT_ID);
    engine.db.erased.add(owner);
    const mark = {
      type: 'erased',
      id: '',
      owner,
      expect: 'any',
      state: { at: engine.clock() },
      body: {},
    } as const;
    engine.db.applyWrites([mark]);
  },
};

/** Callers whom the route may let in, and one whom it may not. */
const callersOf = (rule: AccessRule): Caller[] => {
  const may = ROLES.filter(
    (role) => role in rule.ofPatient || rule.ofNobody.includes(role) || rule.ofMaker?.includes(role),
  );
  const first = may.slice(0, 1).map((role) => callerOf(role, role === 'patient' ? 'self' : 'claim'));
  const others = may.filter((role, index) => role === 'admin' || index === may.length - 1);
  return [...first, ...others.map((role) => callerOf(role, 'claim')), callerOf('analyst', 'none')];
};

const preparedOf =
  (route: RouteName) =>
  async (bench: AccessBench): Promise<ApiEventOptions> => {
    const sample = SAMPLES[route];
    if (sample) return sample.prepare(bench);
    const kind = bench.engine.kinds.get('refill-check');
    if (!kind) throw new Error('There is no refill-check.');
    const { jobId } = await submitted(bench.engine, kind, {
      payload: { ...kind.example, user_id: PATIENT_ID },
    });
    if (route !== 'cancelJob') await deliverAll(bench.engine);
    return route === 'listJobs' ? {} : { pathParameters: { job_id: jobId } };
  };

describe.each(routeNames)('%s', (route) => {
  const documented = documentedStatuses(templateOf(route)) ?? [];

  it('names every status that it answers, whatever is wrong', async () => {
    const seen = new Set<number>();
    for (const caller of callersOf(ROUTE_ACCESS[route]))
      for (const trouble of Object.values(TROUBLE))
        for (const wrong of WRONG) {
          const bench = createAccessBench();
          const options = wrong(await preparedOf(route)(bench));
          trouble(bench);
          seen.add((await bench.call(route, options, caller)).status);
          // The same once more: what it is about may not be in that state any more.
          seen.add((await bench.call(route, options, caller)).status);
        }
    expect([...seen].filter((status) => !documented.includes(status))).toEqual([]);
    // It was asked in ways that were answered well, and in ways that were not.
    expect(Math.min(...seen)).toBeLessThan(300);
    // Nothing but the state of the stack changes what `health` answers.
    expect(seen.size > 1 || route === 'health').toBe(true);
  }, 60_000);

  it('names what its token, its roles and its path may lead to', () => {
    const { path, token } = ROUTES[route];
    const named = /\{(job|import|bulk_action|grant|reminder)_id\}/.test(path);
    const wanted = [400, ...(token ? [401, 403] : []), ...(named ? [404] : []), 429, 500];
    expect(wanted.filter((status) => !documented.includes(status))).toEqual([]);
  });
});

describe.each(PUBLIC_KINDS.map(({ name }) => name))('POST /jobs/%s', (name) => {
  it('names every status that it answers, and what its token and roles may lead to', async () => {
    const kind = PUBLIC_KINDS.find((one) => one.name === name);
    if (!kind) throw new Error('There is no such kind.');
    const documented = documentedStatuses(`POST ${API_PREFIX}${submitPath(name)}`) ?? [];
    expect([400, 401, 403, 404, 429, 500].filter((status) => !documented.includes(status))).toEqual([]);
    const about = kind.open(kind.example).userId === undefined ? {} : { user_id: PATIENT_ID };
    const seen = new Set<number>();
    for (const caller of callersOf(submitAccess(kind.submitRoles, kind.defaultPriority, name)))
      for (const trouble of Object.values(TROUBLE))
        for (const body of [
          { ...kind.example, ...about },
          { nothing: 1 },
          { ...kind.example, run_at: 'x' },
        ]) {
          const bench = createAccessBench();
          trouble(bench);
          seen.add((await bench.submit(kind, body, caller)).status);
        }
    expect([...seen].filter((status) => !documented.includes(status))).toEqual([]);
    expect(seen.size).toBeGreaterThan(1);
  });
});
