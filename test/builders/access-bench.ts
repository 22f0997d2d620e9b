import { auditApi } from '#functions/audit-api/handler.ts';
import { breakGlassApi } from '#functions/break-glass-api/handler.ts';
import { apiHandler, type Serve } from '#functions/http/api-handler.ts';
import { importsApi } from '#functions/imports-api/handler.ts';
import { interactionsApi } from '#functions/interactions-api/handler.ts';
import { jobsApi } from '#functions/jobs-api/handler.ts';
import { operationsApi } from '#functions/operations-api/handler.ts';
import { rightsApi } from '#functions/rights-api/handler.ts';
import { submitJob } from '#functions/submit-job/handler.ts';
import { usersApi } from '#functions/users-api/handler.ts';
import { ROUTES, type RouteName } from '#shared/contract/routes.ts';
import type { AccessRule } from '#shared/evidence/access.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import { CARE_TEAM_SCOPES, CAREGIVER_SCOPES } from '#shared/evidence/caregiver-scopes.ts';
import type { ComplianceProbes } from '#shared/evidence/compliance-checks.ts';
import type { JobKind } from '#shared/jobs/define-job-kind.ts';
import { JOB_KINDS, kindsByName } from '#shared/jobs/registry.ts';
import { addSeconds } from '#shared/lifecycle/instant.ts';
import type { Role } from '#shared/lifecycle/role.ts';
import { DEFAULT_PREFERENCES } from '#shared/operations/preferences-view.ts';
import { createInMemoryAuditPages } from '#test/fakes/in-memory-seals.ts';
import { recordingApiDeps } from './api-deps.ts';
import { type ApiEventOptions, apiEvent, lambdaContext } from './api-event.ts';
import { PROBES_HOLD } from './probes.ts';
import { createTestEngine, type TestEngine } from './test-engine.ts';

/** The patient that every request is about, and who calls. */
export const PATIENT_ID = 'p1';
const CALLER_ID = 'somebody';
const START = '2027-03-01T13:00:00.000Z';

/**
 * What the caller is to the patient: by the token (`claim`), by what the patient has stored (`grant`), by both, by neither
 * (`none`), or something to somebody else (`foreign`).
 */
export const RELATIONS = [
  'self',
  'claim',
  'grant',
  'claim, and a grant of every other scope',
  'claim, and a grant that has ended',
  'claim, and a grant that has not begun',
  'claim, and a grant that was revoked',
  'foreign',
  'none',
] as const;
export type Relation = (typeof RELATIONS)[number];

export const isClaimed = (relation: Relation): boolean => relation.startsWith('claim');
export const isStored = (relation: Relation): boolean => relation.includes('grant');

export const callerOf = (role: Role, relation: Relation): Caller => ({
  subject: relation === 'self' ? PATIENT_ID : CALLER_ID,
  roles: [role],
  careFor: isClaimed(relation) ? [PATIENT_ID] : relation === 'foreign' ? ['p2'] : [],
});

const SERVICE: Caller = { subject: 'prepares', roles: ['service'], careFor: [] };

/** A deployment in memory behind the real handlers of every route. */
export function createAccessBench(kinds: readonly JobKind[] = JOB_KINDS) {
  const engine = { ...createTestEngine(kinds, { start: START }), settings: { patientRelease: true } };
  let probes = PROBES_HOLD;
  const serve = async (handler: Serve, options: ApiEventOptions) => {
    const { deps } = recordingApiDeps();
    const answer = await apiHandler({ ...deps, clock: engine.clock }, handler)(
      apiEvent(options),
      lambdaContext(),
    );
    return { status: answer.statusCode, body: JSON.parse(answer.body) };
  };
  return {
    engine,
    /** A request by a route's name. */
    call: (route: RouteName, options: ApiEventOptions, caller: Caller = SERVICE) => {
      const { method, path, family } = ROUTES[route];
      return serve(handlerOf(family, { ...engine, probes }, caller), { method, path, ...options });
    },
    submit: (kind: JobKind, body: object, caller: Caller = SERVICE) =>
      serve(
        submitJob({
          ...engine,
          kind,
          probes,
          ...requestParts(caller),
          hasRoom: async () => true,
          userJobLimit: 100,
        }),
        {
          path: `/jobs/${kind.name}`,
          body,
        },
      ),
    /** What the HIPAA step asks is answered otherwise from now on. */
    probe: (answers: Partial<ComplianceProbes>) => {
      probes = { ...probes, ...answers };
    },
    /** Stores what the patient has given the caller, and what somebody else has. */
    relate: (relation: Relation, rule: AccessRule) => {
      storeGrants(engine, PATIENT_ID, relation, rule);
      storeGrants(engine, 'p2', relation === 'foreign' ? 'grant' : 'none', rule);
    },
  };
}

