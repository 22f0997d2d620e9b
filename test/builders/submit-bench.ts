import { apiHandler } from '#functions/http/api-handler.ts';
import { createTokenVerifier } from '#functions/http/token-verifier.ts';
import { refusalRecorder } from '#functions/runtime/refusal-recorder.ts';
import { type SubmitDeps, submitJob } from '#functions/submit-job/handler.ts';
import type { JobKind } from '#shared/jobs/define-job-kind.ts';
import type { RecordReader, RecordType, StoredRecord } from '#shared/jobs/ports.ts';
import { ROLES, type Role } from '#shared/lifecycle/role.ts';
import { createInMemoryEmergencyGrants } from '#test/fakes/in-memory-break-glass.ts';
import { InMemoryQueue } from '#test/fakes/in-memory-queue.ts';
import { createInMemoryAudit, createInMemoryStore } from '#test/fakes/in-memory-store.ts';
import { MemoryDatabase } from '#test/fakes/memory-database.ts';
import { createInMemoryRefusalCounter } from '#test/fakes/memory-events.ts';
import { createCountingRandom, createFakeHashes } from '#test/fakes/quiet.ts';
import { NOW, recordingApiDeps } from './api-deps.ts';
import { type ApiEventOptions, apiEvent, lambdaContext } from './api-event.ts';
import { PROBES_HOLD } from './probes.ts';
import { countingFetcher, createTestIssuer } from './signed-tokens.ts';

/** An issuer that vouches for every role; making its key pair takes a while, so the benches of a test file share it. */
export const createAllRolesIssuer = () => createTestIssuer({ roles: ROLES });

type TestIssuer = Awaited<ReturnType<typeof createAllRolesIssuer>>;

/** A job endpoint with everything behind it in memory. Each part can be replaced by one that fails. */
export function createSubmitBench(kind: JobKind, issuer: TestIssuer, replaced: Partial<SubmitDeps> = {}) {
  const db = new MemoryDatabase();
  const audit = createInMemoryAudit(db);
  const queue = new InMemoryQueue(() => NOW);
  const recorded = recordingApiDeps(kind.name);
  const refs = createFakeHashes();
  const random = createCountingRandom();
  const deps: SubmitDeps = {
    kind,
    store: createInMemoryStore(db),
    audit,
    queue,
    records: everythingActive,
    emergencyGrants: createInMemoryEmergencyGrants(db),
    refs,
    random,
    metrics: recorded.metrics,
    log: recorded.log,
    settings: { defaultTimeZone: 'Europe/Berlin' },
    hasRoom: async () => true,
    userJobLimit: 100,
    probes: PROBES_HOLD,
    verifyToken: createTokenVerifier({
      issuers: [issuer.config],
      stage: 'dev',
      epochMs: Date.now,
      fetcher: countingFetcher(() => [issuer.jwk]),
    }),
    ...replaced,
  };
  const recordRefusal = refusalRecorder({
    audit,
    counter: createInMemoryRefusalCounter(db.events),
    random,
    refs: async () => refs,
  });
  const handler = apiHandler({ ...recorded.deps, metrics: deps.metrics, recordRefusal }, submitJob(deps));
  return {
    db,
    /** Messages that the queue has taken. */
    sent: queue.sent,
    log: recorded.log,
    metrics: recorded.metrics,
    /** Posts `body`, with a token of `caller` unless it is absent. */
    post: async (body: unknown, caller?: TestCaller, more: Partial<ApiEventOptions> = {}) => {
      const token = caller && (await issuer.sign(claimsOf(caller)));
      const headers = { ...(token && { Authorization: `Bearer ${token}` }), ...more.headers };
      const event = apiEvent({ path: `/jobs/${kind.name}`, body, ...more, headers });
      const { statusCode, headers: answered, body: text } = await handler(event, lambdaContext());
      return { status: statusCode, headers: answered, body: JSON.parse(text) };
    },
  };
}

export interface TestCaller {
  readonly role: Role;
  readonly subject: string;
  readonly careFor?: readonly string[];
}

const claimsOf = ({ role, subject, careFor = [] }: TestCaller) => ({
  sub: subject,
  groups: [role],
  care_for: careFor,
});

/** A caller whose role and relation to the patient allow to submit that kind's example. */
export function allowedCaller(kind: JobKind, role = kind.submitRoles[0]): TestCaller {
  if (!role) throw new Error(`Nobody may submit ${kind.name}.`);
  const userId = kind.open(kind.example).userId;
  if (userId === undefined) return { role, subject: 'staff-1' };
  return role === 'patient' ? { role, subject: userId } : { role, subject: 'staff-1', careFor: [userId] };
}

/** Whatever is asked for stands and is active, which is what the kinds' business rules look at; nobody was erased. */
const everythingActive: RecordReader = {
  readMany: async <T extends RecordType>(keys: readonly { type: T; id: string }[]) =>
    keys.map(({ type, id }) =>
      type === 'erased'
        ? undefined
        : // The rules of the kinds read the status only.
          ({ type, id, version: 1, state: { status: 'active' }, body: {} } as unknown as StoredRecord<T>),
    ),
  async *list() {},
  async *range() {},
  owners: async () => [],
  patientsOf: async () => [],
};
