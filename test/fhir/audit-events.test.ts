import { describe, expect, it } from 'vitest';
import { ROUTES, type RouteName } from '#shared/contract/routes.ts';
import { type AccessRule, ROUTE_ACCESS } from '#shared/evidence/access.ts';
import { AUDIT_ACTIONS, type AuditAction } from '#shared/evidence/audit-actions.ts';
import { CHAIN_START, chainedEntry, standaloneEntry } from '#shared/evidence/audit-chain.ts';
import type { Actor, AuditDraft, AuditEntry } from '#shared/evidence/audit-entry.ts';
import { auditEvent, auditEventBundle } from '#shared/evidence/fhir-audit-event.ts';
import { PURPOSES_OF_USE, type PurposeOfUse } from '#shared/evidence/purpose-of-use.ts';
import { JOB_KINDS } from '#shared/jobs/registry.ts';
import { ROLES } from '#shared/lifecycle/role.ts';
import { callerOf, createAccessBench } from '#test/builders/access-bench.ts';
import { SAMPLES } from '#test/builders/access-samples.ts';
import { BALP_PROFILES, balpFaults, type Event, faultsIn } from '#test/builders/balp-faults.ts';
import { fhirFaults } from '#test/builders/fhir-faults.ts';
import { RightsBench } from '#test/builders/rights-bench.ts';
import { deliverAll, submitted } from '#test/builders/test-engine.ts';

// Each kind of entry as an AuditEvent, held against HL7's definition of FHIR R4 and the rules of the profiles it claims.

const ACTIONS = Object.keys(AUDIT_ACTIONS) as AuditAction[]; // its own keys

const PERSON: Actor = {
  ref: 'actor-ref',
  role: 'clinician',
  tokenId: 'token-1',
  purpose: { code: 'TREAT', declared: true },
};
const ACTORS: Readonly<Record<string, Actor>> = {
  'a person': PERSON,
  'a person in an emergency': { ...PERSON, breakGlass: '01JZZZZZZZZZZZZZZZZZZZZZZG' },
  'an application for a person': { ref: 'actor-ref', role: 'service', onBehalfOf: 'behalf-ref' },
  'a part of the system': { ref: 'system:worker', role: 'system' },
  'an unknown caller': { ref: 'anonymous', role: 'none' },
};

const draft = (over: Partial<AuditDraft>): AuditDraft => ({
  at: '2031-05-06T07:08:09.123Z',
  action: 'job.read',
  outcome: 'success',
  actor: PERSON,
  correlationId: 'c-1',
  details: { kind: 'refill-check', attempt: 0, result: true, checks: '' },
  ...over,
});

const eventOf = (entry: AuditEntry): Event => JSON.parse(JSON.stringify(auditEvent(entry)));
const faultsOf = (entry: AuditEntry): readonly string[] => {
  const event = eventOf(entry);
  return [...fhirFaults(event), ...balpFaults(event)];
};

describe.each(ACTIONS)('%s', (action) => {
  it.each(Object.keys(ACTORS))('by %s is an AuditEvent of FHIR R4, and of what it claims', (by) => {
    const actor = ACTORS[by] ?? PERSON;
    const of = (over: Partial<AuditDraft>) => draft({ action, actor, ...over });
    const ofJob = { subjectRef: 'user-ref', jobId: 'job-1' };
    expect(faultsOf(standaloneEntry(of({}), 'id'))).toEqual([]);
    expect(faultsOf(standaloneEntry(of({ subjectRef: 'user-ref' }), 'id'))).toEqual([]);
    for (const outcome of ['success', 'refused', 'failure'] as const)
      expect(faultsOf(chainedEntry(of({ ...ofJob, outcome }), 'id', CHAIN_START).entry)).toEqual([]);
  });

  it('claims a profile if a person’s request succeeded and is none that deletes, and else none', () => {
    const profilesOf = (over: Partial<AuditDraft>) =>
      eventOf(standaloneEntry(draft({ action, ...over }), 'id')).meta?.profile.length ?? 0;
    const [kind] = [AUDIT_ACTIONS[action]];
    expect(profilesOf({})).toBe(kind === undefined || kind === 'delete' ? 0 : 1);
    expect(profilesOf({ outcome: 'refused' })).toBe(0);
    expect(profilesOf({ outcome: 'failure' })).toBe(0);
    expect(profilesOf({ actor: { ref: 'system:worker', role: 'system' } })).toBe(0);
  });
});

