import { describe, expect, it } from 'vitest';
import {
  DRILL_TABLES,
  INDEXES,
  PARTITION_KEY,
  SORT_KEY,
  TABLES,
  TTL_ATTRIBUTE,
} from '#shared/contract/tables.ts';
import { ROLES } from '#shared/lifecycle/role.ts';
import { synthesiseStage } from './constructs/testing/synthesise-stage.ts';
import { STAGES, type StageName } from './stages.ts';

const dataOf = (stage: StageName) => synthesiseStage(stage).data;
const serviceOf = (stage: StageName) => synthesiseStage(stage).service;

function tableOf(stage: StageName, logicalId: string) {
  const [found] = Object.entries(dataOf(stage).findResources('AWS::DynamoDB::Table')).filter(([id]) =>
    id.startsWith(`Tables${logicalId}`),
  );
  return { ...found?.[1], ...found?.[1]?.['Properties'] };
}

describe.each(Object.keys(STAGES) as StageName[])('the tables of %s', (stage) => {
  it.each(Object.entries(TABLES))('%s is encrypted, recoverable, on demand', (_, { logicalId }) => {
    const table = tableOf(stage, logicalId);
    expect(table.KeySchema).toEqual([
      { AttributeName: PARTITION_KEY, KeyType: 'HASH' },
      { AttributeName: SORT_KEY, KeyType: 'RANGE' },
    ]);
    expect(table.SSESpecification).toMatchObject({ SSEEnabled: true, SSEType: 'KMS' });
    expect(JSON.stringify(table.SSESpecification.KMSMasterKeyId)).toContain('KeysData');
    expect(table.PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true });
    expect(table.BillingMode).toBe('PAY_PER_REQUEST');
    expect(table.TimeToLiveSpecification).toEqual({ AttributeName: TTL_ATTRIBUTE, Enabled: true });
    expect(table.DeletionProtectionEnabled ?? false).toBe(stage === 'prod');
    expect(table.DeletionPolicy).toBe(stage === 'prod' ? 'Retain' : 'Delete');
  });

  it('have exactly the indexes that the contract names', () => {
    const found = Object.entries(TABLES).flatMap(([table, { logicalId }]) =>
      (tableOf(stage, logicalId).GlobalSecondaryIndexes ?? []).map(
        (index: { IndexName: string; KeySchema: { AttributeName: string }[]; Projection: object }) => ({
          table,
          name: index.IndexName,
          keys: index.KeySchema.map(({ AttributeName }) => AttributeName),
          projection: index.Projection,
        }),
      ),
    );
    expect(found).toEqual(
      Object.values(INDEXES).map(({ table, name, partition, sort }) => ({
        table,
        name,
        keys: [partition, sort],
        projection: { ProjectionType: 'ALL' },
      })),
    );
  });
});

describe.each(Object.keys(STAGES) as StageName[])('the tables of drills of %s', (stage) => {
  it('are encrypted, on demand, and lose by themselves what a drill that died has left', () => {
    const tables = Object.entries(dataOf(stage).findResources('AWS::DynamoDB::Table')).filter(([id]) =>
      id.startsWith('Drill'),
    );
    expect(tables).toHaveLength(Object.keys(DRILL_TABLES).length);
    for (const [, { Properties }] of tables) {
      expect(JSON.stringify(Properties.SSESpecification.KMSMasterKeyId)).toContain('KeysData');
      expect(Properties.BillingMode).toBe('PAY_PER_REQUEST');
      expect(Properties.TimeToLiveSpecification).toEqual({ AttributeName: 'drillEnds', Enabled: true });
      // No change of theirs is a change of the product.
      expect(Properties.StreamSpecification).toBeUndefined();
      expect(Properties.GlobalSecondaryIndexes).toBeUndefined();
    }
  });
});

describe.each(Object.keys(STAGES) as StageName[])('the streams of %s', (stage) => {
  it('tell what each change left, of the tables that are backed up and of no other', () => {
    const streams = Object.entries(TABLES).map(([name, { logicalId }]) => [
      name,
      tableOf(stage, logicalId).StreamSpecification?.StreamViewType,
    ]);
    expect(Object.fromEntries(streams)).toEqual({
      jobs: 'NEW_IMAGE',
      records: 'NEW_IMAGE',
      audit: undefined,
      secrets: undefined,
    });
  });
});

