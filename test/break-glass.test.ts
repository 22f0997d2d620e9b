import { beforeAll, describe, expect, it } from 'vitest';
import { breakGlassApi } from '#functions/break-glass-api/handler.ts';
import type { Serve } from '#functions/http/api-handler.ts';
import { apiHandler } from '#functions/http/api-handler.ts';
import { interactionsApi } from '#functions/interactions-api/handler.ts';
import { jobsApi } from '#functions/jobs-api/handler.ts';
import { usersApi } from '#functions/users-api/handler.ts';
import { ROUTES, type RouteName } from '#shared/contract/routes.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import { JOB_KINDS, kindsByName, PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { addSeconds } from '#shared/lifecycle/instant.ts';
import { ROLES, type Role } from '#shared/lifecycle/role.ts';
import { NOW, recordingApiDeps } from './builders/api-deps.ts';
import { type ApiEventOptions, apiEvent, lambdaContext } from './builders/api-event.ts';
import { PROBES_HOLD } from './builders/probes.ts';
import { createAllRolesIssuer, createSubmitBench } from './builders/submit-bench.ts';
import { createTestEngine, submitted } from './builders/test-engine.ts';
import { SAMPLE_WORDS, sampleGrant } from './contracts/sample-grants.ts';
import { createFakeHashes } from './fakes/quiet.ts';

// What a grant opens, through the real handlers: every route about a patient, every job endpoint, every role. What is
// right is written out here by hand.

const PATIENT = 'p1';
const HOLDER = 'holder-1';
const refs = createFakeHashes();
const probes = PROBES_HOLD;

/** A grant of an hour in that role, some seconds ago. */
const grantFor = (role: Role, secondsAgo = 60) => {
  const grantedAt = addSeconds(NOW, -secondsAgo);
  return sampleGrant({ userRef: refs.user(PATIENT), actorRef: refs.actor(HOLDER), role, grantedAt });
};

type AboutPatient = Exclude<
  (typeof ROUTES)[RouteName]['family'],
  'imports' | 'operations' | 'break-glass' | 'audit' | 'rights'
>;
const BODIES: { readonly [R in RouteName]?: object } = {
  acknowledgeReminder: { status: 'taken' },
  reportDelivery: { status: 'delivered', channel: 'push', at: NOW },
  putPreferences: { follow: 'home' },
  putCareTeam: { care_team: [] },
  putMedication: { name: 'lisinopril' },
  releaseFindings: { findings: 'all' },
};
const OPENED: readonly RouteName[] = ['getJob', 'listReminders', 'listMedications'];
// The trail is for auditors only, and what patients may demand for others: no grant lets these in anywhere.
const PATHS = Object.entries(ROUTES).filter(
  ([, { family, path }]) => family !== 'audit' && family !== 'rights' && /\{(job_id|user_id)\}/.test(path),
);

async function world(role: Role, secondsAgo?: number) {
  const engine = createTestEngine(JOB_KINDS, { start: NOW });
  const kind = kindsByName().get('interaction-check');
  if (!kind) throw new Error('There is no interaction-check.');
  const { jobId } = await submitted(engine, kind, {
    payload: { user_id: PATIENT, medications: ['aspirin'] },
    opened: kind.open({ user_id: PATIENT, medications: ['aspirin'] }),
  });
  const grant = grantFor(role, secondsAgo);
  engine.db.breakGlass.set(grant.grantId, { grant, words: SAMPLE_WORDS });
  const call = async (caller: Caller, name: RouteName, more: ApiEventOptions = {}) => {
    const { deps } = recordingApiDeps();
    const verifyToken = async () => ({ ok: true, caller }) as const;
    const parts = { ...engine, verifyToken, probes };
    const serve: Readonly<Record<AboutPatient, Serve>> & Record<'break-glass', Serve> = {
      jobs: jobsApi(parts),
      users: usersApi(parts),
      interactions: interactionsApi(parts),
      'break-glass': breakGlassApi(parts),
    };
    const { method, path, family } = ROUTES[name];
    const handler = new Map(Object.entries(serve)).get(family);
    if (!handler) throw new Error(`No handler for ${name} here.`);
    const body = BODIES[name];
    const ids = { user_id: PATIENT, job_id: jobId, medication_id: 'm1', reminder_id: 'r1' };
    const event = apiEvent({ method, path, pathParameters: ids, ...(body && { body }), ...more });
    const { statusCode, body: text } = await apiHandler(deps, handler)(event, lambdaContext());
    return { status: statusCode, body: JSON.parse(text) };
  };
  return { engine, call };
}

const stranger = (role: Role, subject = HOLDER): Caller => ({ subject, roles: [role], careFor: ['p2'] });

