import { describe, expect, it } from 'vitest';
import { alarmState } from './alarm-state.ts';

describe('alarmState', () => {
  const alarm = {
    Threshold: 10,
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: 5,
    DatapointsToAlarm: 3,
    TreatMissingData: 'notBreaching',
  };
  const missing = undefined;

  it.each([
    ['three of five breach', [11, 1, 11, 1, 11], 'ALARM'],
    ['two do', [11, 1, 11, 1, 1], 'OK'],
    ['what lies before the window does not count', [11, 11, 11, 1, 1, 1, 1], 'OK'],
    ['at the threshold nothing breaches', [10, 10, 10, 10, 10], 'OK'],
    ['too few datapoints', [11, missing, 11], 'OK'],
    ['silence', [], 'OK'],
  ])('%s', (_name, value, state) => {
    expect(alarmState(alarm, { value })).toBe(state);
  });

  it('silence breaches where the alarm says so', () => {
    const sign = { ...alarm, ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching' };
    expect(alarmState(sign, { value: [10, missing, missing, missing, 10] })).toBe('ALARM');
    expect(alarmState(sign, { value: [10, missing, missing, 10, 10] })).toBe('OK');
  });
});
