import { fhirRepeat } from '../clinical/index.ts';
import type { JsonObject, MedicationBody, Ref, ScheduleBody, StoredRecord } from '../jobs/ports.ts';
import { fhirId, patientOf, referenceTo } from './fhir-resources.ts';
import { skipReason } from './reminder-answer.ts';

// Resources of FHIR R4 (4.0.1), with the members that it demands and those that are known here.

const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const UCUM = 'http://unitsofmeasure.org';

const conceptOf = (rxcui: string | undefined, text: string): JsonObject => ({
  ...(rxcui !== undefined && { coding: [{ system: RXNORM, code: rxcui }] }),
  text,
});

const nameIn = ({ name, medicationId }: MedicationBody): string => name ?? medicationId;

const STATEMENT_STATUS = { active: 'active', paused: 'on-hold', stopped: 'stopped' } as const;

/** What is known of a medication, by whoever said it. */
export const medicationStatementOf = (owner: Ref, { id, state, body }: StoredRecord<'medication'>) => ({
  resourceType: 'MedicationStatement',
  id,
  identifier: [{ system: 'urn:medication-jobs:medication', value: body.medicationId }],
  status: STATEMENT_STATUS[state.status],
  medicationCodeableConcept: conceptOf(body.rxcui, nameIn(body)),
  subject: patientOf(owner),
  ...(body.doseUnits !== undefined && {
    dosage: [{ doseAndRate: [{ doseQuantity: { value: body.doseUnits } }] }],
  }),
});

/** The last dispensing, if one is known. */
export function dispenseOf(owner: Ref, { id, body }: StoredRecord<'medication'>) {
  if (body.lastFillDate === undefined) return [];
  return [
    {
      resourceType: 'MedicationDispense',
      id,
      status: 'completed',
      medicationCodeableConcept: conceptOf(body.rxcui, nameIn(body)),
      subject: patientOf(owner),
      whenHandedOver: body.lastFillDate,
      ...(body.daysSupply !== undefined && {
        daysSupply: { value: body.daysSupply, unit: 'day', system: UCUM, code: 'd' },
      }),
    },
  ];
}

/** A schedule of reminders: it says what is meant to be taken and is no prescription, hence a plan. */
export const medicationRequestOf = (owner: Ref, { id, state, body }: StoredRecord<'schedule'>) => ({
  resourceType: 'MedicationRequest',
  id,
  identifier: [{ system: 'urn:medication-jobs:medication', value: body.medicationId }],
  status: state.status,
  intent: 'plan',
  medicationCodeableConcept: { text: body.medicationName ?? body.medicationId },
  subject: patientOf(owner),
  authoredOn: state.acceptedAt,
  dosageInstruction: [
    {
      text: dosageText(body),
      timing: { repeat: repeatOf(body), code: { text: body.frequency } },
      ...(body.frequency === 'PRN' && { asNeededBoolean: true }),
      ...(body.doseUnits !== undefined && { doseAndRate: [{ doseQuantity: { value: body.doseUnits } }] }),
    },
  ],
});

const dosageText = ({ frequency, times, timeZone }: ScheduleBody): string =>
  [frequency, times.length > 0 ? `at ${times.join(', ')} (${timeZone})` : ''].join(' ').trim();

/** Clock times and events of the day exclude one another; where times stand, they say it. */
function repeatOf(body: ScheduleBody): JsonObject {
  const { when, ...counted } = fhirRepeat(body.frequency, body.weekdays) ?? {};
  const { intervalHours, times, startDate, endDate } = body;
  const interval =
    intervalHours === undefined ? {} : { frequency: 1, period: intervalHours, periodUnit: 'h' };
  return {
    boundsPeriod: { start: startDate, ...(endDate !== undefined && { end: endDate }) },
    ...counted,
    ...interval,
    ...(times.length > 0 ? { timeOfDay: times.map((time) => `${time}:00`) } : when && { when }),
  };
}

/**
 * A dose: taken, left out on purpose, or not known. That nobody answered does not say that it was not taken.
 */
export function administrationOf(owner: Ref, { id, state, body }: StoredRecord<'occurrence'>) {
  const { acknowledgement, status } = state;
  const reason = status === 'skipped' ? skipReason({ state, body }) : state.reason;
  return {
    resourceType: 'MedicationAdministration',
    id: fhirId(id),
    identifier: [{ system: 'urn:medication-jobs:reminder', value: id }],
    status: status === 'taken' ? 'completed' : status === 'skipped' ? 'not-done' : 'unknown',
    ...(typeof reason === 'string' && {
      statusReason: [{ text: [reason, body.reasonText ?? ''].join(' ').trim() }],
    }),
    medicationCodeableConcept: { text: body.medicationId },
    subject: patientOf(owner),
    effectiveDateTime: (status === 'taken' && acknowledgement?.at) || state.dueAt,
    request: { reference: referenceTo('MedicationRequest', id.slice(id.lastIndexOf('_') + 1)) },
  };
}
