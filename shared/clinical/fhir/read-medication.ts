import { FhirElement, type Findings } from './element.ts';
import { localDateOf } from './local-date.ts';

/** RxNorm as FHIR names it: https://www.hl7.org/fhir/R4/rxnorm.html */
const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';

/** What a request tells of the medication: members of `PUT /users/{user_id}/medications/{medication_id}`. */
export interface ReadMedication {
  readonly name?: string;
  readonly rxcui?: string;
  readonly days_supply?: number;
  readonly refills_left?: number;
  readonly issued_on?: string;
  readonly status?: 'paused';
}

/** Name, code and supply of a request; problems and warnings are noted on the way. */
export function readMedication(request: FhirElement, resource: object, found: Findings): ReadMedication {
  const issued = request.has('authoredOn') ? localDateOf(request, 'authoredOn') : undefined;
  if (request.has('authoredOn') && issued === undefined)
    request.warn('authoredOn', 'date_left_out', 'It names no local day, so issued_on is left out.');
  return {
    ...namesOf(request, conceptOf(request, resource, found)),
    ...dispensing(request.child('dispenseRequest')),
    ...(issued !== undefined && { issued_on: issued }),
    ...(request.text('status') === 'on-hold' && { status: 'paused' as const }),
  };
}

/** The concept itself, or that of a Medication contained in the request; other references lead out of the line. */
function conceptOf(request: FhirElement, resource: object, found: Findings): FhirElement | undefined {
  const [concept, reference] = [
    request.child('medicationCodeableConcept'),
    request.child('medicationReference'),
  ];
  if (concept && reference)
    request.refuse('medicationReference', 'contradiction', 'Say once what the medication is, as FHIR does.');
  if (concept) return concept;
  const medication = containedAs(reference?.text('reference'), request, resource, found);
  medication?.refuseImplicitRules();
  medication?.noteExtensions();
  const code = medication?.child('code');
  if (medication?.text('status') === 'entered-in-error')
    medication.refuse('status', 'not_active', 'This Medication was entered in error.');
  else if (!code) {
    const detail = 'Send medicationCodeableConcept, or a contained Medication with a code.';
    request.refuse('medicationCodeableConcept', 'required', detail);
  }
  return code;
}

/** The one contained Medication of that reference. */
function containedAs(
  reference: string | undefined,
  request: FhirElement,
  resource: object,
  found: Findings,
): FhirElement | undefined {
  const id = /^#(.+)$/.exec(reference ?? '')?.[1];
  if (id === undefined) return undefined;
  const named = request.children('contained').flatMap((one, index) => (one.text('id') === id ? [index] : []));
  if (named.length > 1)
    request.refuse('contained', 'contradiction', 'Give each contained resource an id of its own.');
  const contained = new FhirElement(resource, '', found).children('contained')[named[0] ?? -1];
  return contained?.text('resourceType') === 'Medication' ? contained : undefined;
}

function namesOf(request: FhirElement, concept: FhirElement | undefined): ReadMedication {
  if (!concept) return {};
  const codings = concept.children('coding').filter((coding) => coding.text('system') === RXNORM);
  const codes = new Set(codings.flatMap((coding) => coding.text('code') ?? []));
  const name = concept.text('text') ?? codings.map((coding) => coding.text('display')).find(Boolean);
  const [rxcui] = codes;
  if (codes.size > 1)
    concept.refuse('coding', 'several_codes', 'Several RxNorm concepts: leave the one that is meant.');
  else if (name === undefined && rxcui === undefined)
    request.refuse('medicationCodeableConcept', 'required', 'Give a text, or a coding of RxNorm.');
  return { ...(name !== undefined && { name }), ...(rxcui !== undefined && { rxcui }) };
}

/** How many repeats were allowed is known, how many were used is not: only "none" says what is left. */
function dispensing(dispense: FhirElement | undefined): ReadMedication {
  if (!dispense) return {};
  const allowed = dispense.number('numberOfRepeatsAllowed');
  if (allowed !== undefined && allowed > 0) {
    const detail =
      'How many of the repeats were used is not said, so refills_left is left out: state it with PUT medications.';
    dispense.warn('numberOfRepeatsAllowed', 'refills_left_out', detail);
  }
  if (dispense.has('validityPeriod'))
    dispense.warn(
      'validityPeriod',
      'validity_left_out',
      'Until when it may be dispensed is left out: doses are due until the end of the timing, also after it.',
    );
  const duration = dispense.child('expectedSupplyDuration');
  const days = duration && wholeDays(duration);
  if (duration && days === undefined)
    dispense.warn(
      'expectedSupplyDuration',
      'days_supply_left_out',
      'Only whole days or weeks are carried over.',
    );
  return {
    ...(allowed === 0 && { refills_left: 0 }),
    ...(days !== undefined && { days_supply: days }),
  };
}

function wholeDays(duration: FhirElement): number | undefined {
  const days = { d: 1, wk: 7 }[duration.text('code') ?? ''] ?? Number.NaN;
  const value = (duration.number('value') ?? 0) * days;
  return Number.isInteger(value) && value >= 1 && !duration.has('comparator') ? value : undefined;
}
