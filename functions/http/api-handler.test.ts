import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PROBLEMS, type ProblemCode, ProblemError } from '#shared/errors/problem-error.ts';
import type { Members } from '#shared/evidence/response-members.ts';
import { recordingApiDeps } from '#test/builders/api-deps.ts';
import { apiEvent, lambdaContext } from '#test/builders/api-event.ts';
import { jsonAnswer } from './api-answer.ts';
import { apiHandler, type Serve } from './api-handler.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

function handled(serve: Serve, kind?: string, shows: Members | null = { fine: true }) {
  const recorded = recordingApiDeps(kind, false);
  const handler = apiHandler(recorded.deps, (event, exchange) => {
    if (shows) exchange.shows = shows;
    return serve(event, exchange);
  });
  return {
    ...recorded,
    call: (event = apiEvent({ body: {} }), remainingMs?: number) =>
      handler(event, lambdaContext(remainingMs)),
  };
}

const throwing =
  (error: unknown): Serve =>
  async () => {
    throw error;
  };

describe('the chain around an HTTP handler', () => {
  it('passes an answer through with correlation id and security headers', async () => {
    const { call } = handled(async () => jsonAnswer(200, { fine: true }, { location: '/x' }));
    const id = '93f55d14-06b5-4c8a-a552-f6b15033d391';
    const answer = await call(apiEvent({ headers: { 'X-Correlation-Id': id } }));
    expect(answer).toEqual({
      statusCode: 200,
      headers: {
        ...SECURITY_HEADERS,
        'content-type': 'application/json',
        location: '/x',
        'x-correlation-id': id,
      },
      body: '{"fine":true}',
    });
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it.each([
    ['too short', 'short'],
    ['with a line break', 'abcdefgh\nx'],
    ['too long', 'x'.repeat(65)],
    ['with a dot and a slash', '../../etc/passwd'],
  ])('takes the request id instead of a correlation id %s', async (_name, id) => {
    const { call } = handled(async () => jsonAnswer(200, {}));
    const answer = await call(apiEvent({ headers: { 'x-correlation-id': id } }));
    expect(answer.headers['x-correlation-id']).toBe('c0ffee00-0000-4000-8000-000000000001');
  });

  it('keeps a traceparent, and hashes an id that could be a name', async () => {
    const { call } = handled(async () => jsonAnswer(200, {}));
    const sent = async (id: string) => {
      const { headers } = await call(apiEvent({ headers: { 'x-correlation-id': id } }));
      return headers['x-correlation-id'];
    };
    const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect(await sent(parent)).toBe(parent);
    expect(await sent('john-smith-1950')).toMatch(/^h-[0-9a-f]{32}$/);
    expect(await sent('john-smith-1950')).toBe(await sent('john-smith-1950'));
    // Whoever tries names finds none: the key is not known.
    const bare = createHash('sha256').update('john-smith-1950').digest('hex').slice(0, 32);
    expect(await sent('john-smith-1950')).not.toBe(`h-${bare}`);
    expect(await sent('jane-smith-1950')).not.toBe(await sent('john-smith-1950'));
  });

  it.each(Object.keys(PROBLEMS) as ProblemCode[])('maps %s to a problem document', async (code) => {
    const { call } = handled(throwing(new ProblemError(code, 'What to do.')));
    const answer = await call();
    const { status, title } = PROBLEMS[code];
    expect(answer.statusCode).toBe(status);
    expect(answer.headers).toMatchObject({
      ...SECURITY_HEADERS,
      'content-type': 'application/problem+json',
      'x-correlation-id': expect.any(String),
    });
    // Whoever sends too much is told when to come back, whatever refused it.
    expect(answer.headers['retry-after']).toBe(status === 429 ? '30' : undefined);
    expect(JSON.parse(answer.body)).toEqual({
      type: `urn:medication-jobs:problem:${code}`,
      title,
      status,
      detail: code === 'internal_error' ? expect.stringContaining('our side') : 'What to do.',
      code,
      correlation_id: answer.headers['x-correlation-id'],
    });
  });

  it('lists what is wrong and sends the headers of the problem', async () => {
    const problems = [{ pointer: '/a', code: 'required', detail: 'This field is required.' }];
    const { call } = handled(
      throwing(new ProblemError('invalid_input', 'See problems.', { problems, headers: { allow: 'GET' } })),
    );
    const answer = await call();
    expect(JSON.parse(answer.body)).toMatchObject({ problems });
    expect(answer.headers).toMatchObject({ allow: 'GET' });
  });

  it.each([
    new TypeError('secret of user-1 at /var/task/index.js'),
    new Error('secret', { cause: new RangeError('secret') }),
    'secret',
    undefined,
  ])('answers 500 without a word of what was thrown', async (error) => {
    const { call, log } = handled(throwing(error));
    const answer = await call();
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('secret');
    expect(answer.body).not.toContain('index.js');
    expect(JSON.stringify(log.all)).not.toContain('secret');
    expect(log.all).toMatchObject([{ level: 'error', event: 'request.failed' }]);
  });

  it('lets out only what the caller is shown, also of what lists hold', async () => {
    const body = { jobs: [{ id: 1, result: 'secret' }], next: 'n', payload: { drug: 'x' }, constructor: 1 };
    const { call } = handled(async () => jsonAnswer(200, body), undefined, {
      jobs: { id: true },
      'next?': true,
    });
    expect(JSON.parse((await call()).body)).toEqual({ jobs: [{ id: 1 }], next: 'n' });
  });

  it('answers nothing of a request that nobody let in by the access table', async () => {
    const { call, log } = handled(async () => jsonAnswer(200, { drug: 'x' }), undefined, null);
    const answer = await call();
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('drug');
    expect(log.all).toMatchObject([{ event: 'request.failed' }]);
  });

  it('answers 500 in its own form before Lambda cuts the function off', async () => {
    const { call } = handled(() => new Promise(() => undefined));
    const answer = await call(apiEvent(), 520);
    expect(answer.statusCode).toBe(500);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'internal_error' });
  });

  it('writes one log line for each request, with the route as a template', async () => {
    const fine = handled(async () => jsonAnswer(200, {}));
    await fine.call(apiEvent({ method: 'GET', path: '/jobs/{job_id}' }));
    expect(fine.log.all).toMatchObject([
      {
        level: 'info',
        event: 'request.answered',
        fields: { route: 'GET /api/v1/jobs/{job_id}', http_status: 200, aws_calls: 0 },
      },
    ]);
    const refused = handled(throwing(new ProblemError('forbidden', 'No.')));
    await refused.call();
    expect(refused.log.all).toMatchObject([
      { level: 'info', event: 'request.refused', fields: { http_status: 403, error_code: 'forbidden' } },
    ]);
  });

  it.each([
    ['an answer', async () => jsonAnswer(200, {}), { request_error_rate: 0 }],
    ['a refusal', throwing(new ProblemError('forbidden', 'No.')), { request_error_rate: 0, refusals: 1 }],
    ['a failure', throwing(new Error('broken')), { request_error_rate: 1 }],
  ])('counts %s once and flushes', async (_name, serve, expected) => {
    const { call, metrics, flushes } = handled(serve, 'refill-check');
    await call();
    const counted = Object.fromEntries(metrics.all.map(({ name, value }) => [name, value]));
    const { request_time: time, ...rest } = counted;
    expect(time).toBeGreaterThanOrEqual(0);
    expect(rest).toEqual(expected);
    // API Gateway has them by endpoint; here each kind would be three metrics more to pay for.
    expect(metrics.all.filter(({ kind }) => kind !== undefined)).toEqual([]);
    expect(flushes()).toBe(1);
  });

  it('counts a refusal by the step that refused, too', async () => {
    const { call, metrics } = handled(async (_event, exchange) => {
      exchange.step = 'authorize';
      throw new ProblemError('forbidden', 'No.');
    }, 'refill-check');
    await call();
    expect(metrics.all).toContainEqual({ name: 'refusals_authorize', value: 1, unit: 'Count' });
  });

  it('leaves evidence of refusals, not of failures', async () => {
    const refused = handled(throwing(new ProblemError('not_found', 'No.')));
    await refused.call();
    expect(refused.refusals).toMatchObject([{ code: 'not_found' }]);
    const failed = handled(throwing(new Error('broken')));
    await failed.call();
    expect(failed.refusals).toEqual([]);
  });

  it('refuses all the same, and says so loudly, when the evidence cannot be written', async () => {
    const { deps, log } = recordingApiDeps(undefined, false);
    const handler = apiHandler(
      { ...deps, recordRefusal: () => Promise.reject(new RangeError('audit is away')) },
      throwing(new ProblemError('forbidden', 'No.')),
    );
    const answer = await handler(apiEvent(), lambdaContext());
    expect(answer.statusCode).toBe(403);
    expect(log.all).toMatchObject([
      { level: 'error', fields: { reason: 'refusal_not_recorded', error_name: 'RangeError' } },
      { event: 'request.refused' },
    ]);
  });

  it('answers although metrics cannot be written', async () => {
    const { deps, log } = recordingApiDeps(undefined, false);
    const broken = { add: () => undefined };
    const flush = () => {
      throw new Error('no room');
    };
    const handler = apiHandler({ ...deps, metrics: broken, flush }, async (_event, exchange) => {
      exchange.shows = { fine: true };
      return jsonAnswer(200, { fine: true });
    });
    expect(await handler(apiEvent(), lambdaContext())).toMatchObject({
      statusCode: 200,
      body: '{"fine":true}',
    });
    expect(log.all.at(-1)).toMatchObject({ level: 'error', fields: { reason: 'metrics_not_recorded' } });
  });
});
