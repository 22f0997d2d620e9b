import { describe, expect, it } from 'vitest';
import { ROUTES, type RouteName } from '#shared/contract/routes.ts';
import {
  type AccessRule,
  jobAccess,
  ROUTE_ACCESS,
  SUBMIT_RELATIONSHIP,
  submitAccess,
} from '#shared/evidence/access.ts';
import { KINDS_ABOUT_NOBODY } from '#shared/evidence/kinds-about-nobody.ts';
import { ACCEPTED_JOB, jobMembers, type Members, membersFor } from '#shared/evidence/response-members.ts';
import type { JobKind } from '#shared/jobs/define-job-kind.ts';
import { JOB_KINDS, PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { ROLES, type Role } from '#shared/lifecycle/role.ts';
import type { SubmitPlan } from '#shared/operations/submit-job.ts';
import {
  type AccessBench,
  callerOf,
  createAccessBench,
  isClaimed,
  isStored,
  PATIENT_ID,
  RELATIONS,
  type Relation,
} from './builders/access-bench.ts';
import { SAMPLES } from './builders/access-samples.ts';
import { deliverAll, submitted } from './builders/test-engine.ts';
import { testKind } from './builders/test-kinds.ts';

// Every route × kind × role × relation through the real handlers: exactly what the tables of shared/evidence say.

const routeNames = Object.keys(ROUTES) as RouteName[]; // its own keys
const JOB_ROUTES = ['listJobs', 'getJob', 'getEvidence', 'getReceipt', 'cancelJob', 'retryJob'] as const;

const OTHERS = routeNames.filter((name) => !JOB_ROUTES.some((job) => job === name));

const makersOf = (route: RouteName): readonly Role[] => {
  const rule: AccessRule = ROUTE_ACCESS[route];
  return rule.ofMaker ?? [];
};

/** Whether a role that has to be this to the patient is it. What the patient has stored decides before a claim. */
function isLetIn(rule: AccessRule, role: Role, relation: Relation): boolean {
  const need = rule.ofPatient[role];
  if (need === undefined) return false;
  if (need !== 'cares_for') return need === 'any' || relation === 'self';
  const scope = role === 'caregiver' ? rule.caregiverScope : (rule.careTeamScope ?? rule.caregiverScope);
  if (isStored(relation)) return relation === 'grant' && scope !== undefined;
  return isClaimed(relation);
}

/** What is wrong with an answer's members: those that are missing, and those that nobody said. */
function wrongMembers(body: unknown, members: Members, present: readonly string[], path = ''): string[] {
  const items: readonly object[] = (Array.isArray(body) ? body : [body]).map(Object);
  const unknown = items.flatMap((item) =>
    Object.keys(item).filter((name) => !(name in members) && !(`${name}?` in members)),
  );
  const rest = Object.entries(members).flatMap(([name, inner]) => {
    const plain = name.replace('?', '');
    const at = path + plain;
    const having = items.filter((item) => plain in item);
    const right = !name.endsWith('?')
      ? having.length === items.length
      : present.includes(at) === having.length > 0;
    if (!right) return [at];
    if (inner === true) return [];
    return having.flatMap((item) => wrongMembers(Reflect.get(item, plain), inner, present, `${at}.`));
  });
  return [...unknown.map((name) => `${path}${name}, which nobody said`), ...rest];
}

type Answer = Awaited<ReturnType<AccessBench['call']>>;

const expectShown = (
  answer: Answer,
  what: string,
  status: number,
  members: Members,
  present: readonly string[],
) => {
  expect([what, answer.status, wrongMembers(answer.body, members, present)]).toEqual([what, status, []]);
};
const expectRefused = (answer: Answer, what: string, status: number, code: string) => {
  expect([what, answer.status, answer.body.code]).toEqual([what, status, code]);
};

const everyCase = RELATIONS.flatMap((relation) => ROLES.map((role) => ({ relation, role })));

it('has a right request of every route', () => {
  const missing = OTHERS.filter((name) => !SAMPLES[name]);
  expect(missing, 'Add a request of each to SAMPLES in test/builders/access-samples.ts.').toEqual([]);
});

describe.each(OTHERS.filter((name) => SAMPLES[name]))('%s', (route) => {
  it('is answered by the table', async () => {
    const sample = SAMPLES[route];
    if (!sample) return;
    const rule: AccessRule = ROUTE_ACCESS[route];
    for (const { relation, role } of everyCase) {
      const what = `${role}, ${relation}`;
      const bench = createAccessBench();
      bench.relate(relation, rule);
      const options = await sample.prepare(bench);
      const answer = await bench.call(route, options, callerOf(role, relation));
      const mayAtAll =
        rule.ofNobody.includes(role) || rule.ofMaker?.includes(role) || rule.ofPatient[role] !== undefined;
      const mayHere =
        sample.about === 'patient' ? isLetIn(rule, role, relation) : rule.ofNobody.includes(role);
      const { refused, foreign } = sample;
      if (mayHere && !sample.foreignTo?.includes(role))
        expectShown(answer, what, sample.status ?? 200, membersFor(route, role), [
          ...(sample.with ?? []),
          ...(isClaimed(relation) ? (sample.withClaim ?? []) : []),
        ]);
      else if (mayAtAll && foreign) expectRefused(answer, what, foreign.status, foreign.code);
      else if (refused?.shows) expectShown(answer, what, refused.status, refused.shows, []);
      else expectRefused(answer, what, refused?.status ?? 403, refused?.code ?? 'forbidden');
    }
  }, 60_000);
});

describe.each(OTHERS.filter((name) => makersOf(name).length > 0))(
  '%s of who made what it is about',
  (route) => {
    it.each(makersOf(route))('is open to them as %s, and in no other role', async (role) => {
      const bench = createAccessBench();
      const caller = callerOf(role, 'claim');
      const options = (await SAMPLES[route]?.prepare(bench, caller)) ?? {};
      expectShown(await bench.call(route, options, caller), role, 200, membersFor(route, role), []);
      for (const other of makersOf(route).filter((one) => one !== role)) {
        const answer = await bench.call(route, options, callerOf(other, 'claim'));
        expectRefused(answer, `${role}, now ${other}`, 404, 'not_found');
      }
    });
  },
);

describe.each(PUBLIC_KINDS.map(({ name }) => name))('POST /jobs/%s', (name) => {
  const kind = PUBLIC_KINDS.find((one) => one.name === name);
  const priorities = kind?.priorities.includes('CRITICAL')
    ? (['CRITICAL', undefined] as const)
    : ([undefined] as const);

  it.each(priorities)(
    'at priority %s is answered by the table',
    async (priority) => {
      if (!kind) return;
      const rule = submitAccess(kind.submitRoles, priority ?? kind.defaultPriority, name);
      for (const { relation, role } of everyCase) {
        const bench = createAccessBench();
        bench.relate(relation, rule);
        const about = kind.open(kind.example).userId === undefined ? {} : { user_id: PATIENT_ID };
        await prepareFor(bench, kind);
        const body = { ...kind.example, ...about, ...(priority && { priority }) };
        const answer = await bench.submit(kind, body, callerOf(role, relation));
        const may = 'user_id' in about ? isLetIn(rule, role, relation) : rule.ofNobody.includes(role);
        const what = `${role}, ${relation}`;
        if (may) expectShown(answer, what, 202, ACCEPTED_JOB, []);
        else expectRefused(answer, what, 403, 'forbidden');
      }
    },
    60_000,
  );
});

/** Has the medication stand that the kind’s example is about. */
async function prepareFor(bench: AccessBench, { example }: JobKind): Promise<void> {
  const { medication_id: medicationId } = example;
  if (typeof medicationId !== 'string') return;
  const pathParameters = { user_id: PATIENT_ID, medication_id: medicationId };
  await bench.call('putMedication', { pathParameters, body: { name: 'lisinopril' } });
}

/** A kind of that name with its views of results. */
function kindNamed(name: string): JobKind {
  const real = JOB_KINDS.find((kind) => kind.name === name);
  const shown = () => ({ shown: true });
  return testKind({
    name,
    process: async () => ({ end: 'succeeded', result: { secret: 'finding', shown: true }, summary: 'done' }),
    ...(real?.patientView && { patientView: shown }),
    ...(real?.analystView && { analystView: shown }),
  });
}

type JobRoute = (typeof JOB_ROUTES)[number];

it('lets analysts in to the kinds that have something for them, and names no kind that there is not', () => {
  const { analyst, service } = KINDS_ABOUT_NOBODY;
  const shows = JOB_KINDS.filter(({ analystView }) => analystView).map(({ name }) => name);
  expect(analyst).toEqual({ only: shows });
  const imports = JOB_KINDS.filter(({ name }) => name.startsWith('import')).map(({ name }) => name);
  expect(service).toEqual({ none: imports });
});

/** One job in the state that the route is right for. */
async function jobFor(
  bench: AccessBench,
  route: JobRoute,
  kind: JobKind,
  isAboutPatient: boolean,
  maker: Partial<Pick<SubmitPlan, 'caller' | 'role'>> = {},
) {
  const { engine } = bench;
  const payload = isAboutPatient ? { user_id: PATIENT_ID } : {};
  const { jobId } = await submitted(engine, kind, { payload, ...maker });
  if (route !== 'cancelJob') await deliverAll(engine);
  engine.time.advance(1);
  const row = engine.db.rows.get(jobId);
  if (route === 'retryJob' && row) engine.db.putRow({ ...row, status: 'failed' });
  return jobId;
}

const STATUS_OF: Readonly<Record<JobRoute, number>> = {
  listJobs: 200,
  getJob: 200,
  getEvidence: 200,
  getReceipt: 200,
  cancelJob: 200,
  retryJob: 202,
};
/** Members that are not in every answer and are in those of a job that has ended. */
const PRESENT: Readonly<Record<JobRoute, readonly string[]>> = {
  listJobs: [],
  getJob: ['ended_at', 'result', 'summary'],
  getEvidence: ['policy_version'],
  getReceipt: ['request'],
  cancelJob: ['ended_at', 'result', 'summary'],
  retryJob: ['next_attempt_at'],
};

describe.each(JOB_KINDS.map(({ name }) => name))('a job of kind %s', (name) => {
  const kind = kindNamed(name);
  const cases = JOB_ROUTES.flatMap((route) =>
    [true, false].map((isAboutPatient) => ({ route, isAboutPatient })),
  );

  it.each(cases)('$route, about a patient: $isAboutPatient', async ({ route, isAboutPatient }) => {
    const rule: AccessRule = jobAccess(route, name);
    const shared = createAccessBench([kind]);
    const jobId = await jobFor(shared, route, kind, isAboutPatient);
    const changes = route === 'cancelJob' || route === 'retryJob';
    for (const { relation, role } of everyCase) {
      const bench = changes ? createAccessBench([kind]) : shared;
      const id = changes ? await jobFor(bench, route, kind, isAboutPatient) : jobId;
      bench.relate(relation, rule);
      const options = route === 'listJobs' ? {} : { pathParameters: { job_id: id } };
      const answer = await bench.call(route, options, callerOf(role, relation));
      const may = isAboutPatient ? isLetIn(rule, role, relation) : rule.ofNobody.includes(role);
      const what = `${role}, ${relation}`;
      const isShown = route === 'listJobs' || route === 'getJob';
      const members = isShown ? shownOfJob(route, role, isAboutPatient, kind) : membersFor(route, role);
      if (route === 'listJobs') expectListed(answer, what, role, may ? members : undefined);
      else if (may) expectShown(answer, what, STATUS_OF[route], members, PRESENT[route]);
      else expectRefused(answer, what, 404, 'not_found');
    }
  });

  it.each(JOB_ROUTES)('%s, about nobody, made by the caller', async (route) => {
    const rule: AccessRule = jobAccess(route, name);
    for (const role of ROLES) {
      const bench = createAccessBench([kind]);
      const caller = callerOf(role, 'none');
      const id = await jobFor(bench, route, kind, false, { caller, role });
      const options = route === 'listJobs' ? {} : { pathParameters: { job_id: id } };
      const answer = await bench.call(route, options, caller);
      const may = rule.ofNobody.includes(role) || (rule.ofMaker?.includes(role) ?? false);
      const isShown = route === 'getJob' || route === 'listJobs';
      const members = isShown ? shownOfJob(route, role, false, kind) : membersFor(route, role);
      if (route === 'listJobs') expectListed(answer, role, role, may ? members : undefined);
      else if (may) expectShown(answer, role, STATUS_OF[route], members, PRESENT[route]);
      else expectRefused(answer, role, 404, 'not_found');
    }
  });
});

const shownOfJob = (route: JobRoute, role: Role, isAboutPatient: boolean, kind: JobKind): Members =>
  jobMembers(route === 'listJobs' ? route : 'getJob', role, isAboutPatient, kind);

/** A list has the job, with these members, or it has none. Lists of staff show of an ended job its outcome only. */
function expectListed(
  { status, body }: Answer,
  what: string,
  role: Role,
  members: Members | undefined,
): void {
  expect([what, status, body.jobs.length]).toEqual([what, 200, members ? 1 : 0]);
  const isStaff = SUBMIT_RELATIONSHIP[role] === 'any';
  const present = isStaff ? ['ended_at'] : ['ended_at', 'summary', 'attempt_limit', 'attempts'];
  if (members) expect([what, ...wrongMembers(body.jobs, members, present)]).toEqual([what]);
}
