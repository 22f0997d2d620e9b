import { describe, expect, it } from 'vitest';
import { synthesiseStage } from './constructs/testing/synthesise-stage.ts';

/** A value of a template as text: what CloudFormation fills in stands in braces. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const [[name = '', inner] = []] = Object.entries(value);
  if (name === 'Ref') return `{${String(inner)}}`;
  if (name === 'Fn::Join' && Array.isArray(inner)) return [plain(inner[1])].flat().join('');
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}

const HERE = '{AWS::AccountId}';
/** What is not said here is a matter of the roles: each has the use of a key in its own policy, with a condition. */
const BY_ROLES = {
  Effect: 'Allow',
  Principal: { AWS: `arn:{AWS::Partition}:iam::${HERE}:root` },
  Action: 'kms:*',
  Resource: '*',
};

/** By what a condition keeps a use of a key to what it is meant for. */
const boundBy = (condition: object): string =>
  Object.entries(condition)
    .flatMap(([operator, keys]) => Object.keys(keys).map((key) => `${operator}/${key}`))
    .join('+') || 'nothing';

/** Every way in which any role may use a key. What DescribeKey tells is no data. */
const USES: readonly string[] = [
  'kms:CreateGrant Bool/kms:GrantIsForAWSResource Data',
  'kms:Decrypt StringEquals/kms:EncryptionContext:purpose Fields',
  'kms:Decrypt StringEquals/kms:ViaService Alarms',
  'kms:Decrypt StringEquals/kms:ViaService Data',
  'kms:DescribeKey StringEquals/kms:ViaService Data',
  'kms:DescribeKey nothing Alarms',
  'kms:DescribeKey nothing Backup',
  'kms:DescribeKey nothing Data',
  'kms:DescribeKey nothing Fields',
  'kms:DescribeKey nothing Logs',
  'kms:DescribeKey nothing Seal',
  'kms:Encrypt StringEquals/kms:ViaService Data',
  'kms:GenerateDataKey StringEquals/kms:ViaService Alarms',
  'kms:GenerateDataKey StringEquals/kms:ViaService Data',
  'kms:GenerateDataKeyWithoutPlaintext StringEquals/kms:EncryptionContext:purpose Fields',
  // Not through a service, and harmless: it is the public half that verifies.
  'kms:GetPublicKey nothing Backup',
  'kms:ReEncryptFrom StringEquals/kms:ViaService Data',
  'kms:ReEncryptTo StringEquals/kms:ViaService Data',
  'kms:Sign StringEquals/kms:MessageType+StringEquals/kms:SigningAlgorithm Backup',
  'kms:Sign StringEquals/kms:MessageType+StringEquals/kms:SigningAlgorithm Seal',
];

