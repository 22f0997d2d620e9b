import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Answer = (input: Record<string, unknown>) => { readonly status?: number; readonly body: object };

export interface AwsEndpoint {
  readonly url: string;
  /** Every request so far, as `<service>.<operation>`, with its input. */
  readonly requests: { readonly operation: string; readonly input: Record<string, unknown> }[];
  close(): Promise<void>;
}

const empty: Answer = () => ({ body: {} });
const noCondition: Answer = ({ ConditionExpression }) =>
  ConditionExpression === undefined
    ? { body: {} }
    : {
        status: 400,
        body: { __type: 'ConditionalCheckFailedException', message: 'The conditional request failed' },
      };

/** An account in which nothing stands yet: reads find nothing, writes are taken, conditional updates find no row. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  'DynamoDB_20120810.GetItem': empty,
  'DynamoDB_20120810.BatchGetItem': () => ({ body: { Responses: {}, UnprocessedKeys: {} } }),
  'DynamoDB_20120810.Query': () => ({ body: { Items: [], Count: 0, ScannedCount: 0 } }),
  'DynamoDB_20120810.PutItem': empty,
  'DynamoDB_20120810.UpdateItem': noCondition,
  'DynamoDB_20120810.TransactWriteItems': empty,
  'TrentService.GenerateDataKeyWithoutPlaintext': () => ({
    body: { CiphertextBlob: Buffer.from('wrapped').toString('base64'), KeyId: 'key' },
  }),
  'TrentService.DescribeKey': () => ({ body: { KeyMetadata: { KeyState: 'Enabled' } } }),
  'TrentService.Decrypt': () => ({
    body: { Plaintext: Buffer.alloc(32, 7).toString('base64'), KeyId: 'key' },
  }),
  'AmazonSQS.SendMessage': ({ MessageBody }) => ({ body: { MessageId: 'm', ...digest(MessageBody) } }),
  'AmazonSQS.SendMessageBatch': (input) => ({
    body: {
      Successful: entriesOf(input).map(({ Id, MessageBody }) => ({
        Id,
        MessageId: Id,
        ...digest(MessageBody),
      })),
      Failed: [],
    },
  }),
  'AmazonSQS.GetQueueAttributes': () => ({ body: { Attributes: { ApproximateNumberOfMessages: '0' } } }),
};

const entriesOf = (input: Record<string, unknown>) =>
  (input['Entries'] ?? []) as { Id: string; MessageBody: string }[];

/** The SDK compares it and takes a message with another one for lost. */
const digest = (body: unknown) => ({
  MD5OfMessageBody: createHash('md5').update(String(body)).digest('hex'),
});

/**
 * The smallest AWS that a composition root can run against: JSON protocols on one port, and a key set for tokens at
 * `/keys`. Behaviour is proved on the laptop stack; this only proves that the parts are wired.
 */
/** What SNS says of a topic with one subscriber; it speaks AWS's older query protocol. */
const ONE_SUBSCRIPTION = `<GetTopicAttributesResponse><GetTopicAttributesResult><Attributes>
<entry><key>SubscriptionsConfirmed</key><value>1</value></entry>
</Attributes></GetTopicAttributesResult></GetTopicAttributesResponse>`;

function queryOf(contentType: string | undefined, text: string): AwsEndpoint['requests'][number] | undefined {
  if (!contentType?.startsWith('application/x-www-form-urlencoded')) return undefined;
  const { Action = '', ...input } = Object.fromEntries(new URLSearchParams(text));
  return { operation: Action, input };
}

export async function startAwsEndpoint(keys: readonly object[]): Promise<AwsEndpoint> {
  const requests: AwsEndpoint['requests'] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const send = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify(body));
    };
    if (request.url === '/keys') return send(200, { keys });
    const asked = queryOf(request.headers['content-type'], text);
    if (asked) {
      requests.push(asked);
      response.writeHead(200, { 'content-type': 'text/xml' });
      response.end(ONE_SUBSCRIPTION);
      return;
    }
    const operation = String(request.headers['x-amz-target']);
    const input: Record<string, unknown> = text === '' ? {} : JSON.parse(text);
    requests.push({ operation, input });
    const answer = ANSWERS[operation]?.(input);
    return answer
      ? send(answer.status ?? 200, answer.body)
      : send(400, { __type: 'UnknownOperationException' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server's address is never a text.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
