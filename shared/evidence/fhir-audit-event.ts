import { AUDIT_ACTIONS } from './audit-actions.ts';
import type { AuditEntry } from './audit-entry.ts';
import { fhirUrn } from './fhir-urn.ts';

// FHIR R4 AuditEvent (http://hl7.org/fhir/R4/auditevent.html) after IHE's Basic Audit Log Patterns
// (https://profiles.ihe.net/ITI/BALP). A profile is named only where the entry meets it: requests that succeeded. BALP
// asks for network addresses, which the trail does not keep: they are marked as unknown.

type Member = Readonly<Record<string, unknown>>;

const BALP = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.';
const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem/';
const OWN = 'urn:medication-jobs:';

const coding = (system: string, code: string, display?: string): Member => ({
  system,
  code,
  ...(display !== undefined && { display }),
});
const concept = (...args: Parameters<typeof coding>): Member => ({ coding: [coding(...args)] });
const dicom = (code: string, display: string): Member =>
  concept('http://dicom.nema.org/resources/ontology/DCM', code, display);
const participation = (code: string, display: string): Member =>
  concept(`${TERMINOLOGY}v3-ParticipationType`, code, display);

const SOURCE = dicom('110153', 'Source Role ID');
const DESTINATION = dicom('110152', 'Destination Role ID');
const AUTHOR = participation('AUT', 'author (originator)');
const RECIPIENT = participation('IRCP', 'information recipient');

/** What was done, as RESTful interactions know it: FHIR's action, the profile's name, and who is who in it. */
const INTERACTIONS = {
  create: { action: 'C', profile: 'Create', client: SOURCE, server: DESTINATION, user: AUTHOR },
  read: { action: 'R', profile: 'Read', client: DESTINATION, server: SOURCE, user: RECIPIENT },
  update: { action: 'U', profile: 'Update', client: SOURCE, server: DESTINATION, user: AUTHOR },
  'search-type': { action: 'E', profile: 'Query', client: SOURCE, server: DESTINATION, user: RECIPIENT },
  // BALP's Delete has room for no action of our own beside FHIR's.
  delete: { action: 'D', profile: undefined, client: SOURCE, server: DESTINATION, user: AUTHOR },
  operation: { action: 'E', profile: undefined, client: SOURCE, server: DESTINATION, user: AUTHOR },
} as const;

type Interaction = keyof typeof INTERACTIONS;

/** What a refused request asked for, as far as its method tells. */
const BY_METHOD: ReadonlyMap<string | undefined, Interaction> = new Map([
  ['GET', 'read'],
  ['PUT', 'update'],
  ['DELETE', 'delete'],
]);

const interactionOf = ({ action, details: { route } }: AuditEntry): Interaction =>
  AUDIT_ACTIONS[action] ?? BY_METHOD.get(String(route).split(' ')[0]) ?? 'operation';

/** FHIR's outcome: done; refused, which is minor; failed, which is serious. */
const OUTCOMES = { success: '0', refused: '4', failure: '8' } as const satisfies Record<
  AuditEntry['outcome'],
  string
>;

/** The entry as a FHIR R4 AuditEvent. People stand in it as keyed hashes, as in the entry. */
export function auditEvent(entry: AuditEntry): Member {
  const bySystem = entry.actor.role === 'system';
  const interaction = interactionOf(entry);
  const kind = INTERACTIONS[interaction];
  const patient = entry.subjectRef === undefined ? '' : 'Patient';
  // A worker serves no request, and BALP's profiles are of requests that succeeded.
  const profiled = entry.outcome === 'success' && !bySystem && kind.profile !== undefined;
  return {
    resourceType: 'AuditEvent',
    id: entry.hash,
    ...(profiled && { meta: { profile: [`${BALP}${patient}${kind.profile}`] } }),
    type: bySystem
      ? coding('http://dicom.nema.org/resources/ontology/DCM', '110100', 'Application Activity')
      : coding(`${TERMINOLOGY}audit-event-type`, 'rest', 'Restful Operation'),
    subtype: [
      ...(bySystem ? [] : [coding('http://hl7.org/fhir/restful-interaction', interaction, interaction)]),
      coding(`${OWN}action`, entry.action),
    ],
    action: kind.action,
    recorded: entry.at,
    outcome: OUTCOMES[entry.outcome],
    agent: agentsOf(entry, kind, bySystem),
    source: {
      observer: { display: 'medication-jobs' },
      type: [coding(`${TERMINOLOGY}security-source-type`, '4', 'Application Server')],
    },
    entity: entitiesOf(entry, interaction),
  };
}