describe.each(Object.keys(STAGES) as StageName[])('the buckets of %s', (stage) => {
  const buckets = () => Object.entries(dataOf(stage).findResources('AWS::S3::Bucket'));

  it('are private, versioned and encrypted', () => {
    expect(buckets()).toHaveLength(5);
    for (const [id, { Properties }] of buckets()) {
      expect(Properties.PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      expect(Properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
      const [rule] = Properties.BucketEncryption.ServerSideEncryptionConfiguration;
      const logs = id.startsWith('BucketsAccessLogs');
      expect(rule.ServerSideEncryptionByDefault.SSEAlgorithm).toBe(logs ? 'AES256' : 'aws:kms');
      if (!logs)
        expect(Properties.LoggingConfiguration.DestinationBucketName.Ref).toMatch(/^BucketsAccessLogs/);
      expect(Properties.LifecycleConfiguration.Rules.length).toBeGreaterThan(0);
    }
  });

  it('refuse plain connections and old TLS', () => {
    const policies = Object.values(dataOf(stage).findResources('AWS::S3::BucketPolicy'));
    expect(policies).toHaveLength(5);
    for (const { Properties } of policies) {
      const denied = JSON.stringify(
        Properties.PolicyDocument.Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Deny'),
      );
      expect(denied).toContain('"aws:SecureTransport":"false"');
      expect(denied).toContain('"s3:TlsVersion":1.2');
    }
  });
});

const lockedBuckets = (stage: StageName) => {
  const locked = Object.entries(dataOf(stage).findResources('AWS::S3::Bucket')).filter(
    ([, { Properties }]) => Properties.ObjectLockEnabled,
  );
  expect(locked.map(([id]) => id.replace(/[0-9A-F]{8}$/, '')).sort()).toEqual([
    'BucketsAudit',
    'BucketsBackup',
  ]);
  return new Map(locked.map(([id, bucket]) => [id.replace(/[0-9A-F]{8}$/, ''), bucket]));
};

/** Functions that have names of their own, and may sign, by the key with which they do it. */
const SIGNERS = { Seal: 'auditseal', Backup: 'workerlow' } as const;

describe.each(Object.keys(STAGES) as StageName[])('the signing keys of %s', (stage) => {
  it.each(Object.entries(SIGNERS))(
    'are used by one function each and do nothing but sign: %s by %s',
    (name, signer) => {
      const [key] = Object.entries(dataOf(stage).findResources('AWS::KMS::Key'))
        .filter(([id]) => id.startsWith(`Keys${name}`))
        .map(([, { Properties }]) => Properties);
      expect(key).toMatchObject({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
      // Also those who may do everything in the account are refused: only that function's role is not.
      const [denial] = key.KeyPolicy.Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Deny');
      expect(denial).toMatchObject({ Action: 'kms:Sign', Principal: { AWS: '*' }, Resource: '*' });
      const named = Object.entries(serviceOf(stage).findResources('AWS::IAM::Role')).flatMap(
        ([id, { Properties }]) =>
          Properties.RoleName === undefined
            ? []
            : [[/^Functions([a-z]+)Role/.exec(id)?.[1], Properties.RoleName] as const],
      );
      expect(named.map(([fn]) => fn).sort()).toEqual(Object.values(SIGNERS).sort());
      const { 'aws:PrincipalArn': allowed } = denial.Condition.ArnNotEquals;
      expect(JSON.stringify(allowed)).toContain(`:role/${new Map(named).get(signer)}"`);
      const signing = Object.entries(serviceOf(stage).findResources('AWS::IAM::ManagedPolicy')).flatMap(
        ([id, { Properties }]) =>
          Properties.PolicyDocument.Statement.filter((one: { Action: unknown }) =>
            /kms:Sign|kms:\*/.test(JSON.stringify(one.Action)),
          ).map((one: { Resource: unknown }) => [
            /^Functions([a-z]+)Role/.exec(id)?.[1],
            /Keys(Seal|Backup)/.exec(JSON.stringify(one.Resource))?.[1],
          ]),
      );
      expect(signing.filter(([, of]) => of === name)).toEqual([[signer, name]]);
    },
  );
});

describe.each(Object.keys(STAGES) as StageName[])('the backups of %s', (stage) => {
  const prod = stage === 'prod';

  it('cannot be removed for 35 days: by nobody in production, elsewhere for a day', () => {
    const { Properties, DeletionPolicy } = lockedBuckets(stage).get('BucketsBackup') ?? {};
    expect(Properties?.['ObjectLockConfiguration'].Rule.DefaultRetention).toEqual({
      Mode: prod ? 'COMPLIANCE' : 'GOVERNANCE',
      Days: prod ? 35 : 1,
    });
    expect(DeletionPolicy).toBe(stage === 'local' ? 'Delete' : 'Retain');
  });

  it('are gone after 35 days, with the change log; monthly ones, the catalogue and reports of drills after six years', () => {
    const { Properties } = lockedBuckets(stage).get('BucketsBackup') ?? {};
    const rules = Properties?.['LifecycleConfiguration'].Rules as {
      Prefix: string;
      ExpirationInDays: number;
      NoncurrentVersionExpiration: object;
    }[];
    expect(Object.fromEntries(rules.map((rule) => [rule.Prefix, rule.ExpirationInDays]))).toEqual({
      'backups/': 35,
      'changes/': 35,
      'monthly/': 6 * 365 + 2,
      'catalogue/': 6 * 365 + 2,
      'drills/': 6 * 365 + 2,
    });
    for (const rule of rules) expect(rule.NoncurrentVersionExpiration).toEqual({ NoncurrentDays: 1 });
  });
});

describe.each(Object.keys(STAGES) as StageName[])('the sealed audit trail of %s', (stage) => {
  it('cannot be removed: by nobody for six years in production, elsewhere for a day', () => {
    const { Properties, DeletionPolicy } = lockedBuckets(stage).get('BucketsAudit') ?? {};
    const prod = stage === 'prod';
    expect(Properties?.['ObjectLockConfiguration'].Rule.DefaultRetention).toEqual({
      Mode: prod ? 'COMPLIANCE' : 'GOVERNANCE',
      Days: prod ? 6 * 365 + 2 : 1,
    });
    // What is locked outlives its stack, on AWS.
    expect(DeletionPolicy).toBe(stage === 'local' ? 'Delete' : 'Retain');
    // It expires no sooner than it may be removed.
    const [rule] = Properties?.['LifecycleConfiguration'].Rules ?? [];
    expect(rule.ExpirationInDays).toBe(prod ? 6 * 365 + 2 : undefined);
    expect(rule.NoncurrentVersionExpiration.NoncurrentDays).toBe(6 * 365 + 2);
  });

  it('is written by one function and by no other', () => {
    const service = serviceOf(stage);
    const policies = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
      Object.entries(service.findResources(type)),
    );
    const may = (pattern: RegExp) =>
      policies
        .filter(([, { Properties }]) => pattern.test(JSON.stringify(Properties.PolicyDocument)))
        .map(([id]) => /^Functions([a-z]+)Role/.exec(id)?.[1]);
    expect(may(/kms:Sign|"kms:\*"/).sort()).toEqual(Object.values(SIGNERS).sort());
    // Who shows receipts reads seals there; only who seals writes.
    expect(may(/BucketsAudit/).sort()).toEqual(['auditseal', 'jobsapi']);
    const writes = policies
      .flatMap(([id, { Properties }]) => Properties.PolicyDocument.Statement.map((one: object) => [id, one]))
      .filter(([, one]) => /s3:PutObject.*BucketsAudit/.test(JSON.stringify(one)));
    expect(writes.map(([id]) => /^Functions([a-z]+)Role/.exec(id)?.[1])).toEqual(['auditseal']);
    expect(may(/s3:(Delete|Bypass|PutObjectRetention|PutBucket|\*)/)).toEqual([]);
  });
});

describe.each(Object.keys(STAGES) as StageName[])('the keys of %s', (stage) => {
  const statements = (name: string) => {
    const [key] = Object.entries(dataOf(stage).findResources('AWS::KMS::Key'))
      .filter(([id]) => id.startsWith(`Keys${name}`))
      .map(([, { Properties }]) => Properties);
    expect(key.EnableKeyRotation).toBe(true);
    return key.KeyPolicy.Statement as {
      Principal: object;
      Action: string | string[];
      Effect: string;
      Condition?: object;
    }[];
  };
  const serviceCan = (name: string, service: unknown) =>
    statements(name)
      .filter(({ Principal }) => JSON.stringify(Principal).includes(JSON.stringify(service).slice(1, -1)))
      .flatMap(({ Action }) => Action);

  it('let alarms and the bus use what is encrypted, else they vanish without a trace', () => {
    expect(serviceCan('Alarms', 'cloudwatch.amazonaws.com')).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
    expect(serviceCan('Data', 'events.amazonaws.com')).toEqual(
      expect.arrayContaining(['kms:DescribeKey', 'kms:Decrypt', 'kms:GenerateDataKey']),
    );
  });

  it('let no service in without naming this account, but CloudWatch, whose calls may not say it', () => {
    const services = ['Data', 'Alarms'].flatMap(statements).filter(({ Principal }) => 'Service' in Principal);
    const free = services.filter(
      ({ Condition }) => !JSON.stringify(Condition)?.includes('aws:SourceAccount'),
    );
    expect(free).toEqual([
      {
        Sid: 'AlarmsToEncryptedTopic',
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: '*',
      },
    ]);
    expect(services.length).toBeGreaterThan(1);
  });

  it('let log groups of this account be encrypted', () => {
    const logs = statements('Logs').filter(({ Principal }) => JSON.stringify(Principal).includes('logs.'));
    expect(logs).toHaveLength(1);
    expect(JSON.stringify(logs[0]?.Condition)).toContain('kms:EncryptionContext:aws:logs:arn');
  });

  it('the field key refuses everybody who names no purpose', () => {
    expect(statements('Fields')).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Condition: { Null: { 'kms:EncryptionContext:purpose': 'true' } },
        Action: expect.arrayContaining(['kms:Decrypt', 'kms:GenerateDataKeyWithoutPlaintext']),
      }),
    );
  });
});

