import { createServer, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFront } from './front-server.ts';

let upstream: Server;
let front: Server;
let frontUrl: string;
let invokeUrl: string | undefined;
const publicJwk = { kty: 'RSA', n: 'n', e: 'AQAB', kid: 'laptop' };

beforeAll(async () => {
  upstream = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      response.writeHead(418, { 'content-type': 'application/problem+json', 'x-correlation-id': 'abc' });
      const { method, url, headers, headersDistinct: each } = request;
      response.end(JSON.stringify({ method, url, headers, each, body }));
    });
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  invokeUrl = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/restapis/1/local/_user_request_`;
  front = await startFront(0, {
    issuer: 'http://127.0.0.1:4700/issuer',
    publicJwk: publicJwk as never,
    invokeUrl: () => invokeUrl,
    console: {
      dashboards: async () => ['board'],
      dashboard: async (name, minutes) => ({ name, from: 0, to: (minutes ?? 180) * 60, widgets: [] }),
    },
    inbox: async () => [{ receivedAt: '2026-11-23T20:55:00Z', message: { type: '<script>' } }],
  });
  frontUrl = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
});
afterAll(() => {
  upstream.close();
  front.close();
});

test('a request reaches the API as it was sent, and its answer comes back as it was given', async () => {
  const answer = await fetch(`${frontUrl}/api/v1/jobs/backup?a=%2F&b=1`, {
    method: 'POST',
    headers: { authorization: 'Bearer t', 'idempotency-key': 'k' },
    body: '{"a":1}',
  });
  expect(answer.status).toBe(418);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.headers.get('x-correlation-id')).toBe('abc');
  expect(await answer.json()).toMatchObject({
    method: 'POST',
    url: '/restapis/1/local/_user_request_/api/v1/jobs/backup?a=%2F&b=1',
    headers: { authorization: 'Bearer t', 'idempotency-key': 'k' },
    body: '{"a":1}',
  });
});

test('what a caller repeats reaches the API as often as it was sent', async () => {
  const repeated: NodeJS.Dict<string[]> = {
    authorization: ['Bearer a', 'Bearer b'],
    'idempotency-key': ['k', 'k'],
  };
  const text = await new Promise<string>((resolve, reject) => {
    const asked = request(`${frontUrl}/api/v1/jobs`, { headers: repeated }, (answer) => {
      let body = '';
      answer.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      answer.on('end', () => resolve(body));
    });
    asked.on('error', reject);
    asked.end();
  });
  expect(JSON.parse(text)).toMatchObject({ each: repeated });
});

test('only an AWS that is away is answered by the front itself', async () => {
  const before = invokeUrl;
  for (const away of ['http://127.0.0.1:1/nobody', undefined]) {
    invokeUrl = away;
    const answer = await fetch(`${frontUrl}/api/v1/health`);
    expect(answer.status).toBe(502);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ status: 502, correlation_id: expect.any(String) });
  }
  invokeUrl = before;
});

test('the issuer’s keys stand where its configuration says', async () => {
  const configuration = await (await fetch(`${frontUrl}/issuer/.well-known/openid-configuration`)).json();
  expect(configuration).toMatchObject({
    issuer: 'http://127.0.0.1:4700/issuer',
    jwks_uri: 'http://127.0.0.1:4700/issuer/.well-known/jwks.json',
  });
  const keys = await (await fetch(`${frontUrl}/issuer/.well-known/jwks.json`)).json();
  expect(keys).toEqual({ keys: [publicJwk] });
});

test('the inbox shows what was published, as text and never as markup', async () => {
  const page = await (await fetch(`${frontUrl}/inbox`)).text();
  expect(page).toContain('&lt;script&gt;');
  expect(page).not.toContain('<script>');
});

test.each([
  ['a method that HTTP does not know', 'get /api/v1/jobs HTTP/1.1\r\nhost: x\r\n\r\n', 400, 'not_http'],
  [
    'a header without an end',
    `GET /api/v1/jobs HTTP/1.1\r\nhost: x\r\nx-long: ${'a'.repeat(20_000)}\r\n\r\n`,
    431,
    'headers_too_large',
  ],
])('%s is answered in the form of the API, too', async (_, sent, status, code) => {
  const text = await new Promise<string>((resolve, reject) => {
    const socket = connect((front.address() as AddressInfo).port, '127.0.0.1', () => socket.write(sent));
    let received = '';
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString();
    });
    socket.on('end', () => resolve(received));
    socket.on('error', reject);
  });
  expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(text).toContain('content-type: application/problem+json');
  expect(JSON.parse(text.split('\r\n\r\n')[1] ?? '')).toMatchObject({ status, code });
});

test('the console is a page of its own files only', async () => {
  const page = await fetch(`${frontUrl}/console`);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
  const text = await page.text();
  expect(text).not.toMatch(/<script(?![^>]*src=)|<style|\son\w+=/);
  const files = [...text.matchAll(/(?:src|href)="(\/console\/[^"]+)"/g)].map(([, path]) => path);
  expect(files).toHaveLength(4);
  for (const path of files) expect((await fetch(`${frontUrl}${path}`)).status, path).toBe(200);
});

test.each([
  ['/console/dashboards.json', 200, ['board']],
  ['/console/dashboards/board.json', 200, { name: 'board', to: 10_800 }],
  ['/console/dashboards/board.json?minutes=30', 200, { to: 1800 }],
  ['/console/dashboards/board.json?minutes=0', 400, { code: 'minutes_unreadable' }],
  ['/console/dashboards/board.json?minutes=1e3', 400, { code: 'minutes_unreadable' }],
  ['/console/dashboards/other.json', 404, { code: 'not_found' }],
  ['/console/dashboards/..%2fboard.json', 404, { code: 'not_found' }],
  ['/console/constructor', 404, { code: 'not_found' }],
])('%s answers %i', async (path, status, body) => {
  const answer = await fetch(`${frontUrl}${path}`);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject(body);
});
