import { Validations } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, HIPAASecurityChecks, ServerlessChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { synthesiseStage } from './constructs/testing/synthesise-stage.ts';

const PACKS = [AwsSolutionsChecks, HIPAASecurityChecks, ServerlessChecks];

/** Every acknowledgement of a stage: rule, and the reason that was given. */
const acknowledged = (stage: 'dev' | 'prod') =>
  synthesiseStage(stage)
    .app.node.findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries<unknown>(data));

describe.each(['dev', 'prod'] as const)('%s', (stage) => {
  it.each(PACKS)('has no finding of %o', (Pack) => {
    const { app } = synthesiseStage(stage);
    expect(new Pack(app).validateScope(app).violations).toEqual([]);
  });

  it('every acknowledged rule has a reason that says something', () => {
    const reasons = acknowledged(stage).map(([, reason]) => reason);
    expect(reasons.length).toBeGreaterThan(10);
    for (const reason of reasons) expect(String(reason).length).toBeGreaterThan(60);
  });

  it('acknowledges seven kinds of HIPAA rules, and of each other pack five at most', () => {
    const kinds = new Set(acknowledged(stage).map(([rule]) => rule.replace(/^Annotation::|\[.*$/g, '')));
    const of = (pack: string) => [...kinds].filter((kind) => kind.startsWith(pack)).sort();
    expect(of('HIPAA.Security-')).toEqual([
      'HIPAA.Security-APIGWCacheEnabledAndEncrypted',
      'HIPAA.Security-APIGWXrayEnabled',
      'HIPAA.Security-LambdaConcurrency',
      'HIPAA.Security-LambdaDLQ',
      'HIPAA.Security-LambdaInsideVPC',
      'HIPAA.Security-S3BucketReplicationEnabled',
      'HIPAA.Security-S3DefaultEncryptionKMS',
    ]);
    expect(of('AwsSolutions-')).toEqual([
      'AwsSolutions-APIG2',
      'AwsSolutions-APIG4',
      'AwsSolutions-COG2',
      'AwsSolutions-COG4',
      'AwsSolutions-IAM5',
    ]);
    expect(of('Serverless-')).toEqual([
      'Serverless-APIGWXrayEnabled',
      'Serverless-LambdaAsyncFailureDestination',
      'Serverless-LambdaDLQ',
      'Serverless-LambdaEventSourceMappingDestination',
      'Serverless-SQSRedrivePolicy',
    ]);
    expect(kinds.size).toBe(17);
  });
});

describe('prod with an address for its alarms', () => {
  const withAddress = () =>
    synthesiseStage('prod', { alarmsElsewhere: '', alarmEmail: 'operations@example.org' });

  it.each(PACKS)('has no finding of %o either', (Pack) => {
    const { app } = withAddress();
    expect(new Pack(app).validateScope(app).violations).toEqual([]);
  });

  it('keeps what mail does not take among the lost events', () => {
    const { data, service } = withAddress();
    const subscriptions = service.findResources('AWS::SNS::Subscription', {
      Properties: {
        Protocol: 'email',
        RedrivePolicy: {
          deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^QueuesLostEvents'), 'Arn'] },
        },
      },
    });
    expect(Object.keys(subscriptions)).toHaveLength(1);
    const statement = {
      Sid: 'UndeliveredAlarms',
      Principal: { Service: 'sns.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    };
    const keys = data.findResources('AWS::KMS::Key', {
      Properties: { KeyPolicy: { Statement: Match.arrayWith([Match.objectLike(statement)]) } },
    });
    expect(Object.keys(keys)).toEqual([expect.stringMatching(/^KeysData/)]);
  });
});

it('the packs bite: a stage without a firewall has a finding that nobody has acknowledged', () => {
  const { app } = synthesiseStage('local');
  const rules = new AwsSolutionsChecks(app).validateScope(app).violations.map(({ ruleName }) => ruleName);
  expect(rules).toContain('AwsSolutions-APIG3');
});
