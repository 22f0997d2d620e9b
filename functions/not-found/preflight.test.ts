import { describe, expect, it } from 'vitest';
import { apiHandler, type Serve } from '#functions/http/api-handler.ts';
import { ProblemError } from '#shared/errors/problem-error.ts';
import { recordingApiDeps } from '#test/builders/api-deps.ts';
import { apiEvent, lambdaContext } from '#test/builders/api-event.ts';
import { notFound } from './handler.ts';

const OURS = 'https://app.example.org';
const OTHER = 'https://admin.example.org';
const ORIGINS = [OURS, OTHER];

/** An answer of a function, or its refusal, to a page of `origin`. */
async function answerTo(origin: string | undefined, corsOrigins: readonly string[], refuse = false) {
  const { deps } = recordingApiDeps(undefined, false);
  const serve: Serve = async (_event, exchange) => {
    if (refuse) throw new ProblemError('not_found', 'Nothing.');
    exchange.shows = {};
    return { statusCode: 200, headers: { etag: '"1"' }, body: {} };
  };
  const headers = origin === undefined ? {} : { Origin: origin };
  return apiHandler({ ...deps, corsOrigins }, serve)(apiEvent({ headers }), lambdaContext());
}

function ask(options: { origin?: string; path?: string; method?: string; asks?: string }, origins = ORIGINS) {
  const { deps, refusals } = recordingApiDeps(undefined, false);
  const {
    origin = OURS,
    path = '/users/{user_id}/medications/{medication_id}',
    method = 'OPTIONS',
  } = options;
  const headers = { Origin: origin, ...(options.asks !== '' && { 'Access-Control-Request-Method': 'PUT' }) };
  const chain = apiHandler({ ...deps, corsOrigins: origins }, notFound(origins));
  return chain(apiEvent({ method, path, headers }), lambdaContext()).then((answer) => ({ answer, refusals }));
}

const corsHeaders = (headers: Readonly<Record<string, string>>) =>
  Object.keys(headers).filter((name) => name.startsWith('access-control-'));

describe('an answer', () => {
  it.each([false, true])(
    'names the origin that asked, if the deployer named it (refusal: %s)',
    async (refuse) => {
      const { headers } = await answerTo(OTHER, ORIGINS, refuse);
      expect(headers).toMatchObject({ 'access-control-allow-origin': OTHER, vary: 'Origin' });
      expect(headers['access-control-expose-headers']).toMatch(/etag.*retry-after.*x-correlation-id/);
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
    },
  );

  it.each([
    undefined,
    'null',
    'https://app.example.org.evil.example',
    'https://APP.example.org',
    'http://app.example.org',
    'https://app.example.org:444',
  ])('lets no other origin in: %s', async (origin) => {
    const { headers } = await answerTo(origin, ORIGINS);
    expect(corsHeaders(headers)).toEqual([]);
    // Else a cache would give one origin's answer to another.
    expect(headers['vary']).toBe('Origin');
  });

  it('says nothing of origins when the deployer names none', async () => {
    const { headers } = await answerTo(OURS, []);
    expect(corsHeaders(headers)).toEqual([]);
    expect(headers).not.toHaveProperty('vary');
  });
});

describe('a preflight', () => {
  it('is answered with the methods of the path and the headers that mean something, and is no refusal', async () => {
    const { answer, refusals } = await ask({});
    expect(answer).toMatchObject({ statusCode: 204, body: '' });
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': OURS,
      'access-control-allow-methods': 'PUT, DELETE',
      'access-control-max-age': '600',
      'strict-transport-security': expect.any(String),
    });
    expect(answer.headers['access-control-allow-headers']?.split(', ')).toEqual([
      'authorization',
      'content-type',
      'idempotency-key',
      'if-match',
      'x-correlation-id',
      'x-on-behalf-of',
      'x-purpose-of-use',
    ]);
    expect(refusals).toEqual([]);
  });

  it.each([
    ['of another origin', { origin: 'https://evil.example' }, 405],
    ['of a path that is none', { path: '/{proxy+}' }, 404],
    ['that asks for no method', { asks: '' }, 405],
    ['by another method', { method: 'PATCH' }, 405],
  ] as const)('%s is answered as before', async (_, options, status) => {
    const { answer, refusals } = await ask(options);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers).not.toHaveProperty('access-control-allow-methods');
    expect(refusals).toHaveLength(1);
  });

  it('is answered as before when the deployer names no origin', async () => {
    const { answer } = await ask({}, []);
    expect([answer.statusCode, corsHeaders(answer.headers)]).toEqual([405, []]);
  });
});
