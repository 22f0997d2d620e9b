import { describe, expect, it } from 'vitest';
import { fhirFaults } from '#test/builders/fhir-faults.ts';
import { checkSchedule } from '../check-schedule.ts';
import { mapMedicationRequest } from './medication-request.ts';

type Json = Record<string, unknown>;

const dosage = (timing?: unknown, more: Json = {}): Json => ({
  ...(timing !== undefined && { timing }),
  ...more,
});

const requestWith = (more: Json = {}): Json => ({
  resourceType: 'MedicationRequest',
  id: 'rx-1',
  status: 'active',
  intent: 'order',
  subject: { reference: 'Patient/p-1' },
  medicationCodeableConcept: { text: 'lisinopril 10 mg tablet' },
  dosageInstruction: [dosage({ repeat: { frequency: 1, period: 1, periodUnit: 'd' } })],
  ...more,
});

const withRepeat = (repeat: Json, more: Json = {}): Json =>
  requestWith({ dosageInstruction: [dosage({ repeat }, more)] });

const scheduleOf = (resource: Json) => {
  const { request, problems } = mapMedicationRequest(resource);
  expect(problems).toEqual([]);
  // Whatever is taken here as an order is one of FHIR R4.
  expect(fhirFaults(resource)).toEqual([]);
  return request?.schedule;
};

const problemsOf = (resource: Json) =>
  mapMedicationRequest(resource).problems.map(({ pointer, code }) => `${pointer} ${code}`);

const warningsOf = (resource: Json) =>
  mapMedicationRequest(resource).warnings.map(({ pointer, code }) => `${pointer} ${code}`);

describe('a timing becomes the frequency that says the same', () => {
  const per = (frequency: number, period: number, periodUnit: string) => ({ frequency, period, periodUnit });
  it.each([
    [per(1, 1, 'd'), 'QD', {}],
    [per(3, 1, 'd'), 'TID', {}],
    [per(5, 1, 'd'), '5XD', { times: ['06:00', '10:00', '14:00', '18:00', '22:00'] }],
    [{ period: 2, periodUnit: 'd' }, 'QOD', {}],
    [per(1, 3, 'd'), 'Q3D', {}],
    [per(1, 8, 'h'), 'Q8H', {}],
    [per(1, 36, 'h'), 'Q36H', {}],
    [{ ...per(1, 8, 'h'), timeOfDay: ['06:00:00', '14:00:00', '22:00:00'] }, 'Q8H', {}],
    [per(1, 1, 'wk'), 'WK', {}],
    [{ ...per(1, 1, 'wk'), dayOfWeek: ['wed'] }, 'WK', { weekdays: ['WE'] }],
    [{ ...per(3, 1, 'wk'), dayOfWeek: ['fri', 'mon', 'wed'] }, 'TIW', { weekdays: ['MO', 'WE', 'FR'] }],
    [{ ...per(1, 2, 'wk'), dayOfWeek: ['mon'] }, 'Q2W', { weekdays: ['MO'] }],
    [per(1, 3, 'mo'), 'Q3MO', {}],
    [{ timeOfDay: ['20:00:00', '08:00:00'] }, 'BID', { times: ['08:00', '20:00'] }],
    [{ ...per(2, 1, 'd'), timeOfDay: ['08:00:00', '20:00:00'] }, 'BID', { times: ['08:00', '20:00'] }],
    [{ dayOfWeek: ['sat', 'sun'] }, 'QD', { weekdays: ['SA', 'SU'] }],
    [{ dayOfWeek: ['sat'], timeOfDay: ['09:30:00'] }, 'QD', { weekdays: ['SA'], times: ['09:30'] }],
    [{ when: ['HS'] }, 'BED', {}],
    [{ ...per(1, 1, 'd'), when: ['MORN'] }, 'AM', {}],
    [{ when: ['EVE'] }, 'PM', {}],
    [{ ...per(3, 1, 'd'), when: ['AC'] }, 'AC', {}],
    [{ when: ['PCV', 'PCM', 'PCD'] }, 'PC', {}],
    [{ when: ['ACM'] }, 'ACM', {}],
  ])('%j is %s', (repeat, code, more) => {
    const schedule = scheduleOf(withRepeat(repeat));
    if (!schedule) throw new Error('It was not carried over.');
    const times = 'times' in more && code === '5XD' ? { times: more.times } : {};
    const checked = checkSchedule(
      { ...schedule, ...times, start_date: '2027-03-01' },
      {
        now: '2027-03-01T08:00:00.000Z',
        defaultTimeZone: 'Europe/Berlin',
        mealTimes: { breakfast: '07:00', lunch: '12:00', dinner: '18:00' },
      },
    );
    expect(checked).toMatchObject({ ok: true, schedule: { frequency: code, ...more } });
  });

  it('a code of GTSAbbreviation counts where there is no repeat, and must not contradict one', () => {
    const coding = (code: string) => [
      { system: 'http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation', code },
    ];
    const timed = (timing: Json) => requestWith({ dosageInstruction: [dosage(timing)] });
    expect(scheduleOf(timed({ code: { coding: coding('BED') } }))).toMatchObject({ frequency: 'BED' });
    const twice = { frequency: 2, period: 1, periodUnit: 'd' };
    expect(scheduleOf(timed({ code: { coding: coding('BID') }, repeat: twice }))).toMatchObject({
      frequency: '2 times a day',
    });
    expect(problemsOf(timed({ code: { coding: coding('TID') }, repeat: twice }))).toEqual([
      '/dosageInstruction/0/timing/code contradiction',
    ]);
    expect(problemsOf(timed({ code: { text: 'as the doctor says' } }))).toEqual([
      '/dosageInstruction/0/timing timing_not_coded',
    ]);
  });
});

