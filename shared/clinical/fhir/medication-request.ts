import type { Problem } from '../../errors/problem-error.ts';
import { FhirElement, type Findings } from './element.ts';
import { type OrderVersion, orderVersion } from './order-version.ts';
import { type ReadDosage, readDosage } from './read-dosage.ts';
import { type ReadMedication, readMedication } from './read-medication.ts';

/** The body of a `medication-reminder` with what is told of the medication, as a line of an import has it. */
export interface MappedRequest {
  readonly user_id: string;
  readonly medication_id: string;
  readonly schedule: ReadDosage & { readonly frequency: string; readonly medication_name?: string };
  readonly medication: ReadMedication;
}

/** `request` is there exactly when there are no problems; ids and version also when they alone could be read. */
export interface MappedMedicationRequest {
  readonly userId?: string;
  readonly medicationId?: string;
  readonly version?: OrderVersion;
  readonly request?: MappedRequest;
  readonly problems: readonly Problem[];
  /** What was left out because it has no exact counterpart, and does not change when doses are due. */
  readonly warnings: readonly Problem[];
}

/** Intents that let somebody act, or state what a person does; a proposal, an option or one instance of an order is none. */
const INTENTS = ['plan', 'order', 'original-order', 'reflex-order', 'filler-order'];

/** Elements of which something is carried over; a contained Medication is looked at where it is read. */
const READ = [
  'extension',
  'status',
  'intent',
  'doNotPerform',
  'subject',
  'authoredOn',
  'medicationCodeableConcept',
  'medicationReference',
  'dosageInstruction',
  'dispenseRequest',
];

/**
 * Reads one MedicationRequest of FHIR R4 as a schedule. What cannot be carried over exactly is a problem if it bears on
 * who is reminded, of what and when, and a warning if it does not; nothing is guessed, no value is repeated. The table of
 * elements is docs/imports.md; definitions: https://hl7.org/fhir/R4/medicationrequest.html,
 * https://hl7.org/fhir/R4/dosage.html, https://hl7.org/fhir/R4/datatypes.html#Timing (version 4.0.1).
 */
export function mapMedicationRequest(resource: object): MappedMedicationRequest {
  const found: Findings = { problems: [], warnings: [] };
  const request = new FhirElement(resource, '', found);
  if (request.text('resourceType') !== 'MedicationRequest') {
    request.refuse('resourceType', 'not_a_medication_request', 'Only MedicationRequest is carried over.');
    return found;
  }
  refuseWhatIsNoOrder(request);
  const [userId, medicationId] = [userIdOf(request), medicationIdOf(request)];
  const dosage = readDosage(request);
  const medication = readMedication(request, resource, found);
  request.noteExtensions(READ);
  const version = orderVersion(request);
  const ids = {
    ...(version && { version }),
    ...(userId !== undefined && { userId }),
    ...(medicationId !== undefined && { medicationId }),
  };
  const { frequency } = dosage;
  if (
    found.problems.length > 0 ||
    userId === undefined ||
    medicationId === undefined ||
    frequency === undefined
  )
    return { ...ids, ...found };
  const named = medication.name === undefined ? {} : { medication_name: medication.name };
  const schedule = { ...dosage, frequency, ...named };
  return {
    ...ids,
    ...found,
    request: { user_id: userId, medication_id: medicationId, schedule, medication },
  };
}

function refuseWhatIsNoOrder(request: FhirElement): void {
  const [status, intent] = [request.text('status'), request.text('intent')];
  if (status !== 'active' && status !== 'on-hold') {
    const detail =
      'Only active and on-hold requests are schedules: leave others out, or stop a medication by its own route.';
    request.refuse('status', status === undefined ? 'required' : 'not_active', detail);
  }
  if (intent === undefined || !INTENTS.includes(intent))
    request.refuse(
      'intent',
      intent === undefined ? 'required' : 'not_an_order',
      `Use one of: ${INTENTS.join(', ')}.`,
    );
  if (request.flag('doNotPerform') === true)
    request.refuse('doNotPerform', 'do_not_perform', 'This request says not to use the medication.');
  request.refuseHidden('doNotPerform');
  request.refuseImplicitRules();
}

/** Only a relative reference: under another server's address the same id can be another person. */
function userIdOf(request: FhirElement): string | undefined {
  const subject = request.child('subject');
  const id = /^Patient\/([^/]+)$/.exec(subject?.text('reference') ?? '')?.[1];
  if (id === undefined)
    (subject ?? request).refuse(
      subject ? 'reference' : 'subject',
      'subject_not_local',
      'Send the relative reference Patient/<user_id>.',
    );
  return id;
}

/** The id of the resource, or the value of its only identifier. */
function medicationIdOf(request: FhirElement): string | undefined {
  const identifiers = request.children('identifier');
  const only = identifiers.length === 1 ? identifiers[0]?.text('value') : undefined;
  const id = request.text('id') ?? only;
  if (id === undefined)
    request.refuse('id', 'required', 'Send an id, or exactly one identifier: it becomes the medication_id.');
  return id;
}
