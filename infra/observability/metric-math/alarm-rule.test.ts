import { describe, expect, it } from 'vitest';
import { alarmsOfRule, ruleHolds } from './alarm-rule.ts';

const ARN = 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:one-AND-two';

describe('the rule of a composite alarm', () => {
  it.each([
    ['ALARM(a)', 'a', true],
    ['ALARM(a)', 'b', false],
    ['(ALARM(a) AND ALARM(b))', 'a', false],
    ['(ALARM(a) AND ALARM(b))', 'a b', true],
    ['(ALARM(a) OR ALARM(b) OR ALARM(c))', 'c', true],
    ['((ALARM(a) OR ALARM(b)) AND (NOT ((ALARM(c)))))', 'b', true],
    ['((ALARM(a) OR ALARM(b)) AND (NOT ((ALARM(c)))))', 'b c', false],
    [`ALARM("${ARN}") OR ALARM(b)`, ARN, true],
  ])('%s while %s rings: %s', (rule, ringing, expected) => {
    expect(ruleHolds(rule, (alarm) => ringing.split(' ').includes(alarm))).toBe(expected);
  });

  it('names its alarms, each once', () => {
    expect(alarmsOfRule(`ALARM("${ARN}") OR (ALARM(b) AND NOT ALARM(b))`)).toEqual([ARN, 'b']);
  });

  it.each([
    'OK(a)',
    'ALARM(a) OR INSUFFICIENT_DATA(b)',
    'TRUE',
    'ALARM(a) ALARM(b)',
    'ALARM(a) == ALARM(b)',
    '',
  ])('is not evaluated where it says what is not known: "%s"', (rule) => {
    expect(() => ruleHolds(rule, () => true)).toThrow();
  });
});
