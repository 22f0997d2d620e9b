import { appendFileSync, existsSync } from 'node:fs';
import { type AwsCallCounter, createAwsCallCounter as createCounter } from '#shared/adapters/aws-calls.ts';
import { PARTITION_KEY } from '#shared/contract/tables.ts';
import { awsCallsFile, HOOKS_DIRECTORY_VARIABLE } from './hook-files.ts';

/** One call of AWS by a function: what it was and what it was about, never what was sent or answered. */
export interface AwsCall {
  /** Deployed name of the function. */
  readonly by: string;
  /** Class names of the SDK: `DynamoDBClient`, `GetItemCommand`. */
  readonly client: string;
  readonly command: string;
  /** The names in the call's input. */
  readonly about: AwsCallInput;
}

/** Those members of the inputs of all commands that name a resource or that a policy's condition can look at. */
export interface AwsCallInput {
  readonly TableName?: string;
  readonly IndexName?: string;
  readonly RequestItems?: Readonly<Record<string, unknown>>;
  readonly TransactItems?: readonly Readonly<
    Record<
      string,
      {
        readonly TableName?: string;
        readonly LeadingKey?: string;
        readonly Key?: unknown;
        readonly Item?: unknown;
      }
    >
  >[];
  readonly QueueUrl?: string;
  readonly TopicArn?: string;
  readonly Entries?: readonly { readonly EventBusName?: string }[];
  readonly Bucket?: string;
  readonly Key?: unknown;
  readonly KeyConditionExpression?: string;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>>;
  /** The word in capitals that the partition key of a written item or of a query of a table begins with: what follows is nobody's business here. */
  readonly LeadingKey?: string;
  readonly Item?: unknown;
  readonly KeyId?: string;
  readonly EncryptionContext?: Readonly<Record<string, string>>;
  /** How something is signed. */
  readonly MessageType?: string;
  readonly SigningAlgorithm?: string;
  /** Of an event source mapping. */
  readonly UUID?: string;
  /** Of a function that is invoked. */
  readonly FunctionName?: string;
}

interface Call {
  readonly input: AwsCallInput;
}

/** The part of an SDK client that the recorder needs; every client has it. */
interface Recordable {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (call: Call) => Promise<unknown>,
        context: { readonly clientName?: string; readonly commandName?: string },
      ) => (call: Call) => Promise<unknown>,
      options: { step: 'initialize'; name: string },
    ): void;
  };
}

/** The counter of every build, whose clients also write down what they call while a recording is wanted. */
export function createAwsCallCounter(): AwsCallCounter {
  const counter = createCounter();
  return {
    count: counter.count,
    kmsCount: counter.kmsCount,
    attach: (client, service) => {
      counter.attach(client, service);
      // Each client types its own stack by its own commands; what is used here is the same in all of them.
      const { middlewareStack } = client as Recordable;
      middlewareStack.add(
        (next, { clientName = '', commandName = '' }) =>
          (call) => {
            write({
              by: process.env['AWS_LAMBDA_FUNCTION_NAME'] ?? '',
              client: clientName,
              command: commandName,
              about: namesIn(call.input),
            });
            return next(call);
          },
        { step: 'initialize', name: 'recordAwsCalls' },
      );
    },
  };
}

function write(call: AwsCall): void {
  const directory = process.env[HOOKS_DIRECTORY_VARIABLE];
  if (directory === undefined) return;
  const file = awsCallsFile(directory);
  // One short write at the file's end: lines of several processes do not mix.
  if (existsSync(file)) appendFileSync(file, `${JSON.stringify(call)}\n`);
}

function namesIn(input: AwsCallInput): AwsCallInput {
  const { TableName, IndexName, QueueUrl, TopicArn, Bucket, Key, KeyId, EncryptionContext, UUID } = input;
  const { MessageType, SigningAlgorithm, FunctionName } = input;
  return {
    // JSON leaves out what is undefined. The key of an item is no name; that of an object is.
    ...JSON.parse(
      JSON.stringify({
        TableName,
        IndexName,
        QueueUrl,
        TopicArn,
        Bucket,
        KeyId,
        EncryptionContext,
        UUID,
        FunctionName,
        MessageType,
        SigningAlgorithm,
      }),
    ),
    ...(typeof Key === 'string' && { Key }),
    ...leadingKeyIn(Key ?? input.Item ?? queriedKey(input)),
    ...(input.RequestItems && {
      RequestItems: Object.fromEntries(Object.keys(input.RequestItems).map((table) => [table, true])),
    }),
    ...(input.TransactItems && {
      TransactItems: input.TransactItems.map((item) =>
        Object.fromEntries(
          Object.entries(item).map(([kind, of]) => [
            kind,
            { TableName: of?.TableName ?? '', ...leadingKeyIn(of?.Key ?? of?.Item) },
          ]),
        ),
      ),
    }),
    ...(input.Entries && {
      Entries: input.Entries.flatMap(({ EventBusName }) =>
        EventBusName === undefined ? [] : [{ EventBusName }],
      ),
    }),
  };
}

/** The partition that a query of the table itself asks for, in the form of a key. */
function queriedKey({ KeyConditionExpression = '', ExpressionAttributeValues = {} }: AwsCallInput): unknown {
  const [, name = ''] = new RegExp(`^${PARTITION_KEY} = (:\\w+)`).exec(KeyConditionExpression) ?? [];
  return { [PARTITION_KEY]: ExpressionAttributeValues[name] };
}

function leadingKeyIn(key: unknown): Pick<AwsCallInput, 'LeadingKey'> {
  const text: unknown = Object(Object(key)[PARTITION_KEY]).S;
  const [word] = /^(KEY#[A-Z]+|[A-Z_]+)(#|$)/.exec(typeof text === 'string' ? text : '') ?? [];
  return word === undefined ? {} : { LeadingKey: word };
}