it('every purpose of use is a code of its system', () => {
  for (const code of Object.keys(PURPOSES_OF_USE) as PurposeOfUse[]) // its own keys
    expect([
      code,
      ...faultsOf(standaloneEntry(draft({ actor: { ...PERSON, purpose: { code, declared: true } } }), 'id')),
    ]).toEqual([code]);
});

describe('a refused request', () => {
  it.each([
    ['GET /api/v1/jobs/{job_id}', 'R', 'read'],
    ['PUT /api/v1/users/{user_id}/preferences', 'U', 'update'],
    ['DELETE /api/v1/users/{user_id}', 'D', 'delete'],
    ['POST /api/v1/jobs/search', 'E', 'operation'],
    ['unknown', 'E', 'operation'],
  ])('%s: %s', (route, code, interaction) => {
    const entry = standaloneEntry(
      draft({ action: 'request.refused', outcome: 'refused', details: { route } }),
      'id',
    );
    expect(eventOf(entry)).toMatchObject({
      action: code,
      outcome: '4',
      subtype: [{ code: interaction }, {}],
    });
    expect(faultsOf(entry)).toEqual([]);
  });
});

describe('what stands in the trail', () => {
  const routeNames = Object.keys(SAMPLES) as RouteName[]; // its own keys

  it.each(routeNames)('after %s', async (route) => {
    const sample = SAMPLES[route];
    if (!sample) throw new Error('It has a sample.');
    const rule: AccessRule = ROUTE_ACCESS[route];
    const role = ROLES.filter((one) => !sample.foreignTo?.includes(one)).find((one) =>
      sample.about === 'patient' ? rule.ofPatient[one] !== undefined : rule.ofNobody.includes(one),
    );
    if (!role) throw new Error(`Nobody may use ${route}.`);
    const bench = createAccessBench();
    const relation = rule.ofPatient[role] === 'self' ? 'self' : 'claim';
    const options = await sample.prepare(bench);
    const before = new Set(bench.engine.db.audit.keys());
    const answer = await bench.call(route, options, callerOf(role, relation));
    expect(answer.status).toBe(sample.status ?? 200);
    const entries = [...bench.engine.db.audit].flatMap(([key, entry]) => (before.has(key) ? [] : [entry]));
    for (const entry of bench.engine.db.audit.values())
      expect([entry.action, ...faultsOf(entry)]).toEqual([entry.action]);
    // What only shows something is not told as a change, and what changes something not as a look.
    const own = entries.filter(({ actor }) => actor.role !== 'system').map((entry) => eventOf(entry).action);
    if (ROUTES[route].method === 'GET') for (const code of own) expect(code).toMatch(/^[RE]$/);
    if (ROUTES[route].method === 'PUT') for (const code of own) expect(code).toMatch(/^[CU]$/);
  });

  it.each(JOB_KINDS.map(({ name }) => name))('after a job of kind %s', async (name) => {
    const { engine } = createAccessBench();
    const kind = JOB_KINDS.find((one) => one.name === name);
    if (!kind) throw new Error('It is a kind.');
    const row = await submitted(engine, kind, { payload: kind.example });
    await deliverAll(engine);
    const chain = [...engine.db.audit.values()];
    expect(chain.filter(({ jobId }) => jobId === row.jobId).length).toBeGreaterThan(1);
    for (const entry of chain) expect([entry.action, ...faultsOf(entry)]).toEqual([entry.action]);
  });

  it('after an erasure', async () => {
    const bench = new RightsBench();
    await bench.fill();
    await bench.trust();
    await bench.schedule();
    bench.days(7);
    await bench.erase();
    const entries = [...bench.engine.db.audit.values()];
    expect(bench.actions('user.')).toContain('user.erased');
    const links = { self: '?format=fhir', next: '?format=fhir&cursor=x' };
    expect(fhirFaults(auditEventBundle(entries, links))).toEqual([]);
    for (const entry of entries) expect([entry.action, ...faultsOf(entry)]).toEqual([entry.action]);
  });

  it('is a Bundle also when there is nothing', () => {
    expect(fhirFaults(auditEventBundle([], { self: '?a' }))).toEqual([]);
  });
});

