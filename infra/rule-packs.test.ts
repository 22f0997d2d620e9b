import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { synthesiseStage } from './constructs/testing/synthesise-stage.ts';

describe.each(['dev', 'prod'] as const)('%s', (stage) => {
  it.each([AwsSolutionsChecks, HIPAASecurityChecks])('has no finding of %o', (Pack) => {
    const { app } = synthesiseStage(stage);
    expect(new Pack(app).validateScope(app).violations).toEqual([]);
  });

  it('every acknowledged rule has a reason that says something', () => {
    const reasons = synthesiseStage(stage)
      .app.node.findAll()
      .flatMap(({ node }) => node.metadata)
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.values<unknown>(data));
    expect(reasons.length).toBeGreaterThan(10);
    for (const reason of reasons) expect(String(reason).length).toBeGreaterThan(60);
  });
});

it('the packs bite: a stage without a firewall has a finding that nobody has acknowledged', () => {
  const { app } = synthesiseStage('local');
  const rules = new AwsSolutionsChecks(app).validateScope(app).violations.map(({ ruleName }) => ruleName);
  expect(rules).toContain('AwsSolutions-APIG3');
});