export type AccessBench = ReturnType<typeof createAccessBench>;

const requestParts = (caller: Caller) => ({
  verifyToken: async () => ({ ok: true, caller }) as const,
});

/** @throws Error for a family that has no handler here */
function handlerOf(family: string, engine: TestEngine & { probes: ComplianceProbes }, caller: Caller): Serve {
  const parts = { ...engine, ...requestParts(caller) };
  const families: Record<string, () => Serve> = {
    jobs: () => jobsApi(parts),
    interactions: () => interactionsApi({ ...parts, kinds: kindsByName() }),
    users: () => usersApi(parts),
    imports: () => importsApi({ ...parts, hasRoom: async () => true }),
    'break-glass': () => breakGlassApi(parts),
    rights: () => rightsApi(parts),
    audit: () => auditApi({ ...parts, pages: createInMemoryAuditPages(() => engine.db.audit.values()) }),
    operations: () =>
      operationsApi({
        ...parts,
        refs: async () => engine.refs,
        checkHealth: async (at) => ({ at, parts: { store: 'up' }, pausedPriorities: ['LOW'] }),
        version: '1.2.3',
      }),
  };
  const make = families[family];
  if (!make)
    throw new Error(`No handler of the routes "${family}" stands in test/builders/access-bench.ts: add it.`);
  return make();
}

const CONSENTED = '2026-01-01T00:00:00.000Z';

function grantsOf(relation: Relation, all: readonly string[], scope: string | undefined) {
  if (!isStored(relation)) return [];
  // A rule without a scope lets nobody in by a grant, however much it names.
  const named = scope === undefined ? all : [scope];
  const others = all.filter((one) => one !== scope);
  const grant = { caregiverId: CALLER_ID, scopes: named, consentedAt: CONSENTED, start: CONSENTED };
  switch (relation) {
    case 'claim, and a grant of every other scope':
      return [{ ...grant, scopes: others }];
    case 'claim, and a grant that has ended':
      return [{ ...grant, end: START }];
    case 'claim, and a grant that has not begun':
      return [{ ...grant, start: addSeconds(START, 3_600) }];
    case 'claim, and a grant that was revoked':
      return [{ ...grant, revokedAt: START }];
    default:
      return [grant];
  }
}

/** As a caregiver, and as one of the care team. */
function storeGrants(engine: TestEngine, userId: string, relation: Relation, rule: AccessRule): void {
  const owner = engine.refs.user(userId);
  const caregivers = grantsOf(relation, CAREGIVER_SCOPES, rule.caregiverScope);
  const members = grantsOf(relation, CARE_TEAM_SCOPES, rule.careTeamScope ?? rule.caregiverScope);
  const preferences = { ...DEFAULT_PREFERENCES, caregivers };
  const body = { userId, timeZone: 'America/New_York', preferences };
  const grantees = caregivers.length > 0 ? [engine.refs.user(CALLER_ID)] : [];
  const write = { owner, id: '', expect: 'any' as const, state: {}, grantees };
  engine.db.applyWrites([{ ...write, type: 'user', body }]);
  // An empty list is one that was set: it says that nobody was ever given anything.
  engine.db.applyWrites([{ ...write, type: 'careTeam', body: { userId, members } }]);
}