/** Of each profile an event that meets it. */
const MEETING = ACTIONS.flatMap((action) =>
  [{}, { subjectRef: 'user-ref' }].map((about) =>
    eventOf(standaloneEntry(draft({ action, ...about }), 'id')),
  ),
);

describe.each([...BALP_PROFILES])('the rules of %s', (url, profile) => {
  const meeting = MEETING.find(({ meta }) => meta?.profile.includes(url));

  it('are met by something, and broken by what lacks any part that they name', () => {
    if (!meeting) throw new Error('Nothing claims it.');
    expect(faultsIn(meeting, profile)).toEqual([]);
    const broken: readonly (readonly [string, (event: Parts) => object])[] = [
      ['type', (event) => ({ ...event, type: { system: 'x', code: 'rest' } })],
      ['subtype', (event) => ({ ...event, subtype: [] })],
      ['action', (event) => ({ ...event, action: 'D' })],
      ['outcome', (event) => ({ ...event, outcome: '4' })],
      ...meeting.agent.map((_, at) => ['agent', without('agent', at)] as const).slice(0, 2),
      ...meeting.entity.map((_, at) => ['entity', without('entity', at)] as const).slice(1),
      ...[0, 1, 2].map((at) => ['who', lacking('agent', at, 'who')] as const),
      ...[0, 1].map((at) => ['network', lacking('agent', at, 'network')] as const),
      ['requestor', lacking('agent', 2, 'requestor')],
      ...[0, 1].map((at) => ['media', having('agent', at, 'media')] as const),
      ...['media', 'network'].map((member) => [member, having('agent', 2, member)] as const),
      ...[0, 1, 2].map((at) => ['agent', twice('agent', at)] as const),
      ...meeting.entity.map((_, at) => ['entity', twice('entity', at)] as const),
      ...(url.includes('Query') ? ['what', 'lifecycle', 'detail'] : []).map(
        (member) => [member, having('entity', 1, member)] as const,
      ),
      ...(url.includes('Patient') ? [['what.type', having('entity', 2, 'what')] as const] : []),
      ...meeting.entity.slice(1).map((_, at) => ['role', lacking('entity', at + 1, 'role')] as const),
      ['what', lacking('entity', 0, 'what')],
      [
        url.includes('Query') ? 'query' : 'what',
        lacking('entity', 1, url.includes('Query') ? 'query' : 'what'),
      ],
    ];
    for (const [what, breakIt] of broken) {
      const faults = faultsIn(breakIt(meeting as unknown as Parts) as Event, profile);
      expect([what, faults.length > 0]).toEqual([what, true]);
    }
  });
});

type Parts = Record<string, Record<string, unknown>[]>;
const without = (element: string, at: number) => (event: Parts) => ({
  ...event,
  [element]: event[element]?.toSpliced(at, 1),
});
const twice = (element: string, at: number) => (event: Parts) => ({
  ...event,
  [element]: event[element]?.flatMap((part, index) => (index === at ? [part, part] : [part])),
});
const having = (element: string, at: number, member: string) => (event: Parts) => ({
  ...event,
  [element]: event[element]?.map((part, index) => (index === at ? { ...part, [member]: {} } : part)),
});
const lacking = (element: string, at: number, member: string) => (event: Parts) => {
  const { [member]: _, ...rest } = event[element]?.[at] ?? {};
  return { ...event, [element]: event[element]?.toSpliced(at, 1, rest) };
};
