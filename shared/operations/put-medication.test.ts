import { beforeEach, describe, expect, it } from 'vitest';
import { PATIENT, problemOf, RecordsBench } from '#test/builders/records-bench.ts';
import type { MedicationWishes } from './bodies/medication.ts';
import { listMedications } from './list-medications.ts';
import { putMedication } from './put-medication.ts';

const NOW = '2027-03-01T13:20:00.000Z';
const LISINOPRIL: MedicationWishes = {
  name: 'Lisinopril 10 mg tablets',
  dose_units: 1.5,
  last_fill_date: '2027-02-20',
  days_supply: 30,
  refills_left: 2,
  issued_on: '2027-01-15',
  discard_after_days: 180,
  max_doses_per_day: 2,
};

let bench: RecordsBench;
beforeEach(() => {
  bench = new RecordsBench();
});

const put = (wishes: MedicationWishes, ifMatch?: readonly string[], now = NOW) =>
  putMedication(bench, PATIENT, { userId: 'p1', medicationId: 'm1', ifMatch }, wishes, bench.at(now));
const list = (caller = PATIENT) => listMedications(bench, caller, { userId: 'p1' }, bench.at(NOW));
const medication = () => bench.read('medication', bench.medicationRef());
const schedule = () => bench.read('schedule', bench.medicationRef());