describe.each(Object.keys(STAGES) as StageName[])('the channels of %s', (stage) => {
  it('topics and bus are encrypted with the stage’s own key, topics refuse plain connections', () => {
    const topics = Object.values(serviceOf(stage).findResources('AWS::SNS::Topic'));
    const buses = Object.values(serviceOf(stage).findResources('AWS::Events::EventBus'));
    expect([topics.length, buses.length]).toEqual([2, 1]);
    const keyOf = ({ Properties }: Record<string, { KmsMasterKeyId: unknown }>) =>
      /Keys(\w+?)[0-9A-F]{8}/.exec(JSON.stringify(Properties?.KmsMasterKeyId))?.[1];
    expect(topics.map(keyOf).sort()).toEqual(['Alarms', 'Data']);
    for (const { Properties } of buses)
      expect(JSON.stringify(Properties.KmsKeyIdentifier)).toContain('KeysData');
    const policies = Object.values(serviceOf(stage).findResources('AWS::SNS::TopicPolicy'));
    expect(policies).toHaveLength(2);
    for (const { Properties } of policies)
      expect(JSON.stringify(Properties.PolicyDocument)).toContain('"aws:SecureTransport":"false"');
  });

  it('the alarm topic, and no other, takes alarms: those of this account', () => {
    const policies = Object.values(serviceOf(stage).findResources('AWS::SNS::TopicPolicy'));
    const takers = policies.filter(({ Properties }) => JSON.stringify(Properties).includes('cloudwatch.'));
    expect(takers).toHaveLength(1);
    const { Topics, PolicyDocument } = takers[0]?.['Properties'] ?? {};
    expect(Topics).toEqual([{ Ref: expect.stringMatching(/^AlarmTopic/) }]);
    expect(PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: Topics[0],
        Condition: { StringEquals: { 'aws:SourceAccount': expect.anything() } },
      }),
    );
  });
});

