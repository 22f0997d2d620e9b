import { describe, expect, it } from 'vitest';
import { ACCEPTED_FINDINGS } from './accepted-findings.ts';
import { judgeFindings, readCfnLint, readCheckov } from './judge-findings.ts';

const finding = { rule: 'W1', text: 'Something is odd', resource: 'Resources/Table' };

describe('judgeFindings', () => {
  it('names what nobody accepts', () => {
    expect(judgeFindings('cfn-lint', [finding], {})).toEqual([
      'cfn-lint W1 Resources/Table: Something is odd',
    ]);
    expect(judgeFindings('cfn-lint', [finding], { W1: 'Because.' })).toEqual([]);
  });

  it('names what is accepted for nothing', () => {
    expect(judgeFindings('checkov', [], { CKV_AWS_1: 'Because.' })).toEqual([
      expect.stringContaining('found nowhere any more'),
    ]);
  });
});

describe('the reports', () => {
  it('of cfn-lint', () => {
    const report = [
      { Rule: { Id: 'W1' }, Message: 'Something is odd', Location: { Path: ['Resources', 'Table'] } },
    ];
    expect(readCfnLint(JSON.stringify(report))).toEqual([finding]);
    expect(() => readCfnLint('{}')).toThrow('another form');
    expect(() => readCfnLint('Traceback')).toThrow('No report in JSON: Traceback');
  });

  it('of checkov', () => {
    const failed = { check_id: 'W1', check_name: 'Something is odd', resource: 'Resources/Table' };
    const report = (summary: object) =>
      JSON.stringify({ summary, results: { failed_checks: [failed], passed_checks: [] } });
    expect(readCheckov(report({ passed: 7, parsing_errors: 0 }))).toEqual([finding]);
    expect(() => readCheckov(report({ passed: 7, parsing_errors: 1 }))).toThrow('could not read');
    expect(() => readCheckov(report({ passed: 0, parsing_errors: 0 }))).toThrow('could not read');
    expect(() => readCheckov(JSON.stringify({ passed: 0, failed: 0 }))).toThrow('could not read');
  });
});

it('every accepted finding has a reason that says something', () => {
  const reasons = Object.values(ACCEPTED_FINDINGS).flatMap((rules) => Object.values<string>(rules));
  expect(reasons.length).toBeGreaterThan(5);
  for (const reason of reasons) expect(reason.length).toBeGreaterThan(60);
});
