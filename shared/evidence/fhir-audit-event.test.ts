import { describe, expect, it } from 'vitest';
import { CHAIN_START, chainedEntry, standaloneEntry } from './audit-chain.ts';
import type { AuditDraft } from './audit-entry.ts';
import { auditEvent, auditEventBundle } from './fhir-audit-event.ts';

// What is where. Against FHIR R4 and IHE's BALP each kind of entry is held in test/fhir/audit-events.test.ts.

const draft = (over: Partial<AuditDraft> = {}): AuditDraft => ({
  at: '2031-05-06T07:08:09.123Z',
  action: 'job.read',
  outcome: 'success',
  actor: {
    ref: 'actor-ref',
    role: 'clinician',
    tokenId: 'token-1',
    purpose: { code: 'TREAT', declared: true },
    onBehalfOf: 'behalf-ref',
  },
  subjectRef: 'user-ref',
  jobId: '01JZZZZZZZZZZZZZZZZZZZZZZZ',
  correlationId: 'c-1',
  details: { kind: 'refill-check', result: true },
  ...over,
});
const eventOf = (over: Partial<AuditDraft> = {}) =>
  JSON.parse(JSON.stringify(auditEvent(standaloneEntry(draft(over), '01JZZZZZZZZZZZZZZZZZZZZZZA'))));

const DCM = 'http://dicom.nema.org/resources/ontology/DCM';
const codesOf = (agents: { type: { coding?: { code: string }[] } }[]) =>
  agents.map(({ type }) => type.coding?.[0]?.code);

/** Action of the entry; FHIR's action, the interaction, BALP's profile; agents: client, server, user. */
const INTERACTIONS = [
  ['job.accepted', 'C', 'create', 'Create', ['110153', '110152', 'AUT']],
  ['job.read', 'R', 'read', 'Read', ['110152', '110153', 'IRCP']],
  ['jobs.listed', 'E', 'search-type', 'Query', ['110153', '110152', 'IRCP']],
  ['interaction_results.searched', 'E', 'search-type', 'Query', ['110153', '110152', 'IRCP']],
  ['job.cancelled', 'U', 'update', 'Update', ['110153', '110152', 'AUT']],
  ['preferences.changed', 'U', 'update', 'Update', ['110153', '110152', 'AUT']],
] as const;