function agentsOf(
  { actor }: AuditEntry,
  kind: (typeof INTERACTIONS)[Interaction],
  bySystem: boolean,
): Member[] {
  const system: Member = { who: { display: 'medication-jobs' }, requestor: false, network: UNKNOWN };
  const who = { identifier: { system: `${OWN}actor-ref`, value: actor.ref } };
  if (bySystem) return [{ ...system, type: dicom('110150', 'Application'), who }];
  return [
    { type: kind.client, who: { display: 'application of the caller' }, requestor: false, network: UNKNOWN },
    { ...system, type: kind.server },
    {
      type: kind.user,
      who,
      requestor: true,
      role: [{ text: actor.role }],
      ...(actor.tokenId !== undefined && { altId: actor.tokenId }),
      ...(actor.purpose && { purposeOfUse: [concept(`${TERMINOLOGY}v3-ActReason`, actor.purpose.code)] }),
    },
    ...(actor.onBehalfOf === undefined
      ? []
      : [
          {
            type: { text: 'for whom a service says that it acts' },
            who: { identifier: { system: `${OWN}user-ref`, value: actor.onBehalfOf } },
            requestor: false,
          },
        ]),
  ];
}

/** The element is there, as BALP has it, and says why it is empty. */
const UNKNOWN = {
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
};

function entitiesOf(entry: AuditEntry, interaction: Interaction): Member[] {
  const type = coding(`${TERMINOLOGY}audit-entity-type`, '2', 'System Object');
  const role = (code: string, display: string) => coding(`${TERMINOLOGY}object-role`, code, display);
  const about: Member =
    interaction === 'search-type'
      ? { type, role: role('24', 'Query'), query: Buffer.from(textOf(entry)).toString('base64') }
      : { type, ...thingOf(entry, role), ...detailsOf(entry) };
  return [
    {
      what: { identifier: { value: entry.correlationId } },
      type: coding(`https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType`, 'XrequestId'),
    },
    about,
    ...(entry.subjectRef === undefined
      ? []
      : [
          {
            what: { type: 'Patient', identifier: { system: `${OWN}user-ref`, value: entry.subjectRef } },
            type: coding(`${TERMINOLOGY}audit-entity-type`, '1', 'Person'),
            role: role('1', 'Patient'),
          },
        ]),
  ];
}

const thingOf = ({ jobId, entryId }: AuditEntry, role: (code: string, display: string) => Member): Member =>
  jobId === undefined
    ? { what: { identifier: { system: `${OWN}entry`, value: entryId } }, role: role('4', 'Domain Resource') }
    : { what: { identifier: { system: `${OWN}job`, value: jobId } }, role: role('20', 'Job') };

/** Of a search the trail keeps no text that a caller sent: what it keeps stands in its place. */
const textOf = ({ action, details, actor }: AuditEntry): string =>
  [
    action,
    ...Object.entries({ ...details, ...grantOf(actor) }).map(([name, value]) => `${name}=${value}`),
  ].join(' ');

/** FHIR has no element for what alone let somebody in. */
const grantOf = ({ breakGlass }: AuditEntry['actor']) =>
  breakGlass === undefined ? {} : { break_glass: breakGlass };

function detailsOf({ details, actor, seq, prevHash }: AuditEntry): Member {
  const detail = Object.entries({
    ...details,
    ...grantOf(actor),
    ...(seq !== undefined && { sequence: seq }),
    ...(prevHash !== undefined && { previous_hash: prevHash }),
  })
    // An empty text is none in FHIR.
    .filter(([, value]) => value !== '')
    .map(([type, value]) => ({ type, valueString: String(value) }));
  return detail.length > 0 ? { detail } : {};
}

/** A page of entries as a FHIR Bundle. @param links where it stands and, unless it is the last, where it goes on */
export const auditEventBundle = (
  entries: readonly AuditEntry[],
  links: { readonly self: string; readonly next?: string },
): Member => ({
  resourceType: 'Bundle',
  type: 'searchset',
  link: Object.entries(links).map(([relation, url]) => ({ relation, url })),
  // An empty list is none in FHIR.
  ...(entries.length > 0 && {
    entry: entries.map((entry) => ({
      fullUrl: fhirUrn(`entry/${entry.hash}`),
      resource: auditEvent(entry),
      search: { mode: 'match' },
    })),
  }),
});
