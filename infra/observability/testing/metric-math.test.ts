import { describe, expect, it } from 'vitest';
import { alarmState } from './alarm-state.ts';
import { evaluateMath } from './metric-math.ts';

describe('evaluateMath', () => {
  it.each<[string, (number | undefined)[]]>([
    ['n + 2 * e', [102, 212]],
    ['(n - e) / n', [0.99, 0.97]],
    ['IF(n >= 150, 100 * e / n, IF(e >= 1, 100, 0))', [100, 3]],
    ['IF(n > 150, e, 0)', [0, 6]],
    ['IF(n < 150, e, 0)', [1, 0]],
    ['n / (e - 1)', [undefined, 40]],
  ])('%s', (expression, expected) => {
    expect(evaluateMath(expression, { n: [100, 200], e: [1, 6] })).toEqual(expected);
  });

  it('has no result where an input that is used has none', () => {
    const inputs = { n: [100, undefined, 5], e: [undefined, 1, 1] };
    expect(evaluateMath('n + e', inputs)).toEqual([undefined, undefined, 6]);
    expect(evaluateMath('IF(n >= 20, 7, e)', inputs)).toEqual([7, undefined, 1]);
  });

  it.each(['FILL(n, 0)', 'IF(n >= 20, 1)', 'n ? 1 : 0', 'x + n', 'n % 2'])(
    'passes over nothing that it does not know: %s',
    (expression) => {
      expect(() => evaluateMath(expression, { n: [1] })).toThrow();
    },
  );
});

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
