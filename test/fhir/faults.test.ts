import { expect, it } from 'vitest';
import { bundleFaults } from '#test/builders/fhir-bundle-faults.ts';
import { fhirFaults } from '#test/builders/fhir-faults.ts';

// That what the other tests of this folder hold our resources against finds what is wrong.

const PATIENT_URL = 'urn:uuid:5a0c7ed1-9a4b-8c3d-9e2f-0123456789ab';
const ORDER_URL = 'urn:uuid:6a0c7ed1-9a4b-8c3d-9e2f-0123456789ab';

const ORDER = {
  resourceType: 'MedicationRequest',
  id: 'order-1',
  identifier: [{ system: 'urn:medication-jobs:schedule', value: 'order-1' }],
  status: 'active',
  intent: 'plan',
  medicationCodeableConcept: {
    coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: '36567' }],
    text: 'simvastatin',
  },
  subject: { reference: PATIENT_URL },
  authoredOn: '2028-02-29T08:00:00.000Z',
  dosageInstruction: [
    {
      timing: {
        repeat: { frequency: 1, period: 1, periodUnit: 'd', timeOfDay: ['08:00:00'] },
      },
      doseAndRate: [{ doseQuantity: { value: 0.5 } }],
    },
  ],
};
const bundleOf = (order: object = ORDER, url = ORDER_URL) => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: [
    { fullUrl: PATIENT_URL, resource: { resourceType: 'Patient', id: 'p-1' } },
    { fullUrl: url, resource: order },
  ],
});

it('finds nothing where nothing is wrong', () => {
  expect(fhirFaults(ORDER)).toEqual([]);
  expect(bundleFaults(bundleOf())).toEqual([]);
});

const dosed = (dosage: object) => ({ dosageInstruction: [dosage] });
const timed = (repeat: object) => dosed({ timing: { repeat } });

it.each<readonly [string, object, RegExp]>([
  ['an element that there is not', { dose: 1 }, /additional property "dose"/],
  ['a missing element', { intent: undefined }, /intent: Missing required/],
  ['a list that is none', { identifier: { value: 'x' } }, /identifier: Expected array/],
  ['a status of somewhere else', { status: 'paused' }, /"paused" is not in .*medicationrequest-status/],
  ['a day that no calendar has', { authoredOn: '2027-02-29T08:00:00.000Z' }, /authoredOn: Invalid dateTime/],
  ['a number as text', dosed({ doseAndRate: [{ doseQuantity: { value: '0.5' } }] }), /expected number/],
  ['a clock without seconds', timed({ timeOfDay: ['08:00'] }), /Invalid time/],
  ['times and events at once (tim-10)', timed({ timeOfDay: ['08:00:00'], when: ['HS'] }), /tim-10/],
  ['a period without a unit (tim-2)', timed({ period: 1 }), /tim-2/],
  ['a unit that is none', timed({ period: 1, periodUnit: 'day' }), /"day" is not in .*units-of-time/],
  ['a weekday that is none', timed({ dayOfWeek: ['monday'] }), /"monday" is not in .*days-of-week/],
  ['an event that is none', timed({ when: ['BREAKFAST'] }), /"BREAKFAST" is not in .*event-timing/],
  [
    'a code of UCUM that is none',
    dosed({ maxDosePerLifetime: { value: 1, system: 'http://unitsofmeasure.org', code: 'days' } }),
    /unitsofmeasure.org has no code days/,
  ],
  [
    'a code system without an address',
    { category: [{ coding: [{ system: 'rxnorm', code: '1' }] }] },
    /no absolute URI/,
  ],
  [
    'a code system that nobody knows',
    { category: [{ coding: [{ system: 'urn:x', code: '1' }] }] },
    /urn:x has no code 1/,
  ],
  [
    'a code that its system lacks',
    {
      category: [
        {
          coding: [
            { system: 'http://terminology.hl7.org/CodeSystem/medicationrequest-category', code: 'home' },
          ],
        },
      ],
    },
    /has no code home/,
  ],
  ['nothing, as a text', { note: [{ text: '' }] }, /note.0.text: it is empty/],
  ['nothing, as an element', { dispenseRequest: {} }, /dispenseRequest: it is empty/],
])('finds %s', (_what, over, fault) => {
  expect(fhirFaults({ ...ORDER, ...over }).join('\n')).toMatch(fault);
});

it.each<readonly [string, object, RegExp]>([
  [
    'a reference to nothing',
    bundleOf({ ...ORDER, subject: { reference: 'urn:uuid:0' } }),
    /no Patient lies at/,
  ],
  [
    'a reference to something else',
    bundleOf({ ...ORDER, subject: { reference: ORDER_URL } }),
    /no Patient lies at/,
  ],
  ['a reference that says nothing', bundleOf({ ...ORDER, subject: { display: 'x' } }), /it says nothing/],
  [
    'a reference that nobody follows',
    bundleOf({ ...ORDER, requester: { reference: PATIENT_URL } }),
    /requester refers/,
  ],
  ['one address for two', bundleOf(ORDER, PATIENT_URL), /same fullUrl/],
  ['an address that is none', bundleOf(ORDER, 'urn:medication-jobs:x'), /is no UUID/],
  ['a fault in a resource', bundleOf({ ...ORDER, status: 'paused' }), /"paused" is not in/],
])('finds in a Bundle %s', (_what, bundle, fault) => {
  expect(bundleFaults(bundle).join('\n')).toMatch(fault);
});