describe.each(['dev', 'prod'] as const)('the policy of each key of %s, whole', (stage) => {
  const keyOf = (name: string): Record<string, unknown> => {
    const found = Object.entries(synthesiseStage(stage).data.findResources('AWS::KMS::Key'));
    return found.find(([id]) => id.startsWith(`Keys${name}`))?.[1]?.['Properties'];
  };
  const policyOf = (name: string) => plain(Object(keyOf(name)['KeyPolicy']).Statement);
  const bus = `arn:{AWS::Partition}:events:{AWS::Region}:${HERE}:event-bus/medication-jobs-${stage}`;
  const reads = ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'];

  it('of alarms: roles and alarms, which need no other key to be told', () => {
    expect(policyOf('Alarms')).toEqual([
      BY_ROLES,
      {
        Sid: 'AlarmsToEncryptedTopic',
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: '*',
      },
    ]);
  });

  it('of data: roles, and the bus of this account', () => {
    expect(policyOf('Data')).toEqual([
      BY_ROLES,
      {
        Sid: 'EventBusAndLostEvents',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: reads,
        Resource: '*',
        Condition: { StringEquals: { 'aws:SourceAccount': HERE } },
      },
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: reads,
        Resource: '*',
        Condition: {
          StringEquals: {
            'aws:SourceAccount': HERE,
            'aws:SourceArn': bus,
            'kms:EncryptionContext:aws:events:event-bus:arn': bus,
          },
        },
      },
    ]);
  });

  it('of fields: roles, and nobody without a purpose, nor for another one', () => {
    const denied = (Sid: string, Condition: object) => ({
      Sid,
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: [
        'kms:Decrypt',
        'kms:Encrypt',
        'kms:GenerateDataKey',
        'kms:GenerateDataKeyWithoutPlaintext',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
      ],
      Resource: '*',
      Condition,
    });
    expect(policyOf('Fields')).toEqual([
      BY_ROLES,
      denied('PurposeDemanded', { Null: { 'kms:EncryptionContext:purpose': 'true' } }),
      denied('PurposeKnown', {
        StringNotEquals: { 'kms:EncryptionContext:purpose': ['field', 'hash', 'audit-hash'] },
      }),
    ]);
  });

  it('of logs: roles, and log groups of this account', () => {
    expect(policyOf('Logs')).toEqual([
      BY_ROLES,
      {
        Sid: 'LogGroups',
        Effect: 'Allow',
        Principal: { Service: 'logs.{AWS::Region}.amazonaws.com' },
        Action: ['kms:Decrypt', 'kms:Describe*', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
        Resource: '*',
        Condition: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': `arn:{AWS::Partition}:logs:{AWS::Region}:${HERE}:log-group:*`,
          },
        },
      },
    ]);
  });

  it.each([
    ['Seal', 'audit-seal'],
    ['Backup', 'worker-low'],
  ])('of %s: roles only, of which one signs', (name, role) => {
    const signer = `arn:{AWS::Partition}:iam::${HERE}:role/medication-jobs-${stage}-${role}`;
    expect(policyOf(name)).toEqual([
      BY_ROLES,
      {
        Sid: 'SignedByOneFunction',
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: 'kms:Sign',
        Resource: '*',
        Condition: { ArnNotEquals: { 'aws:PrincipalArn': signer } },
      },
    ]);
    expect(keyOf(name)).toMatchObject({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
  });

  it('each use of a key by a role is bound: through which service, for which purpose, or to whom the grant goes', () => {
    const { service, data } = synthesiseStage(stage);
    const uses: string[] = [];
    for (const template of [service, data])
      for (const type of ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'])
        for (const [id, { Properties }] of Object.entries(template.findResources(type)))
          for (const { Effect, Action, Resource, Condition = {} } of Properties.PolicyDocument.Statement) {
            const keyActions = [Action].flat().filter((one: string) => /^(kms:|\*)/.test(one));
            if (keyActions.length === 0) continue;
            expect([id, Effect, JSON.stringify(Resource)]).toEqual([
              id,
              'Allow',
              expect.stringMatching(/Keys(Data|Fields|Logs|Seal|Backups?|Alarms)/),
            ]);
            for (const action of keyActions)
              for (const [, key] of JSON.stringify(Resource).matchAll(/Keys([A-Z]\w+?)[0-9A-F]{8}/g))
                uses.push(`${action} ${boundBy(Condition)} ${key}`);
          }
    expect([...new Set(uses)].sort()).toEqual(USES);
  });

  it('no role has rights beside the policies that are judged here', () => {
    const { service, data } = synthesiseStage(stage);
    for (const template of [service, data])
      for (const [id, { Properties = {} }] of Object.entries(template.findResources('AWS::IAM::Role')))
        expect([id, Properties['Policies'], JSON.stringify(Properties['ManagedPolicyArns'] ?? [])]).toEqual([
          id,
          undefined,
          // The CDK's own helper that empties buckets, where stores are not kept.
          id.startsWith('CustomS3AutoDelete') ? expect.anything() : expect.not.stringContaining(':iam::aws:'),
        ]);
  });
});