describe('a medication', () => {
  it('is made with what is stated of it, and listed so', async () => {
    const { body, tag } = await put(LISINOPRIL);
    expect(body).toEqual({
      medication_id: 'm1',
      status: 'active',
      etag: '"1"',
      reminders: 'none',
      recognition: 'recognised',
      ingredients: ['lisinopril'],
      ...LISINOPRIL,
    });
    expect(tag).toBe('"1"');
    expect(await list()).toEqual({ user_id: 'p1', medications: [body] });
  });

  it('tells roll-ups of a dispensing when it is new or corrected, and of nothing else', async () => {
    const fills = () => [...bench.db.events.fills.values()];
    await put(LISINOPRIL);
    expect(fills()).toMatchObject([{ date: '2027-02-20', daysSupply: 30 }]);
    bench.db.events.fills.clear();
    await put({ ...LISINOPRIL, refills_left: 1 });
    const { days_supply: _unknown, ...without } = LISINOPRIL;
    await put(without);
    expect(fills()).toEqual([]);
    await put({ ...LISINOPRIL, days_supply: 28 });
    await put({ ...LISINOPRIL, last_fill_date: '2027-02-27', days_supply: 28 });
    expect(fills()).toMatchObject([
      { date: '2027-02-20', daysSupply: 28 },
      { date: '2027-02-27', daysSupply: 28, medicationRef: bench.medicationRef() },
    ]);
  });

  it('that is used more often than it may be is warned of, and goes on', async () => {
    bench.medication();
    const { body } = await put({ name: 'methotrexate 2.5 mg tablet' });
    expect(body).toMatchObject({ reminders: 'active', warnings: [{ code: 'high_alert_frequency' }] });
    expect((await put({ name: 'lisinopril' })).body).not.toHaveProperty('warnings');
    bench.medication('m1', 'active', { status: 'stopped' });
    expect((await put({ name: 'methotrexate 2.5 mg tablet' })).body).not.toHaveProperty('warnings');
  });

  it('by its code is what RxNorm says', async () => {
    expect((await put({ rxcui: '29046' })).body).toMatchObject({
      recognition: 'recognised',
      ingredients: ['lisinopril'],
    });
  });

  it.each([
    ['acetaminophen and ibuprofn', '161', 'acetaminophen'],
    ['Coumadn 5 mg', '161', 'acetaminophen'],
    ['ibuprofn tablets', '11289', 'warfarin'],
  ])('whose name %j nobody knows is not made good by code %s', async (name, rxcui, candidate) => {
    const { body } = await put({ name, rxcui });
    expect(body).toMatchObject({ recognition: 'unrecognised', reason: 'name_not_recognised' });
    expect(body).not.toHaveProperty('ingredients');
    expect(body['candidates']).toContainEqual(expect.objectContaining({ ingredients: [candidate] }));
  });

  it('whose code nobody knows is what its name says', async () => {
    const known = await put({ name: 'Zocor 40 mg', rxcui: '99999999' });
    expect(known.body).toMatchObject({ recognition: 'recognised', ingredients: ['simvastatin'] });
    const { body } = await put({ rxcui: '99999999' });
    expect(body).toMatchObject({ recognition: 'unrecognised', reason: 'code_not_recognised' });
  });

  it('whose name looks like another is a question, not an answer', async () => {
    const { body } = await put({ name: 'lisinopirl' });
    expect(body).toMatchObject({ recognition: 'unrecognised', name: 'lisinopirl' });
    expect(body['candidates']).toContainEqual(expect.objectContaining({ ingredients: ['lisinopril'] }));
    expect(body).not.toHaveProperty('ingredients');
  });

  it('loses what is left out, and keeps what others know of it', async () => {
    await put(LISINOPRIL);
    const stored = await medication();
    if (!stored) throw new Error('It was just put.');
    const lastSnapshot = { medicationId: 'm1', supplyUnits: 12, takenAt: NOW, result: {} };
    bench.write<'medication'>({ ...stored, body: { ...stored.body, lastSnapshot } });
    const { body } = await put({ name: 'lisinopril' });
    expect(body).not.toHaveProperty('days_supply');
    expect(body).toMatchObject({ last_count: { supply_units: 12, taken_at: NOW } });
  });

  it.each<[MedicationWishes, string, string]>([
    [{ status: 'paused' }, '/name', 'required'],
    [{ name: 'metformin', rxcui: '29046' }, '/rxcui', 'does_not_fit_name'],
    [{ name: 'metformin', issued_on: '2027-02-30' }, '/issued_on', 'invalid_date'],
    [{ name: 'metformin', last_fill_date: '2027-03-03' }, '/last_fill_date', 'in_future'],
    [{ name: 'alprazolam', dea_schedule: 'IV', refills_left: 6 }, '/refills_left', 'more_than_five_refills'],
    [
      { name: 'oxycodone', dea_schedule: 'II', refills_left: 1 },
      '/refills_left',
      'schedule_ii_is_never_refilled',
    ],
    [
      { name: 'testosterone', dea_schedule: 'III', refills_left: 9 },
      '/refills_left',
      'more_than_five_refills',
    ],
  ])('%j is refused at %s: %s', async (wishes, pointer, code) => {
    expect(await problemOf(put(wishes))).toMatchObject({
      code: 'invalid_input',
      problems: [{ pointer, code }],
    });
    expect(bench.db.records.size).toBe(0);
  });

  it.each<MedicationWishes>([
    { name: 'alprazolam', dea_schedule: 'IV', refills_left: 5 },
    { name: 'pregabalin', dea_schedule: 'V', refills_left: 11 },
    { name: 'metformin', refills_left: 11 },
  ])('%j is taken: only schedules III and IV have at most five refills', async (wishes) => {
    expect((await put(wishes)).body).toMatchObject(wishes);
  });

  it('heeds the version that is named', async () => {
    await put(LISINOPRIL);
    expect((await problemOf(put(LISINOPRIL, ['"7"']))).code).toBe('precondition_failed');
    expect((await put(LISINOPRIL, ['"1"'])).tag).toBe('"2"');
    expect((await put(LISINOPRIL)).tag).toBe('"3"');
  });
});

