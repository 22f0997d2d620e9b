import { describe, expect, it } from 'vitest';
import { synthesiseStage } from './constructs/testing/synthesise-stage.ts';

interface Resource {
  readonly Type: string;
  // What a template holds; each reader below knows the type that it looks at.
  readonly Properties: Readonly<Record<string, unknown>>;
}

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Principal?: Readonly<Record<string, unknown>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Wildcards that stand, each with the reason why nothing exact can be named. */
const WILDCARDS: readonly { readonly action: RegExp; readonly resource: RegExp; readonly why: string }[] = [
  { action: /^xray:Put/, resource: /^"\*"$/, why: 'writing traces knows no resource' },
  {
    action: /^s3:(Get|Put)Object$/,
    resource: /Buckets\w+"\},"\/\*"/,
    why: 'objects of one bucket, named by job ids',
  },
  {
    action: /^s3:GetObject$/,
    resource: /BucketsAudit\w+"\},"\/(seals|leaves)\/\*"/,
    why: 'seals and the hashes from which receipts are proved, named by hours',
  },
  {
    action: /^dynamodb:ListStreams$/,
    resource: /ImportValue":"[^"]*Tables(Jobs|Records)Table\w+"\},"\/stream\/\*"/,
    why: 'streams of one table, named when they are made',
  },
  { action: /^logs:/, resource: /^"\*"$/, why: 'the account’s role for API Gateway: see GatewayLogAccount' },
  {
    action: /^dynamodb:(Describe|Delete)Backup$/,
    resource: /Table\w+","Arn"\]\},"\/backup\/\*"/,
    why: 'backups of one table',
  },
];

