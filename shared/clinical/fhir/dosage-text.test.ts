import { describe, expect, it } from 'vitest';
import { mapMedicationRequest } from './medication-request.ts';

type Json = Record<string, unknown>;

const found = (repeat: Json, more: Json) => {
  const { problems, warnings } = mapMedicationRequest({
    resourceType: 'MedicationRequest',
    id: 'rx-1',
    status: 'active',
    intent: 'order',
    subject: { reference: 'Patient/p-1' },
    medicationCodeableConcept: { text: 'methotrexate 2.5 mg tablet' },
    dosageInstruction: [{ timing: { repeat }, ...more }],
  });
  return [...problems, ...warnings].map(({ pointer, code }) => `${pointer} ${code}`);
};
const per = (frequency: number, period: number, periodUnit: string) => ({ frequency, period, periodUnit });
const DAILY = per(1, 1, 'd');
const TWICE = per(2, 1, 'd');
const WEEKLY = per(1, 1, 'wk');

const CONTRADICTS = ['/dosageInstruction/0/text contradiction'];
const NOT_READ = ['/dosageInstruction/0/text text_not_read'];

describe('the free text of a dosage', () => {
  it.each<[Json, string]>([
    [DAILY, 'take WEEKLY on Monday'],
    [DAILY, 'weekly'],
    [DAILY, 'Take on Monday.'],
    [DAILY, 'Take 1 tablet twice a day, with water'],
    [DAILY, 'One tablet b.i.d.'],
    [DAILY, 'every other day'],
    [DAILY, 'as needed'],
    [DAILY, '1 tablet daily for 7 days, then weekly'],
    [DAILY, '21 days on 7 days off'],
    [DAILY, 'with meals'],
    [TWICE, '1 tablet every 8 hours'],
    [WEEKLY, '1 tablet daily'],
    [{ ...WEEKLY, dayOfWeek: ['mon'] }, 'weekly on Tuesday'],
    [{ dayOfWeek: ['mon', 'thu'] }, 'every day'],
    [per(1, 3, 'mo'), 'monthly'],
  ])('of %j refuses the line when it says another frequency: %s', (repeat, text) => {
    expect(found(repeat, { text })).toEqual(CONTRADICTS);
  });

  it.each<[Json, string]>([
    [DAILY, 'once daily'],
    [DAILY, 'QD'],
    [TWICE, 'B.I.D.'],
    [WEEKLY, 'once a week'],
    [per(1, 8, 'h'), 'every 8 hours'],
    [{ when: ['HS'] }, 'at bedtime'],
  ])('of %j says nothing new: %s', (repeat, text) => {
    expect(found(repeat, { text })).toEqual([]);
  });

  it.each<[Json, string]>([
    [DAILY, 'Take 1 tablet daily for 10 days'],
    [DAILY, 'at bedtime'],
    [DAILY, 'in the morning; stay out of the sun'],
    [DAILY, 'od'],
    [DAILY, 'as the doctor says'],
    [TWICE, 'every 12 hours'],
    [TWICE, '8 am and 8 pm'],
    [per(3, 1, 'd'), 'with meals'],
    [WEEKLY, 'weekly on Monday'],
    [{ ...per(3, 1, 'wk'), dayOfWeek: ['mon', 'wed', 'fri'] }, 'mon, wed and fri before work'],
    [per(1, 3, 'd'), 'every 3 days, a patch'],
  ])('of %j is not read, and the report says so: %s', (repeat, text) => {
    expect(found(repeat, { text })).toEqual(NOT_READ);
  });

  it('of doses as needed may limit them, and must not make them fixed', () => {
    const prn = (repeat: Json, text: string) => found(repeat, { asNeededBoolean: true, text });
    expect(prn(per(4, 1, 'd'), 'as needed')).toEqual([]);
    expect(prn(per(4, 1, 'd'), 'every 6 hours as needed')).toEqual(NOT_READ);
    expect(prn(per(4, 1, 'd'), 'daily')).toEqual(CONTRADICTS);
  });

  it('is also what the patient is told', () => {
    const at = '/dosageInstruction/0/patientInstruction';
    expect(found(DAILY, { patientInstruction: 'Take it once a week' })).toEqual([`${at} contradiction`]);
    expect(found(DAILY, { patientInstruction: 'With water' })).toEqual([`${at} text_not_read`]);
    expect(found(DAILY, { patientInstruction: 'daily' })).toEqual([]);
  });

  it('alone stays no schedule, and is refused once', () => {
    expect(found({}, { text: 'daily' })).toEqual(['/dosageInstruction/0/timing timing_not_exact']);
  });
});
