import type { Template } from 'aws-cdk-lib/assertions';
import type { Statement } from './policy.ts';

/** What stands in a template, as far as permissions go. Every name of a resource is its logical id. */
export interface DeployedPolicies {
  /** Everything that a call can be about. */
  readonly resources: ReadonlySet<string>;
  /** Statements of a function's role, by the function's logical id. */
  readonly roles: ReadonlyMap<string, readonly Statement[]>;
  /** ARN of a function's role, by the function's logical id: as far as a policy can name it. */
  readonly principals: ReadonlyMap<string, string>;
  /** What tables, keys, queues, topics and buckets deny by themselves. */
  readonly denials: readonly Statement[];
  /** Key by the resource that is encrypted with it. */
  readonly keys: ReadonlyMap<string, string>;
  /** What Lambda itself uses with a function's role: queues and streams of tables that it polls, and where lost events go. */
  readonly polled: ReadonlyMap<string, readonly string[]>;
  readonly lostEvents: ReadonlyMap<string, string>;
}

interface Resource {
  readonly Type: string;
  // What a template holds; each reader below knows the type that it looks at.
  readonly Properties?: Readonly<Record<string, unknown>>;
}

interface RawStatement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: unknown;
  readonly Resource?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Reads the policies of the stage's templates; `data` is the one whose outputs `service` imports. */
export function deployedPolicies(data: Template, service: Template): DeployedPolicies {
  const outputs: Record<string, { Value: unknown; Export?: { Name: string } }> =
    data.toJSON()['Outputs'] ?? {};
  const exported = new Map(
    Object.values(outputs).map(({ Value, Export }) => [Export?.Name ?? '', resolve(Value, new Map())]),
  );
  const text = (value: unknown) => resolve(value, exported);
  const resources = [data, service].flatMap((template): (readonly [string, Resource])[] =>
    Object.entries(template.toJSON()['Resources']),
  );
  const ofType = (type: string) => resources.filter(([, { Type }]) => Type === type);
  const property = ({ Properties = {} }: Resource, path: string): unknown =>
    path.split('.').reduce<unknown>((value, name) => Object(value)[name], Properties);
  const statements = (resource: Resource, path: string, self?: string): readonly Statement[] => {
    const raw = property(resource, path) as readonly RawStatement[]; // the shape of every policy document
    return raw.map((one) => ({
      effect: one.Effect,
      actions: [one.Action].flat().map(text),
      // In a key's own policy `*` is that key.
      resources: self === undefined ? [one.Resource].flat().map(text) : [self],
      conditions: Object.fromEntries(
        Object.entries(one.Condition ?? {}).map(([operator, keys]) => [
          operator,
          Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, [values].flat().map(text)])),
        ]),
      ),
    }));
  };

  const functions = ofType('AWS::Lambda::Function');
  const roles = functions.map(([id, fn]) => {
    const role = text(property(fn, 'Role'));
    const own = ofType('AWS::IAM::ManagedPolicy').filter(([, policy]) =>
      [property(policy, 'Roles')].flat().map(text).includes(role),
    );
    return [id, own.flatMap(([, policy]) => statements(policy, 'PolicyDocument.Statement'))] as const;
  });
  const roleArn = (role: string): string => {
    const [, found] = ofType('AWS::IAM::Role').find(([id]) => id === role) ?? [];
    const name = found && property(found, 'RoleName');
    return `arn:<AWS::Partition>:iam::<AWS::AccountId>:role/${name ?? role}`;
  };
  const resourcePolicies = ['AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy', 'AWS::S3::BucketPolicy'];
  const all = [
    ...resourcePolicies
      .flatMap(ofType)
      .flatMap(([, policy]) => statements(policy, 'PolicyDocument.Statement')),
    ...ofType('AWS::KMS::Key').flatMap(([id, key]) => statements(key, 'KeyPolicy.Statement', id)),
  ];
  const keys = Object.entries(KEY_PROPERTIES).flatMap(([type, path]) =>
    ofType(type).flatMap(([id, one]) => {
      const key = property(one, path);
      return key === undefined ? [] : [[id, text(key)] as const];
    }),
  );
  const sources = ofType('AWS::Lambda::EventSourceMapping').map(([, mapping]) => ({
    fn: text(property(mapping, 'FunctionName')),
    source: text(property(mapping, 'EventSourceArn')),
    onFailure: property(mapping, 'DestinationConfig.OnFailure.Destination'),
  }));
  return {
    resources: new Set(USED.flatMap(ofType).map(([id]) => id)),
    roles: new Map(roles),
    principals: new Map(functions.map(([id, fn]) => [id, roleArn(text(property(fn, 'Role')))])),
    denials: all.filter(({ effect }) => effect === 'Deny'),
    keys: new Map(keys),
    polled: new Map(
      sources.map(({ fn }) => [fn, sources.filter((one) => one.fn === fn).map(({ source }) => source)]),
    ),
    lostEvents: new Map(
      functions.flatMap(([id, fn]) => {
        const ofMapping = sources.find((one) => one.fn === id && one.onFailure !== undefined);
        const target = property(fn, 'DeadLetterConfig.TargetArn') ?? ofMapping?.onFailure;
        return target === undefined ? [] : [[id, text(target)] as const];
      }),
    ),
  };
}

const USED = [
  'AWS::DynamoDB::Table',
  'AWS::Events::EventBus',
  'AWS::KMS::Key',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::S3::Bucket',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
];

const KEY_PROPERTIES = {
  'AWS::DynamoDB::Table': 'SSESpecification.KMSMasterKeyId',
  'AWS::SQS::Queue': 'KmsMasterKeyId',
  'AWS::SNS::Topic': 'KmsMasterKeyId',
  'AWS::S3::Bucket':
    'BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.KMSMasterKeyID',
};

/**
 * A template's value as text: a resource becomes its logical id, whichever attribute of it is asked for.
 * @throws Error for a function of CloudFormation that this does not know
 */
export function resolve(value: unknown, exported: ReadonlyMap<string, string>): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[name, argument] = ['', undefined]] = Object.entries(value);
  const list = [argument].flat();
  switch (name) {
    case 'Ref':
      return String(argument).startsWith('AWS::') ? `<${String(argument)}>` : String(argument);
    case 'Fn::GetAtt':
      return String(list[0]);
    case 'Fn::Join':
      return [list[1]]
        .flat()
        .map((part) => resolve(part, exported))
        .join(String(list[0]));
    case 'Fn::ImportValue': {
      const found = exported.get(String(argument));
      if (found === undefined) throw new Error(`Nothing is exported as ${String(argument)}.`);
      return found;
    }
    default:
      throw new Error(`Not resolved here: ${JSON.stringify(value)}`);
  }
}