describe('the status of a medication', () => {
  const name = 'lisinopril';

  it('paused keeps the schedule as it goes on, and can be taken back', async () => {
    bench.medication();
    const before = await schedule();
    expect((await put({ name, status: 'paused' })).body).toMatchObject({
      status: 'paused',
      reminders: 'active',
    });
    expect(await schedule()).toEqual(before);
    expect((await put({ name, status: 'active' })).body).toMatchObject({
      status: 'active',
      reminders: 'active',
    });
    expect(bench.trail().map(({ action }) => action)).toEqual(['medication.paused', 'medication.resumed']);
  });

  it('stopped stops the schedule in the same transaction, for jobs that were accepted before as well', async () => {
    bench.medication();
    expect((await put({ name, status: 'stopped' })).body).toMatchObject({
      status: 'stopped',
      reminders: 'stopped',
    });
    expect((await schedule())?.state).toMatchObject({ status: 'stopped', nextDueAt: null, acceptedAt: NOW });
    expect(bench.trail()).toMatchObject([
      { action: 'medication.stopped', details: { from: 'active', reminders: true } },
    ]);
  });

  it('stopped records the doses that a tick which is behind owes, but for those that were answered', async () => {
    bench.medication('m1', 'active', { nextDueAt: '2027-03-01T01:00:00.000Z' });
    const id = (slot: string) => `${slot}_${bench.medicationRef()}`;
    bench.occurrence({ status: 'taken' }, id('2027-03-01_0800'));
    await put({ name, status: 'stopped' }, undefined, '2027-03-02T02:00:00.000Z');
    const states = ['2027-02-28_2000', '2027-03-01_0800', '2027-03-01_2000'].map(async (slot) => {
      const stored = await bench.read('occurrence', id(slot));
      return [stored?.state.status, stored?.state.reason];
    });
    expect(await Promise.all(states)).toEqual([
      ['not_sent', 'too_late'],
      ['taken', null],
      ['not_sent', 'schedule_stopped'],
    ]);
    expect(await bench.read('occurrence', id('2027-03-02_0800'))).toBeUndefined();
  });

  it('stopped after a long silence records the newest doses that a transaction holds', async () => {
    bench.medication('m1', 'active', { nextDueAt: '2027-02-01T13:00:00.000Z' });
    await put({ name, status: 'stopped' }, undefined, '2027-03-01T13:20:00.000Z');
    const made = [...bench.db.records.values()].filter(({ type }) => type === 'occurrence');
    expect(made).toHaveLength(24);
    const at = async (slot: string) =>
      (await bench.read('occurrence', `${slot}_${bench.medicationRef()}`))?.state.reason;
    expect(await at('2027-03-01_0800')).toBe('schedule_stopped');
    expect(await at('2027-02-28_2000')).toBe('too_late');
    expect(await at('2027-02-01_0800')).toBeUndefined();
  });

  it('after a stop may be active again, without reminders until a new job sets them', async () => {
    bench.medication();
    await put({ name, status: 'stopped' });
    expect((await put({ name, status: 'active' })).body).toMatchObject({
      status: 'active',
      reminders: 'stopped',
    });
  });

  it('stays as it is when it is left out', async () => {
    bench.medication('m1', 'paused');
    expect((await put({ name })).body).toMatchObject({ status: 'paused' });
    expect(bench.trail()).toMatchObject([{ action: 'medication.changed', details: { status: 'paused' } }]);
  });
});

describe('the list of medications', () => {
  it('is in order of id, stopped and unnamed ones included', async () => {
    bench.medication('b', 'stopped', undefined);
    bench.medication('a');
    expect(await list()).toMatchObject({
      medications: [
        { medication_id: 'a', status: 'active', recognition: 'unnamed', reminders: 'active' },
        { medication_id: 'b', status: 'stopped' },
      ],
    });
    expect(bench.trail()).toEqual([{ action: 'medications.read', details: { count: 2 } }]);
  });

  it('is refused when its audit entry cannot be written, and to strangers', async () => {
    const away = { ...bench, audit: { ...bench.audit, put: () => Promise.reject(new Error('away')) } };
    await expect(listMedications(away, PATIENT, { userId: 'p1' }, bench.at(NOW))).rejects.toMatchObject({
      code: 'read_not_recorded',
    });
    expect((await problemOf(list({ ...PATIENT, subject: 'p2' }))).code).toBe('forbidden');
  });
});