describe('an entry as a FHIR AuditEvent', () => {
  it.each(INTERACTIONS)('%s: %s', (action, code, interaction, profile, agents) => {
    const event = eventOf({ action });
    expect(event).toMatchObject({
      resourceType: 'AuditEvent',
      id: expect.stringMatching(/^[A-Za-z0-9.-]{1,64}$/),
      meta: {
        profile: [`https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.Patient${profile}`],
      },
      type: { system: 'http://terminology.hl7.org/CodeSystem/audit-event-type', code: 'rest' },
      action: code,
      recorded: '2031-05-06T07:08:09.123Z',
      outcome: '0',
      source: { observer: { display: 'medication-jobs' } },
    });
    expect(event.subtype).toContainEqual({
      system: 'http://hl7.org/fhir/restful-interaction',
      code: interaction,
      display: interaction,
    });
    expect(codesOf(event.agent.slice(0, 3))).toEqual(agents);
    // Every agent says whether it asked for it: exactly the person did.
    expect(event.agent.map(({ requestor }: { requestor: boolean }) => requestor)).toEqual([
      false,
      false,
      true,
      false,
    ]);
    for (const machine of event.agent.slice(0, 2))
      expect(machine).toMatchObject({ who: expect.anything(), network: expect.anything() });
    expect(event.agent[2].network).toBeUndefined();
    const types = event.entity.map(({ type }: { type: { code: string } }) => type.code);
    expect(types).toEqual(['XrequestId', '2', '1']);
  });

  it('names no patient, and another profile, when it is about none', () => {
    const { subjectRef, ...rest } = draft();
    const event = JSON.parse(JSON.stringify(auditEvent(standaloneEntry(rest, 'id'))));
    expect(subjectRef).toBeDefined();
    expect(event.meta.profile).toEqual([
      'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.Read',
    ]);
    expect(event.entity).toHaveLength(2);
  });

  it('says who acted, in which role, for which purpose and for whom, in keyed hashes', () => {
    const [, , user, other] = eventOf().agent;
    expect(user).toMatchObject({
      who: { identifier: { system: 'urn:medication-jobs:actor-ref', value: 'actor-ref' } },
      altId: 'token-1',
      role: [{ text: 'clinician' }],
      purposeOfUse: [
        { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'TREAT' }] },
      ],
    });
    expect(other.who.identifier.value).toBe('behalf-ref');
  });

  it('about a job names it as such, with codes and its place in the chain', () => {
    const { entry } = chainedEntry(
      draft({ action: 'job.accepted', details: { checks: '' } }),
      'id',
      CHAIN_START,
    );
    const [, data, patient] = JSON.parse(JSON.stringify(auditEvent(entry))).entity;
    expect(data).toMatchObject({
      what: { identifier: { system: 'urn:medication-jobs:job', value: '01JZZZZZZZZZZZZZZZZZZZZZZZ' } },
      role: { system: 'http://terminology.hl7.org/CodeSystem/object-role', code: '20' },
      detail: [
        { type: 'sequence', valueString: '1' },
        { type: 'previous_hash', valueString: '0'.repeat(64) },
      ],
    });
    expect(patient).toMatchObject({
      role: { code: '1' },
      what: { type: 'Patient', identifier: { value: 'user-ref' } },
    });
  });

  it('of a search has what is kept of the question in the place of the query', () => {
    const [, query] = eventOf({ action: 'jobs.listed', details: { count: 3 } }).entity;
    expect(query).toMatchObject({ role: { code: '24' } });
    expect(query.what).toBeUndefined();
    expect(query.detail).toBeUndefined();
    expect(Buffer.from(query.query, 'base64').toString()).toBe('jobs.listed count=3');
  });

  it.each([
    ['refused', '4'],
    ['failure', '8'],
  ] as const)('that was %s has outcome %s and no profile, which are for successes', (outcome, code) => {
    const event = eventOf({ action: 'request.refused', outcome });
    expect(event).toMatchObject({ outcome: code });
    expect(event.meta).toBeUndefined();
  });

  it('by the system is no request of anybody', () => {
    const event = eventOf({ action: 'job.succeeded', actor: { ref: 'system:worker', role: 'system' } });
    expect(event).toMatchObject({ type: { system: DCM, code: '110100' }, action: 'U' });
    expect(event.meta).toBeUndefined();
    expect(codesOf(event.agent)).toEqual(['110150']);
    expect(event.agent[0]).toMatchObject({
      requestor: false,
      who: { identifier: { value: 'system:worker' } },
    });
  });

  it('has no empty text, list or object anywhere', () => {
    const { subjectRef, jobId, ...rest } = draft({ details: {} });
    const bundle = auditEventBundle([standaloneEntry(rest, 'id')], { self: '?limit=1' });
    const empties: unknown[] = [];
    JSON.parse(JSON.stringify(bundle), (_, value) => {
      const size = typeof value === 'object' ? Object.keys(value).length : String(value).length;
      if (size === 0) empties.push(value);
      return value;
    });
    expect([subjectRef, jobId]).not.toContain(undefined);
    expect(empties).toEqual([]);
  });
});

describe('a page as a FHIR Bundle', () => {
  it('is a searchset that says where it goes on', () => {
    const bundle = auditEventBundle([standaloneEntry(draft(), 'id')], { self: '?a', next: '?b' });
    expect(bundle).toMatchObject({
      resourceType: 'Bundle',
      type: 'searchset',
      link: [
        { relation: 'self', url: '?a' },
        { relation: 'next', url: '?b' },
      ],
      entry: [{ resource: { resourceType: 'AuditEvent' }, search: { mode: 'match' } }],
    });
    expect(auditEventBundle([], { self: '?a' })).not.toHaveProperty('entry');
  });
});