describe('a grant', () => {
  it.each(['clinician', 'pharmacist'] as const)(
    'lets its holder do exactly what the table says, and nobody else anything (%s)',
    async (role) => {
      for (const [name] of PATHS) {
        const route = name as RouteName; // a key of ROUTES
        const { call } = await world(role);
        const opens = OPENED.includes(route);
        const { status } = await call(stranger(role), route);
        const refused = ROUTES[route].path.includes('{job_id}') ? 404 : 403;
        expect([route, status]).toEqual([route, opens ? 200 : refused]);
        expect([route, (await call(stranger(role, 'another'), route)).status]).toEqual([route, refused]);
      }
    },
  );

  it('opens nothing to any other role of its holder', async () => {
    const before = await world('clinician', 7_200);
    const live = await world('clinician');
    for (const role of ROLES.filter((one) => one !== 'clinician'))
      for (const [name] of PATHS) {
        const route = name as RouteName; // a key of ROUTES
        const without = await before.call(stranger(role), route);
        expect([role, route, (await live.call(stranger(role), route)).status]).toEqual([
          role,
          route,
          without.status,
        ]);
      }
  });

  it('opens nothing from its end on', async () => {
    const { call } = await world('clinician', 3_600);
    for (const route of OPENED)
      expect((await call(stranger('clinician'), route)).status).toBe(route === 'getJob' ? 404 : 403);
  });
});

describe('submissions under a grant', () => {
  let issuer: Awaited<ReturnType<typeof createAllRolesIssuer>>;
  beforeAll(async () => {
    issuer = await createAllRolesIssuer();
  });
  const aboutPatients = PUBLIC_KINDS.filter((kind) => kind.open(kind.example).userId !== undefined);

  it.each(aboutPatients)('of $name', async (kind) => {
    const bench = createSubmitBench(kind, issuer);
    const grant = grantFor('clinician');
    bench.db.breakGlass.set(grant.grantId, { grant, words: SAMPLE_WORDS });
    const body = { ...kind.example, user_id: PATIENT };
    const opens = kind.name === 'interaction-check';
    const { status } = await bench.post(body, { role: 'clinician', subject: HOLDER });
    expect(status).toBe(opens ? 202 : 403);
    const others = [
      await bench.post(body, { role: 'clinician', subject: 'another' }),
      await bench.post({ ...body, user_id: 'p3' }, { role: 'clinician', subject: HOLDER }),
      await bench.post(body, { role: 'pharmacist', subject: HOLDER }),
    ];
    expect(others.map((one) => one.status)).toEqual([403, 403, 403]);
    expect(bench.db.rows.size).toBe(opens ? 1 : 0);
    if (!opens) return;
    // The chain of the job names the grant, and the check of the relationship holds by it.
    const entry = [...bench.db.audit.values()].find(({ action }) => action === 'job.accepted');
    expect(entry).toMatchObject({
      actor: { breakGlass: grant.grantId, purpose: { code: 'ETREAT', declared: false } },
      details: { checks: expect.stringContaining('relationship=verified') },
    });
  });
});

describe('bad requests for emergency access', () => {
  const good = { user_id: PATIENT, reason_code: 'disaster', reason: 'Long enough a reason.' };
  it.each([
    ['no member', {}, ['/reason', '/reason_code', '/user_id']],
    ['an unknown one', { ...good, until: 'tomorrow' }, ['/until']],
    ['a reason that is too short', { ...good, reason: 'urgent' }, ['/reason']],
    ['a reason that is too long', { ...good, reason: 'x'.repeat(1_001) }, ['/reason']],
    ['a reason that nobody can see', { ...good, reason: ' '.repeat(20) }, ['/reason']],
    ['a code that is none', { ...good, reason_code: 'curiosity' }, ['/reason_code']],
    ['an id that is none', { ...good, user_id: 'p 1' }, ['/user_id']],
    ['too many minutes', { ...good, minutes: 61 }, ['/minutes']],
    ['no minutes', { ...good, minutes: 0 }, ['/minutes']],
  ])('%s', async (_, body, pointers) => {
    const { engine, call } = await world('clinician', 7_200);
    const { status, body: answer } = await call(stranger('clinician'), 'openBreakGlass', { body });
    expect(status).toBe(400);
    expect(answer.problems.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(pointers);
    expect(engine.db.breakGlass.size).toBe(1);
  });

  it.each([
    ['listBreakGlass', { query: { status: ['closed'] } }],
    ['listBreakGlass', { query: { limit: ['0'] } }],
    ['reviewBreakGlass', { body: { verdict: 'fine', note: 'x' } }],
    ['reviewBreakGlass', { body: { verdict: 'justified' } }],
    ['getBreakGlass', { pathParameters: { grant_id: 'one' } }],
    ['revokeBreakGlass', { body: { why: 'over' } }],
  ] as const)('%s with %j', async (route, options) => {
    const { call } = await world('clinician');
    const ids = { grant_id: grantFor('clinician').grantId };
    const caller = stranger('admin', 'somebody');
    const { status, body } = await call(caller, route, { pathParameters: ids, ...options });
    expect([status, body.code]).toEqual([400, 'invalid_input']);
  });

  it('a key that fails refuses it, and nothing is opened', async () => {
    const { engine } = await world('clinician', 7_200);
    const { deps } = recordingApiDeps();
    const serve = breakGlassApi({
      ...engine,
      verifyToken: async () => ({ ok: true, caller: stranger('clinician') }),
      probes: { ...probes, encryptionKeyUsable: () => Promise.reject(new Error('disabled')) },
    });
    const event = apiEvent({ path: '/break-glass', body: good });
    const { statusCode, body } = await apiHandler(deps, serve)(event, lambdaContext());
    expect([statusCode, JSON.parse(body).code]).toEqual([403, 'compliance_check_failed']);
    expect(engine.db.breakGlass.size).toBe(1);
  });
});
