import { describe, expect, it } from 'vitest';
import { readSupplySettings, SUPPLY_DEFAULTS, supplySettingsText } from './supply-settings.ts';

const read = (more: object) => readSupplySettings(JSON.stringify({ ...SUPPLY_DEFAULTS, ...more }));

describe('supply settings', () => {
  it('come back as they were written', () => {
    const own = {
      ...SUPPLY_DEFAULTS,
      refillThreshold: 0.75,
      closedWeekdays: ['SA', 'SU'],
      holidays: ['2026-12-25'],
    };
    expect(readSupplySettings(supplySettingsText(own))).toEqual(own);
  });

  it.each<[string, object]>([
    ['refillThreshold', { refillThreshold: 0 }],
    ['refillThreshold', { refillThreshold: 80 }],
    ['refillThreshold', { refillThreshold: '0.8' }],
    ['leadTimeDays', { leadTimeDays: -1 }],
    ['leadTimeDays', { leadTimeDays: 91 }],
    ['safetyDays', { safetyDays: 1.5 }],
    ['closedWeekdays is not', { closedWeekdays: ['Sunday'] }],
    ['closedWeekdays is not', { closedWeekdays: 'SU' }],
    ['closes the whole week', { closedWeekdays: ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] }],
    ['holidays', { holidays: ['2026-02-30'] }],
    ['holidays', { holidays: [20261225] }],
  ])('name what is wrong: %s', (name, more) => {
    expect(() => read(more)).toThrow(name);
  });

  it('must be there, whole', () => {
    expect(() => readSupplySettings('')).toThrow('not a JSON object');
    expect(() => readSupplySettings('{}')).toThrow('refillThreshold');
  });
});
