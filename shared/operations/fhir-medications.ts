import { fhirDays, fhirRepeat, fhirTimingCode } from '../clinical/index.ts';
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
  ...((body.doseUnits !== undefined || body.maxDosesPerDay !== undefined) && { dosage: [amountOf(body)] }),
});

/** How much is one dose, and how many may be taken in a day. */
const amountOf = ({
  doseUnits,
  maxDosesPerDay,
}: Pick<ScheduleBody, 'doseUnits' | 'maxDosesPerDay'>): JsonObject => ({
  ...(doseUnits !== undefined && { doseAndRate: [{ doseQuantity: { value: doseUnits } }] }),
  ...(maxDosesPerDay !== undefined && {
    maxDosePerPeriod: {
      numerator: { value: maxDosesPerDay, unit: 'dose', system: UCUM, code: '{dose}' },
      denominator: { value: 1, unit: 'day', system: UCUM, code: 'd' },
    },
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

/** By which a schedule is known on another page, too. */
const scheduleIdentifier = (id: string): JsonObject => ({
  system: 'urn:medication-jobs:schedule',
  value: id,
});

/** A schedule of reminders: it says what is meant to be taken and is no prescription, hence a plan. */
export const medicationRequestOf = (owner: Ref, { id, state, body }: StoredRecord<'schedule'>) => ({
  resourceType: 'MedicationRequest',
  id,
  identifier: [
    { system: 'urn:medication-jobs:medication', value: body.medicationId },
    scheduleIdentifier(id),
  ],
  status: state.status,
  intent: 'plan',
  medicationCodeableConcept: { text: body.medicationName ?? body.medicationId },
  subject: patientOf(owner),
  authoredOn: state.acceptedAt,
  dosageInstruction: [
    {
      text: dosageText(body),
      timing: {
        repeat: repeatOf(body),
        // A code says the whole of a timing: it would outweigh the days that narrow it.
        ...(!body.weekdays && !body.cycle && { code: fhirTimingCode(body.frequency) }),
      },
      ...(body.frequency === 'PRN' && { asNeededBoolean: true }),
      ...amountOf(body),
    },
  ],
});

function dosageText(body: ScheduleBody): string {
  const { frequency, times, timeZone, anchor, weekdays, cycle, maxDosesPerDay } = body;
  return [
    frequency,
    ...(weekdays ? [`on ${fhirDays(weekdays).join(', ')}`] : []),
    ...(times.length > 0 ? [`at ${times.join(', ')} (${timeZone})`] : []),
    ...(anchor === undefined ? [] : [`from ${anchor}`]),
    ...(cycle ? [`for ${cycle.daysOn} days, then none for ${cycle.daysOff} days, in turn`] : []),
    ...(maxDosesPerDay === undefined ? [] : [`at most ${maxDosesPerDay} a day`]),
  ].join(' ');
}

/**
 * Clock times and events of the day exclude one another; where times stand, they say it. A cycle is more than a repetition
 * can say, and without its days off it would say too much: then only the text tells the times.
 */
function repeatOf(body: ScheduleBody): JsonObject {
  const { intervalHours, times, startDate, endDate, weekdays, cycle } = body;
  const bounds = { boundsPeriod: { start: startDate, ...(endDate !== undefined && { end: endDate }) } };
  if (cycle) return bounds;
  const { when, ...counted } = fhirRepeat(body.frequency) ?? {};
  const interval =
    intervalHours === undefined ? {} : { frequency: 1, period: intervalHours, periodUnit: 'h' };
  return {
    ...bounds,
    ...counted,
    ...interval,
    ...(weekdays && { dayOfWeek: fhirDays(weekdays) }),
    ...(times.length > 0 ? { timeOfDay: times.map((time) => `${time}:00`) } : when && { when }),
  };
}

/** The medication's own part of a dose's id. */
const scheduleOfDose = (id: string): string => id.slice(id.lastIndexOf('_') + 1);

/**
 * A dose: taken, left out on purpose, or not known. That nobody answered does not say that it was not taken.
 * @param schedules ids of those in the same bundle, which alone are referred to by address
 */
export function administrationOf(
  owner: Ref,
  { id, state, body }: StoredRecord<'occurrence'>,
  schedules: ReadonlySet<string>,
) {
  const schedule = scheduleOfDose(id);
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
    request: {
      type: 'MedicationRequest',
      identifier: scheduleIdentifier(schedule),
      ...(schedules.has(schedule) && { reference: referenceTo(owner, 'MedicationRequest', schedule) }),
    },
  };
}
