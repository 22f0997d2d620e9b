import { describe, expect, it } from 'vitest';
import { resolveMedication } from '../names/index.ts';
import type { Schedule } from '../schedule.ts';
import { checkHighAlert, HIGH_ALERT_RULES } from './check-high-alert.ts';

const at = (frequency: string, more: Partial<Schedule> = {}): Schedule => ({
  frequency,
  times: ['08:00'],
  timeZone: 'America/New_York',
  startDate: '2026-03-02',
  ...more,
});
const every = (intervalHours: number): Schedule =>
  at(`Q${intervalHours}H`, { times: [], intervalHours, anchor: '2026-03-02T13:00:00.000Z' });
const ask = (medicationName: string | undefined, schedule: Schedule, maxDosesPerDay?: number) => {
  const check = checkHighAlert({ medicationName, schedule, maxDosesPerDay });
  if (check.status === 'too_frequent') return check.rule.id;
  return check.status === 'passed' ? 'passed' : check.reason;
};
const daily = at('QD');
const weekly = at('WK');

describe('the table', () => {
  it.each(HIGH_ALERT_RULES.map((rule) => [rule.id, rule] as const))('%s is complete', (_id, rule) => {
    const { ingredients, source } = rule;
    expect(ingredients.map((name) => resolveMedication(name))).toMatchObject(
      ingredients.map((name) => ({ status: 'resolved', ingredients: [name] })),
    );
    expect(source).toMatchObject({
      url: expect.stringMatching(/^https?:\/\/[^/]+\//),
      readOn: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
      verification: expect.stringMatching(/^(?:primary_read|secondary|unverified)$/),
    });
    expect(Object.values(rule.limit).every((limit) => limit > 0)).toBe(true);
  });

  it('has each id once', () => {
    expect(new Set(HIGH_ALERT_RULES.map(({ id }) => id)).size).toBe(HIGH_ALERT_RULES.length);
  });
});

describe('more often than allowed', () => {
  it.each<[string, Schedule, string]>([
    ['methotrexate', daily, 'methotrexate-weekly'],
    ['Methotrexate 2.5 mg tablets', at('BIW', { weekdays: [1, 4] }), 'methotrexate-weekly'],
    ['Trexall', at('DAYS', { weekdays: [1, 2] }), 'methotrexate-weekly'],
    ['rxcui:6851', at('Q6D'), 'methotrexate-weekly'],
    ['Otrexup injection', daily, 'methotrexate-weekly'],
    ['alendronate sodium 70 mg tablet', daily, 'alendronate-weekly'],
    ['Fosamax Plus D', daily, 'alendronate-cholecalciferol-weekly'],
    ['Actonel 35 mg', daily, 'risedronate-weekly'],
    ['risedronate 150 mg', weekly, 'risedronate-monthly'],
    ['Boniva 150 mg', weekly, 'ibandronate-monthly'],
    ['lomustine', at('Q4W'), 'lomustine-6-weeks'],
    ['colchicine 0.6 mg', at('TID', { times: ['08:00', '14:00', '20:00'] }), 'colchicine-twice-a-day'],
    ['Duragesic', at('QOD'), 'fentanyl-patch-72-hours'],
    ['fentanyl patch 25 mcg/h', every(48), 'fentanyl-patch-72-hours'],
    ['Butrans', every(72), 'buprenorphine-patch-7-days'],
    ['Catapres-TTS-1', daily, 'clonidine-patch-7-days'],
    ['Exelon patch', at('BID', { times: ['08:00', '20:00'] }), 'rivastigmine-patch-24-hours'],
    ['donepezil patch', daily, 'donepezil-patch-7-days'],
    ['Transderm Scop', daily, 'scopolamine-patch-3-days'],
    ['Ozempic', daily, 'semaglutide-injection-weekly'],
    ['Trulicity', daily, 'dulaglutide-weekly'],
    ['Mounjaro', at('Q5D'), 'tirzepatide-weekly'],
    ['Bydureon', daily, 'exenatide-extended-release-weekly'],
    ['methotrexate', at('CYCLE', { cycle: { daysOn: 2, daysOff: 5 } }), 'methotrexate-weekly'],
  ])('%s: %o is %s', (name, schedule, rule) => {
    expect(ask(name, schedule)).toBe(rule);
  });

  it('as needed, unless the label has it so', () => {
    expect(ask('methotrexate', at('PRN', { times: [] }))).toBe('methotrexate-weekly');
    expect(ask('Duragesic', at('PRN', { times: [] }), 1)).toBe('fentanyl-patch-72-hours');
    expect(ask('Transderm Scop', at('PRN', { times: [] }))).toBe('passed');
    expect(ask('colchicine', at('PRN', { times: [] }), 2)).toBe('passed');
    expect(ask('colchicine', at('PRN', { times: [] }), 3)).toBe('colchicine-twice-a-day');
  });
});

describe('allowed', () => {
  it.each<[string, Schedule]>([
    ['methotrexate', weekly],
    ['methotrexate', at('DAYS', { weekdays: [1] })],
    ['methotrexate', at('STAT', { endDate: '2026-03-02' })],
    ['methotrexate', at('CYCLE', { cycle: { daysOn: 1, daysOff: 6 } })],
    ['alendronate 10 mg', daily],
    ['alendronate 70 mg', weekly],
    ['risedronate 150 mg', at('MO')],
    ['risedronate 150 mg', at('Q4W')],
    ['ibandronate 150 mg', at('MO', { startDate: '2026-01-31', monthRule: 'clamp' })],
    ['colchicine', at('BID', { times: ['08:00', '18:00'] })],
    // A change of the clock does not make 72 hours out of three days.
    ['fentanyl patch 25 mcg/h', at('Q3D', { startDate: '2026-03-05' })],
    ['fentanyl patch', every(72)],
    ['fentanyl buccal tablet', daily],
    ['buprenorphine sublingual tablet', daily],
    ['clonidine 0.1 mg tablet', at('BID', { times: ['08:00', '20:00'] })],
    ['rivastigmine capsule', at('BID', { times: ['08:00', '20:00'] })],
    ['donepezil 10 mg', daily],
    ['Rybelsus', daily],
    ['semaglutide tablets 7 mg', daily],
    ['Byetta', at('BID', { times: ['08:00', '18:00'] })],
    ['aspirin', at('QID', { times: ['06:00', '12:00', '18:00', '22:00'] })],
  ])('%s: %o', (name, schedule) => {
    expect(ask(name, schedule)).toBe('passed');
  });
});

describe('not checked', () => {
  it.each<[string | undefined, Schedule, string]>([
    [undefined, daily, 'no_name'],
    ['no such medicine', daily, 'name_not_recognised'],
    ['MTX', daily, 'name_not_recognised'],
    ['alendronate', daily, 'form_or_strength_not_stated'],
    ['fentanyl', daily, 'form_or_strength_not_stated'],
    ['semaglutide', daily, 'form_or_strength_not_stated'],
    // Once a week under the skin, on several days into muscle.
    ['methotrexate 15 mg injection', daily, 'form_or_strength_not_stated'],
    // Sold as an injection and as a tablet.
    ['Wegovy', daily, 'form_or_strength_not_stated'],
  ])('%s: %o is %s', (name, schedule, reason) => {
    expect(ask(name, schedule)).toBe(reason);
  });

  it('needs no form or strength when nothing is exceeded either way', () => {
    expect(ask('alendronate', weekly)).toBe('passed');
    expect(ask('semaglutide', weekly)).toBe('passed');
  });
});