describe('what has no exact counterpart is a problem with its pointer', () => {
  const REPEAT = '/dosageInstruction/0/timing/repeat';
  it.each([
    [
      { frequency: 1, frequencyMax: 2, period: 1, periodUnit: 'd' },
      `${REPEAT}/frequencyMax element_not_supported`,
    ],
    [{ frequency: 1, period: 4, periodMax: 6, periodUnit: 'h' }, `${REPEAT}/periodMax element_not_supported`],
    [{ frequency: 1, period: 1, periodUnit: 'd', count: 10 }, `${REPEAT}/count element_not_supported`],
    [{ frequency: 2, period: 3, periodUnit: 'd' }, `${REPEAT}/ timing_not_exact`],
    [{ frequency: 3, period: 24, periodUnit: 'h' }, `${REPEAT}/ timing_not_exact`],
    [{ frequency: 2, period: 1, periodUnit: 'd', timeOfDay: ['08:00:00'] }, undefined],
    [{ frequency: 2, timeOfDay: ['08:00:00'] }, `${REPEAT}/ timing_not_exact`],
    [{ frequency: 1, period: 1, periodUnit: 'wk', dayOfWeek: ['mon', 'thu'] }, `${REPEAT}/ timing_not_exact`],
    [{ frequency: 1, period: 1.5, periodUnit: 'd' }, `${REPEAT}/period not_whole`],
    [{ frequency: 1, period: 1, periodUnit: 'min' }, `${REPEAT}/periodUnit unit_not_supported`],
    [{ frequency: 1, period: 1 }, `${REPEAT}/period required`],
    [{ when: ['NIGHT'] }, `${REPEAT}/when event_not_supported`],
    [{ when: ['AC', 'HS'] }, `${REPEAT}/when event_not_supported`],
    [{ when: ['AC'], frequency: 1, period: 1, periodUnit: 'd' }, `${REPEAT}/when contradiction`],
    [{ when: ['HS'], offset: 30 }, `${REPEAT}/offset element_not_supported`],
    [{ when: ['HS'], timeOfDay: ['22:00:00'] }, `${REPEAT}/when contradiction`],
    [{ timeOfDay: ['08:00:30'] }, `${REPEAT}/timeOfDay time_not_valid`],
    [{ timeOfDay: [] }, `${REPEAT}/timeOfDay wrong_type`],
    [{ dayOfWeek: ['monday'] }, `${REPEAT}/dayOfWeek invalid_value`],
    [{ frequency: '2', period: 1, periodUnit: 'd' }, `${REPEAT}/frequency wrong_type`],
  ])('%j', (repeat, problem) => {
    const found = problemsOf(withRepeat(repeat));
    // Two doses at one clock time are a contradiction that the business rules name.
    if (problem === undefined) expect(found).toEqual([]);
    else expect(found.map((one) => one.replace('repeat ', 'repeat/ '))).toContain(problem);
  });

  it.each<[string, Json, string]>([
    ['another resource', { resourceType: 'MedicationStatement' }, '/resourceType not_a_medication_request'],
    ['a stopped request', { status: 'stopped' }, '/status not_active'],
    ['a completed request', { status: 'completed' }, '/status not_active'],
    ['a proposal', { intent: 'proposal' }, '/intent not_an_order'],
    ['what must not be done', { doNotPerform: true }, '/doNotPerform do_not_perform'],
    ['a modifier', { modifierExtension: [{ url: 'urn:x' }] }, '/modifierExtension modifier_not_supported'],
    ['rules', { implicitRules: 'urn:x' }, '/implicitRules modifier_not_supported'],
    [
      'a person of another server',
      { subject: { reference: 'https://ehr/Patient/1' } },
      '/subject/reference subject_not_local',
    ],
    ['a group', { subject: { reference: 'Group/1' } }, '/subject/reference subject_not_local'],
    ['no subject', { subject: undefined }, '/subject subject_not_local'],
    ['no id', { id: undefined }, '/id required'],
    ['no dosage', { dosageInstruction: undefined }, '/dosageInstruction required'],
    ['text alone', { dosageInstruction: [{ text: 'daily' }] }, '/dosageInstruction/0/timing required'],
    ['two dosages', { dosageInstruction: [{}, {}] }, '/dosageInstruction several_dosages'],
    [
      'a medication elsewhere',
      { medicationCodeableConcept: undefined, medicationReference: { reference: 'Medication/1' } },
      '/medicationCodeableConcept required',
    ],
  ])('%s', (_, more, problem) => {
    const mapped = mapMedicationRequest(requestWith(more));
    expect(mapped.problems.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([problem]);
    expect(mapped.request).toBeUndefined();
  });

  it('says that an extension of the timing was not read', () => {
    const repeat = {
      frequency: 1,
      period: 1,
      periodUnit: 'd',
      extension: [{ url: 'urn:x:only-on-holidays' }],
    };
    expect(mapMedicationRequest(withRepeat(repeat)).warnings).toMatchObject([
      { pointer: `${REPEAT}/extension`, code: 'extension_ignored' },
    ]);
  });

  const daily = { frequency: 1, period: 1, periodUnit: 'd' };
  const extended = { extension: [{ url: 'urn:x' }] };
  const modified = { modifierExtension: [{ url: 'urn:x' }] };
  const DOSAGE = '/dosageInstruction/0';
  const containing = (more: Json, code: Json = {}) =>
    requestWith({
      medicationCodeableConcept: undefined,
      medicationReference: { reference: '#m' },
      contained: [
        { resourceType: 'Organization', id: 'o', ...modified },
        { resourceType: 'Medication', id: 'm', code: { text: 'warfarin 5 mg', ...code }, ...more },
      ],
    });

  it.each<[string, Json]>([
    [`${DOSAGE}/modifierExtension`, withRepeat(daily, modified)],
    [
      `${DOSAGE}/timing/modifierExtension`,
      requestWith({ dosageInstruction: [dosage({ repeat: daily, ...modified })] }),
    ],
    [`${DOSAGE}/doseAndRate/0/modifierExtension`, withRepeat(daily, { doseAndRate: [modified] })],
    [`${DOSAGE}/_text`, withRepeat(daily, { text: 'daily', _text: modified })],
    ['/dispenseRequest/modifierExtension', requestWith({ dispenseRequest: modified })],
    ['/contained/1/modifierExtension', containing(modified)],
    ['/contained/1/ingredient/0/modifierExtension', containing({ ingredient: [modified] })],
    ['/contained/1/implicitRules', containing({ implicitRules: 'urn:x' })],
    ['/contained/1/_implicitRules', containing({ _implicitRules: extended })],
    ['/_implicitRules', requestWith({ _implicitRules: extended })],
  ])('a modifier at %s', (pointer, resource) => {
    expect(problemsOf(resource)).toEqual([`${pointer} modifier_not_supported`]);
    expect(mapMedicationRequest(resource).request).toBeUndefined();
  });

  it.each<[string, Json]>([
    ['/extension', requestWith(extended)],
    ['/_status', requestWith({ _status: extended })],
    ['/subject/_reference', requestWith({ subject: { reference: 'Patient/p-1', _reference: extended } })],
    ['/_authoredOn', requestWith({ _authoredOn: extended })],
    [`${DOSAGE}/extension`, withRepeat(daily, extended)],
    [
      `${REPEAT}/boundsPeriod/_end`,
      withRepeat({ ...daily, boundsPeriod: { end: '2027-03-10', _end: extended } }),
    ],
    [
      '/medicationCodeableConcept/_text',
      requestWith({ medicationCodeableConcept: { text: 'x', _text: extended } }),
    ],
    ['/contained/1/code/extension', containing({}, extended)],
    ['/contained/1/_status', containing({ _status: extended })],
  ])('but of an extension that may be ignored, at %s, a warning tells', (pointer, resource) => {
    expect(problemsOf(resource)).toEqual([]);
    expect(warningsOf(resource)).toEqual([`${pointer} extension_ignored`]);
  });

  it.each<[string, Json]>([
    [
      `${REPEAT}/boundsPeriod/_end`,
      withRepeat({ ...daily, boundsPeriod: { start: '2027-03-01', _end: extended } }),
    ],
    [`${DOSAGE}/_asNeededBoolean`, withRepeat(daily, { _asNeededBoolean: extended })],
    ['/_doNotPerform', requestWith({ _doNotPerform: extended })],
  ])('a value that only an extension tells, at %s', (pointer, resource) => {
    expect(problemsOf(resource)).toEqual([`${pointer} value_in_extension`]);
  });

  it.each<[string, Json]>([
    ['/contained', requestWith({ contained: [] })],
    ['/note', requestWith({ note: [] })],
    [`${DOSAGE}/additionalInstruction`, withRepeat(daily, { additionalInstruction: [] })],
    [`${DOSAGE}/site/coding`, withRepeat(daily, { site: { coding: [] } })],
  ])('an empty list, which FHIR does not have, at %s', (pointer, resource) => {
    expect(problemsOf(resource)).toEqual([`${pointer} wrong_type`]);
  });

  it('no depth of nesting stops the reading', () => {
    let deep: Json = modified;
    for (let depth = 0; depth < 100_000; depth += 1) deep = { site: deep };
    expect(problemsOf(withRepeat(daily, deep))).toEqual([]);
  });

  it('no problem repeats a value', () => {
    const secret = 'Jane Doe, clozapine';
    const mapped = mapMedicationRequest(
      requestWith({
        status: secret,
        intent: secret,
        subject: { reference: secret },
        dosageInstruction: [
          dosage({ repeat: { [secret]: 1, when: [secret], periodUnit: secret, period: 1 } }),
        ],
      }),
    );
    expect(mapped.problems.length).toBeGreaterThan(3);
    expect(JSON.stringify(mapped.problems)).not.toContain('Jane');
  });
});

describe('as needed', () => {
  it.each([
    [undefined, { frequency: 'PRN' }],
    [
      { frequency: 4, period: 1, periodUnit: 'd' },
      { frequency: 'PRN', max_doses_per_day: 4 },
    ],
    [
      { frequency: 1, period: 6, periodUnit: 'h' },
      { frequency: 'PRN', max_doses_per_day: 4 },
    ],
  ])('%j', (repeat, schedule) => {
    const timing = repeat && { repeat };
    const resource = requestWith({ dosageInstruction: [dosage(timing, { asNeededBoolean: true })] });
    expect(scheduleOf(resource)).toEqual({ ...schedule, medication_name: 'lisinopril 10 mg tablet' });
  });

  it('with a reason is as needed too; with clock times, or hours that do not divide a day, it is no limit', () => {
    const reason = { asNeededCodeableConcept: { text: 'pain' } };
    expect(scheduleOf(requestWith({ dosageInstruction: [reason] }))).toMatchObject({ frequency: 'PRN' });
    for (const repeat of [{ timeOfDay: ['08:00:00'] }, { frequency: 1, period: 5, periodUnit: 'h' }])
      expect(problemsOf(withRepeat(repeat, reason))).toEqual([
        '/dosageInstruction/0/timing as_needed_not_exact',
      ]);
    expect(
      scheduleOf(withRepeat({ frequency: 1, period: 1, periodUnit: 'd' }, { asNeededBoolean: false })),
    ).toMatchObject({ frequency: 'daily' });
  });
});

describe('dates', () => {
  const bounded = (boundsPeriod: Json) =>
    withRepeat({ frequency: 1, period: 1, periodUnit: 'd', boundsPeriod });

  it('are those of the calendar where they were written', () => {
    const period = { start: '2027-03-01', end: '2027-03-10T23:59:00-05:00' };
    expect(scheduleOf(bounded(period))).toMatchObject({ start_date: '2027-03-01', end_date: '2027-03-10' });
  });

  it.each(['2027', '2027-03', '2027-03-01T04:00:00Z'])('%s is no local day', (start) => {
    expect(problemsOf(bounded({ start }))).toEqual([
      '/dosageInstruction/0/timing/repeat/boundsPeriod/start date_not_local',
    ]);
  });
});

describe('the medication', () => {
  const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
  it('has text and RxNorm code; the schedule has the text, so that high-alert medications are recognised', () => {
    const concept = {
      text: 'methotrexate 2.5 mg',
      coding: [
        { system: RXNORM, code: '105585' },
        { system: 'urn:x', code: '1' },
      ],
    };
    const { request } = mapMedicationRequest(requestWith({ medicationCodeableConcept: concept }));
    expect(request?.medication).toEqual({ name: 'methotrexate 2.5 mg', rxcui: '105585' });
    expect(request?.schedule.medication_name).toBe('methotrexate 2.5 mg');
  });

  it('may be contained; several codes are a question', () => {
    const code = { coding: [{ system: RXNORM, code: '1', display: 'one' }] };
    const contained = { contained: [{ resourceType: 'Medication', id: 'm', code }] };
    const reference = { medicationCodeableConcept: undefined, medicationReference: { reference: '#m' } };
    expect(mapMedicationRequest(requestWith({ ...contained, ...reference })).request?.medication).toEqual({
      name: 'one',
      rxcui: '1',
    });
    const several = { coding: [...code.coding, { system: RXNORM, code: '2' }] };
    expect(problemsOf(requestWith({ medicationCodeableConcept: several }))).toEqual([
      '/medicationCodeableConcept/coding several_codes',
    ]);
  });

  it('is said once: by a concept or a reference, to one resource that stands', () => {
    const code = { text: 'warfarin 5 mg' };
    const medication = { resourceType: 'Medication', id: 'm', code };
    const reference = { medicationReference: { reference: '#m' } };
    expect(problemsOf(requestWith({ ...reference, contained: [medication] }))).toEqual([
      '/medicationReference contradiction',
    ]);
    const referred = (...contained: readonly Json[]) =>
      problemsOf(requestWith({ ...reference, medicationCodeableConcept: undefined, contained }));
    expect(referred(medication)).toEqual([]);
    expect(referred(medication, { ...medication, code: { text: 'lisinopril 10 mg' } })).toEqual([
      '/contained contradiction',
    ]);
    expect(referred(medication, { resourceType: 'Organization', id: 'm' })).toEqual([
      '/contained contradiction',
    ]);
    expect(referred({ ...medication, status: 'entered-in-error' })).toEqual([
      '/contained/0/status not_active',
    ]);
    expect(referred({ ...medication, resourceType: 'Substance' })).toEqual([
      '/medicationCodeableConcept required',
    ]);
  });

  it('on hold is a pause', () => {
    expect(mapMedicationRequest(requestWith({ status: 'on-hold' })).request?.medication.status).toBe(
      'paused',
    );
  });

  it('has days of supply, and refills only when none were allowed', () => {
    const dispensed = (dispenseRequest: Json) => requestWith({ authoredOn: '2027-02-01', dispenseRequest });
    const duration = { value: 30, unit: 'days', system: 'http://unitsofmeasure.org', code: 'd' };
    const none = dispensed({ numberOfRepeatsAllowed: 0, expectedSupplyDuration: duration });
    expect(mapMedicationRequest(none).request?.medication).toMatchObject({
      issued_on: '2027-02-01',
      refills_left: 0,
      days_supply: 30,
    });
    const some = dispensed({ numberOfRepeatsAllowed: 3, expectedSupplyDuration: { value: 1, code: 'mo' } });
    expect(warningsOf(some)).toEqual([
      '/dispenseRequest/numberOfRepeatsAllowed refills_left_out',
      '/dispenseRequest/expectedSupplyDuration days_supply_left_out',
    ]);
    expect(mapMedicationRequest(some).request?.medication).not.toHaveProperty('refills_left');
  });

  const UCUM = 'http://unitsofmeasure.org';
  it.each([
    [{ value: 2, unit: 'tablets' }, 2],
    [{ value: 0.5, system: UCUM, code: '{tbl}' }, 0.5],
    [{ value: 5, system: UCUM, code: 'mL' }, 5],
    [{ value: 1, system: 'http://terminology.hl7.org/CodeSystem/v3-orderableDrugForm', code: 'TAB' }, 1],
    [{ value: 10, unit: 'mg', system: UCUM, code: 'mg' }, undefined],
    [{ value: 2, unit: 'boxes' }, undefined],
    [{ value: 2, unit: 'tablets', comparator: '<' }, undefined],
  ])('%j is a dose of %s units', (doseQuantity, units) => {
    const resource = withRepeat(
      { frequency: 1, period: 1, periodUnit: 'd' },
      { doseAndRate: [{ doseQuantity }] },
    );
    expect(scheduleOf(resource)?.dose_units).toBe(units);
    expect(warningsOf(resource)).toEqual(
      units === undefined ? ['/dosageInstruction/0/doseAndRate dose_left_out'] : [],
    );
  });
});

it('further instructions are left out with a warning', () => {
  const more = { additionalInstruction: [{ text: 'on odd days only' }] };
  expect(warningsOf(withRepeat({ frequency: 1, period: 1, periodUnit: 'd' }, more))).toEqual([
    '/dosageInstruction/0/additionalInstruction text_not_read',
  ]);
});

it('a line with problems still says whose it is, when it does', () => {
  expect(mapMedicationRequest(requestWith({ status: 'draft' }))).toMatchObject({
    userId: 'p-1',
    medicationId: 'rx-1',
  });
  const { id, ...other } = requestWith({ identifier: [{ value: 'order-7' }] });
  expect(mapMedicationRequest(other).request?.medication_id).toBe('order-7');
});

describe('what is said beside the codes of a timing', () => {
  const daily = { frequency: 1, period: 1, periodUnit: 'd' };
  const coded = (code: Json, more: Json = {}) =>
    requestWith({ dosageInstruction: [dosage({ code, repeat: daily }, more)] });
  const snomed = (display: string) => ({
    coding: [{ system: 'http://snomed.info/sct', code: '1', display }],
  });
  const at = '/dosageInstruction/0';

  it.each([
    [{ text: 'once weekly' }, `${at}/timing/code/text contradiction`],
    [{ text: 'twice daily' }, `${at}/timing/code/text contradiction`],
    [snomed('Once a week'), `${at}/timing/code/coding/0/display contradiction`],
    [{ coding: [{ system: 'http://local', code: 'BID' }] }, `${at}/timing/code/coding/0/code contradiction`],
  ])('the code %j against a daily repeat is a contradiction', (code, problem) => {
    expect(problemsOf(coded(code))).toEqual([problem]);
  });

  it('a code that says the same says nothing new, and one that cannot be read is told', () => {
    expect(warningsOf(coded({ text: 'once daily' }))).toEqual([]);
    expect(warningsOf(coded(snomed('Once daily')))).toEqual([]);
    expect(problemsOf(coded({ text: 'in the usual way' }))).toEqual([]);
    expect(warningsOf(coded({ text: 'in the usual way' }))).toEqual([`${at}/timing/code/text text_not_read`]);
  });

  it.each(['only when needed', 'Only if required for pain', 'PRN', 'p.r.n. for sleep', 'take once a week'])(
    'the further instruction "%s" is no daily reminder',
    (text) => {
      const problem = (name: string) => [`${at}/additionalInstruction/0/${name} contradiction`];
      const said = (instruction: Json) => withRepeat(daily, { additionalInstruction: [instruction] });
      expect(problemsOf(said({ text }))).toEqual(problem('text'));
      expect(problemsOf(said(snomed(text)))).toEqual(problem('coding/0/display'));
    },
  );

  it('further instructions on how a dose is taken are left out, and as needed goes with as needed', () => {
    for (const text of ['with or after food', 'take before meals', 'Do not stop taking this medicine']) {
      const said = withRepeat(daily, { additionalInstruction: [{ text }] });
      expect(problemsOf(said)).toEqual([]);
      expect(warningsOf(said)).toEqual([`${at}/additionalInstruction text_not_read`]);
    }
    const prn = { asNeededBoolean: true, additionalInstruction: [{ text: 'only when needed' }] };
    expect(scheduleOf(withRepeat(daily, prn))).toMatchObject({ frequency: 'PRN', max_doses_per_day: 1 });
  });

  it.each([{ asNeeded: true }, { asNeededFor: [{ text: 'pain' }] }])('%j of R5 is as needed', (more) => {
    const { request, problems } = mapMedicationRequest(withRepeat(daily, more));
    expect(problems).toEqual([]);
    expect(request?.schedule).toMatchObject({ frequency: 'PRN', max_doses_per_day: 1 });
  });

  it('elements of a dosage that nobody here knows are refused, those without a bearing on when are not', () => {
    expect(problemsOf(withRepeat(daily, { onlyOnFullMoon: true }))).toEqual([
      `${at}/onlyOnFullMoon element_not_supported`,
    ]);
    expect(problemsOf(withRepeat(daily, { _asNeeded: { extension: [{ url: 'x' }] } }))).toEqual([
      `${at}/_asNeeded value_in_extension`,
    ]);
    const known = {
      sequence: 1,
      route: { text: 'oral' },
      method: { text: 'swallow' },
      site: { text: 'mouth' },
    };
    expect(problemsOf(withRepeat(daily, known))).toEqual([]);
  });

  it('tells that the end of validity is not the end of the doses', () => {
    const ended = requestWith({ dispenseRequest: { validityPeriod: { end: '2026-01-01' } } });
    expect(problemsOf(ended)).toEqual([]);
    expect(warningsOf(ended)).toEqual(['/dispenseRequest/validityPeriod validity_left_out']);
  });
});