describe.each(['dev', 'prod'] as const)('the perimeter of %s', (stage) => {
  const resources = (): readonly (readonly [string, Resource])[] => {
    const { data, service } = synthesiseStage(stage);
    return [data, service].flatMap((template) => Object.entries<Resource>(template.toJSON()['Resources']));
  };
  const ofType = (type: string) => resources().filter(([, { Type }]) => Type === type);
  const statementsOf = ({ Properties }: Resource, name: string): readonly Statement[] =>
    Object(Properties[name]).Statement ?? [];
  const identityStatements = () =>
    [...ofType('AWS::IAM::ManagedPolicy'), ...ofType('AWS::IAM::Policy')].flatMap(([id, policy]) =>
      statementsOf(policy, 'PolicyDocument').map((statement) => ({ id, ...statement })),
    );
  const all = (value: unknown): readonly string[] => [value].flat().map((one) => JSON.stringify(one));

  it('each function has a role of its own, which no other service may assume', () => {
    const roleOf = ({ Properties }: Resource) => String(Object(Properties['Role'])['Fn::GetAtt']?.[0]);
    const functions = ofType('AWS::Lambda::Function');
    expect(functions.length).toBeGreaterThanOrEqual(21);
    expect(new Set(functions.map(([, fn]) => roleOf(fn))).size).toBe(functions.length);
    const ofFunctions = new Set(functions.map(([, fn]) => roleOf(fn)));
    for (const [id, role] of ofType('AWS::IAM::Role'))
      for (const { Principal } of statementsOf(role, 'AssumeRolePolicyDocument'))
        expect(Object(Principal).Service, id).toMatch(
          ofFunctions.has(id)
            ? /^lambda\.amazonaws\.com$/
            : /^(lambda|apigateway|backup|events)\.amazonaws\.com$/,
        );
  });

  it('no role is given more than it can be named, except for reasons in the list', () => {
    const found = identityStatements();
    expect(found.length).toBeGreaterThan(100);
    const used = new Set<string>();
    for (const { id, Effect, Action, Resource, NotAction, NotResource } of found) {
      expect({ id, Effect, NotAction, NotResource }).toEqual({ id, Effect: 'Allow' });
      for (const action of [Action ?? []].flat()) {
        expect(action).not.toContain('*');
        for (const resource of all(Resource)) {
          if (!resource.includes('*')) continue;
          const reason = WILDCARDS.find((one) => one.action.test(action) && one.resource.test(resource));
          expect({ id, action, resource, reason }).toMatchObject({ reason: expect.any(Object) });
          used.add(reason?.why ?? '');
        }
      }
    }
    // A reason for which there is no wildcard any more must go.
    expect([...used].sort()).toEqual(WILDCARDS.map(({ why }) => why).sort());
  });

  // A put could still replace a whole entry: see docs/security.md, R2.
  it('no role may update or delete an audit entry, by whichever action', () => {
    const onAudit = identityStatements().filter(({ Resource }) =>
      all(Resource).some((one) => /TablesAuditTable\w+","?Arn|TablesAuditTable\w+Arn|^"\*"$/.test(one)),
    );
    const actions = new Set(onAudit.flatMap(({ Action }) => Action ?? []));
    expect(actions).toContain('dynamodb:PutItem');
    for (const action of actions)
      expect(action).not.toMatch(
        /^(\*|dynamodb:(\*|UpdateItem|DeleteItem|BatchWriteItem|PartiQL(Update|Delete)|DeleteTable|UpdateTable|UpdateTimeToLive|Restore\w*))$/,
      );
  });

  it.each([
    ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'Bucket'],
    ['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy', 'Queues'],
    ['AWS::SNS::Topic', 'AWS::SNS::TopicPolicy', 'Topics'],
  ])('every %s refuses plain connections', (type, policyType, member) => {
    const refs = ({ Properties }: Resource) => [Properties[member]].flat().map((one) => Object(one).Ref);
    const guarded = ofType(policyType)
      .filter(([, policy]) =>
        statementsOf(policy, 'PolicyDocument').some(
          ({ Effect, Principal, Condition }) =>
            Effect === 'Deny' &&
            ['"*"', '{"AWS":"*"}'].includes(JSON.stringify(Principal)) &&
            Condition?.['Bool']?.['aws:SecureTransport'] === 'false',
        ),
      )
      .flatMap(([, policy]) => refs(policy));
    const found = ofType(type).map(([id]) => id);
    expect(found.length).toBeGreaterThan(0);
    expect(guarded.sort()).toEqual(found.sort());
  });

  it.each([
    ['AWS::DynamoDB::Table', 'SSESpecification.KMSMasterKeyId', 'KeysData', 4],
    ['AWS::SQS::Queue', 'KmsMasterKeyId', 'KeysData', 11],
    ['AWS::SNS::Topic', 'KmsMasterKeyId', /Keys(Data|Alarms)/, 2],
    ['AWS::Events::EventBus', 'KmsKeyIdentifier', 'KeysData', 1],
    ['AWS::Backup::BackupVault', 'EncryptionKeyArn', 'KeysData', 1],
    ['AWS::Logs::LogGroup', 'KmsKeyId', 'KeysLogs', 24],
  ] as const)('every %s is encrypted with a key of ours', (type, path, key, least) => {
    const found = ofType(type);
    expect(found.length).toBeGreaterThanOrEqual(least);
    for (const [id, { Properties }] of found) {
      const value = path.split('.').reduce<unknown>((inner, name) => Object(inner)[name], Properties);
      expect([id, JSON.stringify(value)]).toEqual([id, expect.stringMatching(key)]);
    }
  });

  it('every key turns each year, and no service uses one without a condition but CloudWatch', () => {
    const all = ofType('AWS::KMS::Key');
    // A key that signs cannot turn: what it signed would have to be verified with another one.
    const keys = all.filter(([, { Properties }]) => Properties['KeyUsage'] !== 'SIGN_VERIFY');
    expect([all.length, keys.length]).toEqual([6, 4]);
    for (const [, key] of keys) {
      expect(key.Properties['EnableKeyRotation']).toBe(true);
      for (const { Principal, Condition, Effect } of statementsOf(key, 'KeyPolicy')) {
        const service = JSON.stringify(Object(Principal).Service);
        // CloudWatch: AWS documents no condition that its call is sure to meet, and alarms would be lost silently.
        if (Effect === 'Allow' && service !== undefined && !service.includes('cloudwatch'))
          expect([service, Condition]).toEqual([service, expect.any(Object)]);
      }
    }
  });

  it('CORS is closed: no answer of API Gateway or of a preflight lets another origin in', () => {
    const methods = ofType('AWS::ApiGateway::Method').map(([, { Properties }]) => Properties['HttpMethod']);
    expect(methods.length).toBeGreaterThan(50);
    expect(methods).not.toContain('OPTIONS');
    expect(JSON.stringify(ofType('AWS::ApiGateway::GatewayResponse')).toLowerCase()).not.toContain(
      'access-control-',
    );
  });
});
