import type { APIGatewayProxyEvent, SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SentAnswer } from '#functions/http/api-answer.ts';
import { VARIABLES } from '#shared/contract/environment.ts';
import { FUNCTION_VARIABLES } from '#shared/contract/functions.ts';
import { kindsByName } from '#shared/jobs/registry.ts';
import { SUPPLY_DEFAULTS, supplySettingsText } from '#shared/jobs/supply-settings.ts';
import { apiEvent, lambdaContext } from '#test/builders/api-event.ts';
import { sqsEvent } from '#test/builders/sqs-event.ts';
import { createAllRolesIssuer } from '#test/builders/submit-bench.ts';
import { type AwsEndpoint, startAwsEndpoint } from '#test/fakes/aws-endpoint.ts';

// The `handler` that each bundle exports, as Lambda loads it: built from the environment, around the middy chain.

let issuer: Awaited<ReturnType<typeof createAllRolesIssuer>>;
let aws: AwsEndpoint;

beforeAll(async () => {
  issuer = await createAllRolesIssuer();
  aws = await startAwsEndpoint([issuer.jwk]);
  const config = { ...issuer.config, jwksUri: `${aws.url}/keys` };
  const values: Record<string, string> = {
    STAGE: 'local',
    JOB_KIND: 'interaction-check',
    PRIORITY: 'HIGH',
    TIMING_PROFILE: 'standard',
    ISSUERS: JSON.stringify([config]),
    DEFAULT_TIME_ZONE: '',
    DEFAULT_TIMES: '{"BID":["09:00","21:00"]}',
    SUPPLY_SETTINGS: supplySettingsText(SUPPLY_DEFAULTS),
    KEYS: 'data=test-data-key,seal=test-seal-key',
    BACKUP_EXPORTS: '',
    QUEUE_LIMIT: '1000',
    REQUIRE_PURPOSE: 'off',
    BREAK_GLASS_MINUTES: '60',
    USER_JOB_LIMIT: '100',
    CORS_ORIGINS: '',
    RECORD_RETENTION_YEARS: '0',
    WATCH_SHARDS: '1',
    DUE_SHARDS: '2',
    OUTCOME_SHARDS: '1',
    SERVICE_VERSION: '1.2.3',
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  for (const name of VARIABLES) vi.stubEnv(name, values[name] ?? `test-${name.toLowerCase()}`);
  for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value);
  // Powertools writes to the console then, and here its lines are of no interest.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await aws.close();
});

beforeEach(() => {
  aws.requests.length = 0;
});

type Api = (event: APIGatewayProxyEvent, context: ReturnType<typeof lambdaContext>) => Promise<SentAnswer>;

async function answerOf(handler: Api, event: APIGatewayProxyEvent) {
  const { statusCode, headers, body } = await handler(event, lambdaContext());
  return { status: statusCode, headers, body: JSON.parse(body) };
}

const operations = () => aws.requests.map(({ operation }) => operation.replace(/^.*\./, ''));

const message = (kind: string) => ({
  v: 1,
  jobId: '01JZZZZZZZZZZZZZZZZZZZZZZZ',
  kind,
  priority: 'HIGH',
  generation: 1,
});