describe.each(Object.keys(STAGES) as StageName[])('the user pools of %s', (stage) => {
  const pools = () => Object.entries(dataOf(stage).findResources('AWS::Cognito::UserPool'));

  it('staff must show a second factor, patients may', () => {
    const factors = Object.fromEntries(
      pools().map(([id, { Properties }]) => [id.slice(5, 10), Properties.MfaConfiguration]),
    );
    expect(factors).toEqual({ Patie: 'OPTIONAL', Staff: 'ON' });
  });

  it('have one group per role that they may vouch for, in its own pool', () => {
    const groups = Object.values(dataOf(stage).findResources('AWS::Cognito::UserPoolGroup')).map(
      ({ Properties }) => [Properties.UserPoolId.Ref.slice(5, 10), Properties.GroupName],
    );
    const patients = ['patient', 'caregiver'];
    const staff = ['clinician', 'pharmacist', 'analyst', 'operator', 'auditor', 'admin'];
    expect(groups.sort()).toEqual(
      [...patients.map((role) => ['Patie', role]), ...staff.map((role) => ['Staff', role])].sort(),
    );
    // Machines are vouched for by the deployer's own issuer.
    expect([...patients, ...staff, 'service'].sort()).toEqual([...ROLES].sort());
  });

  it('access tokens live 15 minutes at most', () => {
    const clients = Object.values(dataOf(stage).findResources('AWS::Cognito::UserPoolClient'));
    expect(clients).toHaveLength(2);
    for (const { Properties } of clients) {
      expect(Properties.AccessTokenValidity).toBeLessThanOrEqual(15);
      expect(Properties.TokenValidityUnits.AccessToken).toBe('minutes');
    }
  });
});
