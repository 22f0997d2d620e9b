import { describe, expect, it } from 'vitest';
import { apiHandler } from '#functions/http/api-handler.ts';
import { jobsApi } from '#functions/jobs-api/handler.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import { CAREGIVER_SCOPES } from '#shared/evidence/caregiver-scopes.ts';
import { JOB_KINDS } from '#shared/jobs/registry.ts';
import { ROLES, type Role } from '#shared/lifecycle/role.ts';
import { DEFAULT_PREFERENCES } from '#shared/operations/preferences-view.ts';
import { recordingApiDeps } from './builders/api-deps.ts';
import { apiEvent, lambdaContext } from './builders/api-event.ts';
import { PROBES_HOLD } from './builders/probes.ts';
import { createTestEngine, deliverAll, submitted } from './builders/test-engine.ts';
import { testKind } from './builders/test-kinds.ts';

// Who sees which members of a job of each kind, through the real handler. What is right is written out here by hand.

const STATUS_MEMBERS = [
  'attempt_count',
  'attempt_limit',
  'attempts',
  'created_at',
  'due_at',
  'ended_at',
  'generation',
  'job_id',
  'kind',
  'links',
  'priority',
  'status',
];
const NOT_FOUND = undefined;
type Seen = 'whole' | 'short' | 'status' | typeof NOT_FOUND;

/** What the caller is to patient `p1`: by the token, or by what the patient has stored. */
const RELATIONS = ['self', 'claim', 'grant', 'revoked', 'none'] as const;
type Relation = (typeof RELATIONS)[number];

const CLAIMS: readonly Relation[] = ['claim', 'revoked'];
const callerOf = (role: Role, relation: Relation): Caller => ({
  subject: relation === 'self' ? 'p1' : 'somebody',
  roles: [role],
  careFor: CLAIMS.includes(relation) ? ['p1'] : [],
});

/** Kinds whose jobs a caregiver with a grant may see at all. */
const GRANTABLE = [
  'medication-reminder',
  'reminder-delivery',
  'schedule-update',
  'refill-check',
  'supply-monitor',
  'interaction-check',
];

function ofPatient(kind: string, role: Role, relation: Relation): Seen {
  const asPatient: Seen = kind === 'interaction-check' ? 'short' : 'whole';
  if (role === 'patient') return relation === 'self' ? asPatient : NOT_FOUND;
  if (role === 'caregiver') {
    if (relation === 'claim') return asPatient;
    return relation === 'grant' && GRANTABLE.includes(kind) ? asPatient : NOT_FOUND;
  }
  if (role === 'clinician' || role === 'pharmacist') return CLAIMS.includes(relation) ? 'whole' : NOT_FOUND;
  if (role === 'analyst') return NOT_FOUND;
  return role === 'service' ? 'whole' : 'status';
}

function ofNobody(kind: string, role: Role): Seen {
  if (role === 'operator' || role === 'admin') return 'whole';
  if (role === 'auditor') return 'status';
  if (role === 'analyst') return kind === 'analytics-roll-up' ? 'short' : NOT_FOUND;
  // Another application's import: `GET /imports/{import_id}` says no more.
  if (role === 'service') return kind.startsWith('import') ? NOT_FOUND : 'whole';
  return NOT_FOUND;
}

/** Members beside the status, and what the result says. */
const SHOWN = {
  whole: { more: ['result', 'summary'], result: { secret: 'finding', shown: true } },
  short: { more: ['result'], result: { shown: true } },
  status: { more: [], result: undefined },
};

/** A job of a kind of that name, with its views, that has succeeded; about patient `p1`, or about nobody. */
async function benchOf(name: string, user: string | undefined) {
  const real = JOB_KINDS.find((kind) => kind.name === name);
  const shown = () => ({ shown: true });
  const kind = testKind({
    name,
    process: async () => ({ end: 'succeeded', result: { secret: 'finding', shown: true }, summary: 'done' }),
    ...(real?.patientView && { patientView: shown }),
    ...(real?.analystView && { analystView: shown }),
  });
  const engine = createTestEngine([kind]);
  const payload = user === undefined ? {} : { user_id: user };
  const { jobId } = await submitted(engine, kind, { payload });
  await deliverAll(engine);
  const store = (relation: Relation) => {
    const consentedAt = '2026-01-01T00:00:00.000Z';
    const grant = { caregiverId: 'somebody', scopes: CAREGIVER_SCOPES, consentedAt, start: consentedAt };
    const caregivers =
      relation === 'grant' ? [grant] : relation === 'revoked' ? [{ ...grant, revokedAt: consentedAt }] : [];
    engine.db.applyWrites([
      {
        type: 'user',
        owner: engine.refs.user('p1'),
        id: '',
        expect: 'any',
        state: {},
        body: { userId: 'p1', preferences: { ...DEFAULT_PREFERENCES, caregivers } },
      },
    ]);
  };
  const get = async (caller: Caller) => {
    const { deps } = recordingApiDeps();
    const serve = jobsApi({
      ...engine,
      probes: PROBES_HOLD,
      verifyToken: async () => ({ ok: true, caller }),
    });
    const event = apiEvent({ method: 'GET', path: '/jobs/{job_id}', pathParameters: { job_id: jobId } });
    const { statusCode, body } = await apiHandler(deps, serve)(event, lambdaContext());
    return { status: statusCode, body: JSON.parse(body) };
  };
  return { store, get };
}

type Bench = Awaited<ReturnType<typeof benchOf>>;

async function expectSeen(bench: Bench, caller: Caller, seen: Seen, what: string) {
  const { status, body } = await bench.get(caller);
  if (seen === NOT_FOUND) {
    expect([what, status, body.code]).toEqual([what, 404, 'not_found']);
    return;
  }
  const { more, result } = SHOWN[seen];
  // Analysts are told the summary of what they are shown.
  const summary = seen === 'short' && caller.roles.includes('analyst') ? ['summary'] : [];
  expect([what, status, Object.keys(body).sort()]).toEqual([
    what,
    200,
    [...STATUS_MEMBERS, ...more, ...summary].sort(),
  ]);
  expect(body.result).toEqual(result);
}

describe.each(JOB_KINDS.map(({ name }) => name))('a job of kind %s', (name) => {
  it('about a patient shows each role what it may see, by what the caller is to the patient', async () => {
    const bench = await benchOf(name, 'p1');
    for (const relation of RELATIONS) {
      bench.store(relation);
      for (const role of ROLES)
        await expectSeen(
          bench,
          callerOf(role, relation),
          ofPatient(name, role, relation),
          `${role} ${relation}`,
        );
    }
  });

  it('about nobody shows each role what it may see', async () => {
    const bench = await benchOf(name, undefined);
    for (const role of ROLES) await expectSeen(bench, callerOf(role, 'none'), ofNobody(name, role), role);
  });
});
