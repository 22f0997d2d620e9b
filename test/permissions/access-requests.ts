import type { AwsCall, AwsCallInput } from '#infra/local/hooks/record-aws-calls.ts';
import type { StackFile } from '#infra/local/stack-file.ts';
import type { DeployedPolicies } from './deployed-policies.ts';
import type { AccessRequest } from './policy.ts';

type Asked = Omit<AccessRequest, 'context'> & { readonly context?: Readonly<Record<string, string>> };

/** Logical id of a resource, by the name under which functions know it. */
export type IdOf = (name: string | undefined) => string;

/**
 * Finds logical ids by the names that the laptop's CloudFormation gave; a key is found by its ARN, too.
 * @param resources the ids in question: another resource may have the same name as one of them
 */
export function idsOf(stack: StackFile, resources: DeployedPolicies['resources']): IdOf {
  const used = Object.entries(stack.resources).filter(([id]) => resources.has(id));
  const ids = new Map(used.map(([id, name]) => [name, id]));
  return (name) => {
    const id = ids.get(name ?? '') ?? ids.get((name ?? '').replace(/^arn:aws:kms:.*:key\//, ''));
    if (id === undefined) throw new Error(`No resource of the stack is named ${name}.`);
    return id;
  };
}

/** What AWS asks IAM when a function makes a recorded call, the use of the key behind the resource included. */
export function requestsOf(
  call: AwsCall,
  id: IdOf,
  keys: DeployedPolicies['keys'],
): readonly AccessRequest[] {
  const commands: Readonly<Record<string, (about: AwsCallInput) => readonly Asked[]>> = COMMANDS(id);
  const command = commands[call.command];
  if (!command) throw new Error(`What ${call.command} asks for is not known here.`);
  return command(call.about).flatMap((asked) => withKey(asked, keys));
}

/** What Lambda itself does with a function's role: it polls queues and streams, and sends events away that were lost. */
export function requestsByLambda(fn: string, deployed: DeployedPolicies): readonly AccessRequest[] {
  const polls = (deployed.polled.get(fn) ?? []).flatMap((resource) =>
    resource.startsWith('Tables')
      ? [
          ...READING.map((action) => ({ action, resource })),
          { action: LISTING, resource: `${resource}/stream/any` },
        ]
      : POLLING.map((action) => ({ action, resource })),
  );
  const lost = deployed.lostEvents.get(fn);
  const sends = lost === undefined ? [] : [{ action: 'sqs:SendMessage', resource: lost }];
  return [...polls, ...sends].flatMap((asked) => withKey(asked, deployed.keys));
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html names three; the CDK grants two more. */
const POLLING = [
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:ChangeMessageVisibility',
  'sqs:GetQueueUrl',
] as const;

/** https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html */
const READING = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'] as const;
const LISTING = 'dynamodb:ListStreams';

const COMMANDS = (id: IdOf) => ({
  GetItemCommand: keyed('dynamodb:GetItem', id),
  PutItemCommand: keyed('dynamodb:PutItem', id),
  UpdateItemCommand: keyed('dynamodb:UpdateItem', id),
  DeleteItemCommand: keyed('dynamodb:DeleteItem', id),
  ScanCommand: table('dynamodb:Scan', id),
  QueryCommand: ({ IndexName, ...about }: AwsCallInput): Asked[] =>
    IndexName === undefined
      ? keyed('dynamodb:Query', id)(about)
      : [{ action: 'dynamodb:Query', resource: `${id(about.TableName)}/index/${IndexName}` }],
  BatchGetItemCommand: ({ RequestItems = {} }: AwsCallInput): Asked[] =>
    Object.keys(RequestItems).map((name) => ({ action: 'dynamodb:BatchGetItem', resource: id(name) })),
  BatchWriteItemCommand: ({ RequestItems = {} }: AwsCallInput): Asked[] =>
    Object.keys(RequestItems).map((name) => ({ action: 'dynamodb:BatchWriteItem', resource: id(name) })),
  TransactWriteItemsCommand: ({ TransactItems = [] }: AwsCallInput): Asked[] =>
    TransactItems.flatMap((item) =>
      // Each write of a transaction is judged by itself.
      Object.entries(item).flatMap(([kind, write]) =>
        keyed(`dynamodb:${TRANSACTION_ACTIONS[kind]}`, id)(write),
      ),
    ),
  DecryptCommand: fieldKey('kms:Decrypt', id),
  GenerateDataKeyWithoutPlaintextCommand: fieldKey('kms:GenerateDataKeyWithoutPlaintext', id),
  SendMessageCommand: queue('sqs:SendMessage', id),
  SendMessageBatchCommand: queue('sqs:SendMessage', id),
  GetQueueAttributesCommand: queue('sqs:GetQueueAttributes', id),
  ChangeMessageVisibilityCommand: queue('sqs:ChangeMessageVisibility', id),
  PublishCommand: ({ TopicArn }: AwsCallInput): Asked[] => [
    { action: 'sns:Publish', resource: id(TopicArn) },
  ],
  GetTopicAttributesCommand: ({ TopicArn }: AwsCallInput): Asked[] => [
    { action: 'sns:GetTopicAttributes', resource: id(TopicArn) },
  ],
  PutEventsCommand: ({ Entries = [] }: AwsCallInput): Asked[] =>
    Entries.map(({ EventBusName }) => ({ action: 'events:PutEvents', resource: id(EventBusName) })),
  GetEventSourceMappingCommand: mapping('lambda:GetEventSourceMapping', id),
  UpdateEventSourceMappingCommand: mapping('lambda:UpdateEventSourceMapping', id),
  PutObjectCommand: object('s3:PutObject', id),
  GetObjectCommand: object('s3:GetObject', id),
  ListObjectsV2Command: ({ Bucket }: AwsCallInput): Asked[] => [
    { action: 's3:ListBucket', resource: id(Bucket) },
  ],
  DescribeKeyCommand: ({ KeyId }: AwsCallInput): Asked[] => [
    { action: 'kms:DescribeKey', resource: id(KeyId) },
  ],
  GetPublicKeyCommand: ({ KeyId }: AwsCallInput): Asked[] => [
    { action: 'kms:GetPublicKey', resource: id(KeyId) },
  ],
  InvokeCommand: ({ FunctionName }: AwsCallInput): Asked[] => [
    { action: 'lambda:InvokeFunction', resource: id(FunctionName) },
  ],
  SignCommand: ({ KeyId, MessageType = '', SigningAlgorithm = '' }: AwsCallInput): Asked[] => [
    {
      action: 'kms:Sign',
      resource: id(KeyId),
      context: { 'kms:MessageType': MessageType, 'kms:SigningAlgorithm': SigningAlgorithm },
    },
  ],
});

/** A transaction needs the permission of each write in it. */
const TRANSACTION_ACTIONS: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

function table(action: string, id: IdOf) {
  return ({ TableName }: AwsCallInput): Asked[] => [{ action, resource: id(TableName) }];
}

/** Asked with the partition key, at which the conditions of some grants look. */
function keyed(action: string, id: IdOf) {
  return ({ TableName, LeadingKey }: AwsCallInput): Asked[] => [
    {
      action,
      resource: id(TableName),
      ...(LeadingKey !== undefined && { context: { 'dynamodb:LeadingKeys': LeadingKey } }),
    },
  ];
}

function queue(action: string, id: IdOf) {
  return ({ QueueUrl }: AwsCallInput): Asked[] => [{ action, resource: id(QueueUrl) }];
}

/** The ARN of a mapping as the template has it, with the logical id at its end. */
function mapping(action: string, id: IdOf) {
  return ({ UUID }: AwsCallInput): Asked[] => [{ action, resource: `${MAPPING_ARN}${id(UUID)}` }];
}

const MAPPING_ARN = 'arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:event-source-mapping:';

function object(action: string, id: IdOf) {
  return ({ Bucket, Key }: AwsCallInput): Asked[] => [{ action, resource: `${id(Bucket)}/${String(Key)}` }];
}

function fieldKey(action: string, id: IdOf) {
  return ({ KeyId, EncryptionContext = {} }: AwsCallInput): Asked[] => {
    const context = Object.entries(EncryptionContext).map(([key, value]) => [
      `kms:EncryptionContext:${key}`,
      value,
    ]);
    return [{ action, resource: id(KeyId), context: Object.fromEntries(context) }];
  };
}

/**
 * What a service asks of the key with the caller's own permissions. DynamoDB: what the CDK grants to readers and writers
 * of an encrypted table. An event bus uses its key by itself.
 */
const KEY_ACTIONS: readonly (readonly [action: RegExp, asked: readonly string[]])[] = [
  [/^dynamodb:(Get|BatchGet|Query|Scan|DescribeStream|ListStreams)/, ['Decrypt', 'DescribeKey']],
  [/^dynamodb:/, ['Decrypt', 'DescribeKey', 'Encrypt', 'ReEncryptFrom', 'ReEncryptTo', 'GenerateDataKey']],
  [/^sqs:SendMessage$/, ['Decrypt', 'GenerateDataKey']],
  [/^sqs:ReceiveMessage$/, ['Decrypt']],
  [/^sns:Publish$/, ['Decrypt', 'GenerateDataKey']],
  [/^s3:PutObject$/, ['GenerateDataKey']],
  [/^s3:GetObject$/, ['Decrypt']],
];

function withKey(asked: Asked, keys: DeployedPolicies['keys']): AccessRequest[] {
  const { action, resource, context = {} } = asked;
  const secure = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' };
  const own = { action, resource, context: { ...secure, ...context } };
  const key = keys.get(resource.replace(/\/.*$/, ''));
  const actions = KEY_ACTIONS.find(([pattern]) => pattern.test(action))?.[1] ?? [];
  if (key === undefined) return [own];
  const service = action.slice(0, action.indexOf(':'));
  const through = { ...secure, 'kms:ViaService': `${service}.<AWS::Region>.amazonaws.com` };
  // A service always sends an encryption context of its own; the field key's purpose is not in it.
  return [own, ...actions.map((name) => ({ action: `kms:${name}`, resource: key, context: through }))];
}