describe('HTTP', () => {
  it('submit-job refuses without a token and leaves the evidence', async () => {
    const { handler } = await import('#functions/submit-job/index.ts');
    const body = kindsByName().get('interaction-check')?.example;
    const answer = await answerOf(handler, apiEvent({ path: '/jobs/interaction-check', body }));
    expect(answer).toMatchObject({ status: 401, headers: { 'content-type': 'application/problem+json' } });
    const puts = aws.requests.filter(({ operation }) => operation.endsWith('PutItem'));
    expect(puts.map(({ input }) => input['TableName'])).toContain('test-audit_table');
  });

  it('submit-job accepts with a token: one transaction, one message', async () => {
    const { handler } = await import('#functions/submit-job/index.ts');
    const body = kindsByName().get('interaction-check')?.example;
    const token = await issuer.sign({ groups: ['service'], sub: 'portal' });
    const headers = { Authorization: `Bearer ${token}` };
    const event = () => apiEvent({ path: '/jobs/interaction-check', body, headers });
    expect(await answerOf(handler, event())).toMatchObject({
      status: 202,
      body: { kind: 'interaction-check' },
    });
    aws.requests.length = 0;
    // In a warm environment nothing is left but the acceptance itself.
    expect(await answerOf(handler, event())).toMatchObject({ status: 202 });
    expect(operations()).toEqual(['TransactWriteItems', expect.stringMatching(/^SendMessage(Batch)?$/)]);
  });

  it('jobs-api', async () => {
    const { handler } = await import('#functions/jobs-api/index.ts');
    const event = apiEvent({
      method: 'GET',
      path: '/jobs/{job_id}',
      pathParameters: { job_id: message('x').jobId },
    });
    expect(await answerOf(handler, event)).toMatchObject({ status: 401 });
    const token = await issuer.sign({ groups: ['operator'] });
    const known = { ...event, headers: { Authorization: `Bearer ${token}` } };
    expect(await answerOf(handler, known)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('audit-api', async () => {
    const { handler } = await import('#functions/audit-api/index.ts');
    const headers = { Authorization: `Bearer ${await issuer.sign({ groups: ['auditor'] })}` };
    const query = { actor: ['system:worker'] };
    const event = apiEvent({ method: 'GET', path: '/audit', headers, query });
    expect(await answerOf(handler, event)).toMatchObject({ status: 200, body: { entries: [] } });
  });

  it('rights-api', async () => {
    const { handler } = await import('#functions/rights-api/index.ts');
    const headers = { Authorization: `Bearer ${await issuer.sign({ sub: 'patient-1' })}` };
    const pathParameters = { user_id: 'patient-1' };
    const event = apiEvent({ method: 'GET', path: '/users/{user_id}/export', headers, pathParameters });
    expect(await answerOf(handler, event)).toMatchObject({
      status: 200,
      body: { medications: [], jobs: [] },
    });
  });

  it('users-api', async () => {
    const { handler } = await import('#functions/users-api/index.ts');
    const token = await issuer.sign({ sub: 'patient-1' });
    const event = apiEvent({
      method: 'DELETE',
      path: '/users/{user_id}/medications/{medication_id}',
      pathParameters: { user_id: 'patient-1', medication_id: 'med-1' },
      headers: { Authorization: `Bearer ${token}` },
    });
    expect(await answerOf(handler, event)).toMatchObject({
      status: 404,
      body: { code: 'medication_not_found' },
    });
  });

  it('imports-api accepts lines: they are stored, then one transaction and one message', async () => {
    const { handler } = await import('#functions/imports-api/index.ts');
    const line = { user_id: 'p-1', medication_id: 'm-1', schedule: { frequency: 'daily' } };
    const post = async (token?: string) =>
      answerOf(
        handler,
        apiEvent({
          path: '/imports',
          rawBody: JSON.stringify(line),
          headers: {
            'Content-Type': 'application/x-ndjson',
            ...(token !== undefined && { Authorization: `Bearer ${token}` }),
          },
        }),
      );
    expect(await post()).toMatchObject({ status: 401 });
    const token = await issuer.sign({ groups: ['service'], sub: 'portal' });
    expect(await post(token)).toMatchObject({ status: 202, body: { lines: 1 } });
    aws.requests.length = 0;
    expect(await post(token)).toMatchObject({ status: 202 });
    expect(operations()).toEqual([
      'BatchGetItem',
      'TransactWriteItems',
      'TransactWriteItems',
      expect.stringMatching(/^SendMessage(Batch)?$/),
    ]);
  });

  it('operations-api', async () => {
    const { handler } = await import('#functions/operations-api/index.ts');
    const token = await issuer.sign({ groups: ['operator'] });
    const headers = { Authorization: `Bearer ${token}` };
    const event = apiEvent({ method: 'GET', path: '/health', headers });
    expect(await answerOf(handler, event)).toMatchObject({
      status: 200,
      body: {
        status: 'up',
        version: '1.2.3',
        parts: { database: 'up', 'field-key': 'up', 'reminder-topic': 'up' },
        paused_priorities: [],
      },
    });
    const list = await answerOf(handler, apiEvent({ method: 'GET', path: '/priorities', headers }));
    expect(list).toMatchObject({ status: 200, body: { priorities: [{ priority: 'CRITICAL' }, {}, {}, {}] } });
    expect(await answerOf(handler, apiEvent({ method: 'GET', path: '/priorities' }))).toMatchObject({
      status: 401,
    });
    expect(operations()).toContain('PutItem');
  });

  it('not-found leaves one entry in the trail and one count for many refusals, and nothing else', async () => {
    const { handler } = await import('#functions/not-found/index.ts');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2027-03-01T08:00:12Z') });
    try {
      for (let count = 0; count < 5; count += 1) {
        const answer = await answerOf(handler, apiEvent({ method: 'GET', path: '/{proxy+}' }));
        expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
      }
    } finally {
      vi.useRealTimers();
    }
    const writes = aws.requests.map(({ input }) => input['TableName']);
    expect(operations().sort()).toEqual(['PutItem', 'UpdateItem']);
    expect(writes.sort()).toEqual(['test-audit_table', 'test-jobs_table']);
  });
});

describe('queues', () => {
  const batches: [string, () => Promise<{ handler: unknown }>, object][] = [
    ['worker', () => import('#functions/worker/index.ts'), message('interaction-check')],
    ['dead-letter', () => import('#functions/dead-letter/index.ts'), message('interaction-check')],
    ['tick-shard', () => import('#functions/tick-shard/index.ts'), { v: 1, shard: 1 }],
  ];

  it.each(batches)(
    '%s settles its batch: what does not exist and what cannot be read',
    async (_name, load, body) => {
      const { handler } = await load();
      // Each export is the result of the same chain; its own type is that of its event.
      const call = handler as (
        event: SQSEvent,
        context: ReturnType<typeof lambdaContext>,
      ) => Promise<unknown>;
      expect(await call(sqsEvent(body, 'nonsense'), lambdaContext())).toEqual({ batchItemFailures: [] });
      expect(aws.requests.length).toBeGreaterThan(0);
    },
  );
});

describe('rules of EventBridge', () => {
  it('tick starts every shard', async () => {
    const { handler } = await import('#functions/tick/index.ts');
    await handler({}, lambdaContext());
    const [start] = aws.requests.filter(({ operation }) => operation.endsWith('SendMessageBatch'));
    expect(start?.input['Entries']).toHaveLength(2);
  });

  it('reconciler looks and finds nothing', async () => {
    const { handler } = await import('#functions/reconciler/index.ts');
    await handler({}, lambdaContext());
    // What is paused is read once; as nothing is, Lambda is not asked.
    expect(new Set(operations())).toEqual(
      new Set(['DescribeKey', 'Query', 'BatchGetItem', 'GetItem', 'GetTopicAttributes']),
    );
    expect(operations().filter((operation) => operation === 'BatchGetItem')).toHaveLength(1);
  });

  it('the widget of the dashboard reads rows by their status, and nothing else', async () => {
    const { handler } = await import('#functions/operations-widget/index.ts');
    expect(await handler({}, lambdaContext())).toContain('No job has failed for good.');
    expect(new Set(operations())).toEqual(new Set(['Query']));
  });

  it('erasure looks at its list and finds nobody', async () => {
    const { handler } = await import('#functions/erasure/index.ts');
    await handler({}, lambdaContext());
    const query = aws.requests.find(({ operation }) => operation.endsWith('Query'));
    expect(query?.input).toMatchObject({ TableName: 'test-records_table' });
  });

  it('recurring submits the job of its rule', async () => {
    const { handler } = await import('#functions/recurring/index.ts');
    await handler({ run: 'daily-backup', time: '2027-03-01T02:00:00Z' }, lambdaContext());
    expect(operations()).toContain('TransactWriteItems');
    await expect(handler({ run: 'daily-backup', time: 'soon' }, lambdaContext())).rejects.toThrow('time');
  });
});

it('every function of the contract has an entry file that exports a handler', async () => {
  const missing: string[] = [];
  for (const name of Object.keys(FUNCTION_VARIABLES)) {
    const entry: { handler?: unknown } = await import(`../functions/${name}/index.ts`);
    if (typeof entry.handler !== 'function') missing.push(name);
  }
  expect(missing).toEqual([]);
});
