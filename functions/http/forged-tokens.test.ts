import { createHmac } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { kindsByName } from '#shared/jobs/registry.ts';
import { createTestIssuer } from '#test/builders/signed-tokens.ts';
import { createSubmitBench } from '#test/builders/submit-bench.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import { createTokenVerifier } from './token-verifier.ts';

type TestIssuer = Awaited<ReturnType<typeof createTestIssuer>>;

let issuer: TestIssuer;
let stranger: TestIssuer;
beforeAll(async () => {
  issuer = await createTestIssuer();
  stranger = await createTestIssuer({ issuer: 'https://evil.example' });
});

const seconds = () => Math.floor(Date.now() / 1000);
const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const kind = kindsByName().get('refill-check');

/** The endpoint with a real verifier behind it, and the addresses from which keys were fetched. */
function endpoint() {
  if (!kind) throw new Error('There is no kind refill-check.');
  const fetched: string[] = [];
  const verifyToken = createTokenVerifier({
    issuers: [issuer.config],
    stage: 'prod',
    epochMs: Date.now,
    fetcher: {
      fetch: async (uri) => {
        fetched.push(uri);
        return new TextEncoder().encode(JSON.stringify({ keys: [issuer.jwk] })).buffer;
      },
    },
  });
  const bench = createSubmitBench(kind, issuer, { verifyToken });
  const send = (Authorization: string) => bench.post(kind.example, undefined, { headers: { Authorization } });
  return { bench, fetched, send };
}

const claims = (more: object = {}) =>
  issuer.claims({ sub: kind?.example['user_id'], groups: ['patient'], ...more });
const signed = (more: object = {}, header: object = {}, by: TestIssuer = issuer) =>
  new SignJWT(claims(more)).setProtectedHeader({ alg: 'RS256', kid: 'key-1', ...header }).sign(by.privateKey);

/** The parts of a good token, with some of them replaced. */
async function withParts(change: { header?: object; claims?: object; signature?: string }): Promise<string> {
  const [header, payload, signature] = (await signed()).split('.');
  return [
    change.header ? base64url(change.header) : header,
    change.claims ? base64url(claims(change.claims)) : payload,
    change.signature ?? signature,
  ].join('.');
}

async function hs256(): Promise<string> {
  const text = `${base64url({ alg: 'HS256', kid: 'key-1' })}.${base64url(claims())}`;
  const secret = await exportSPKI(issuer.publicKey);
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

/** Signed by a key that the token itself brings along, or says where to fetch. */
async function bringingKey(header: (jwk: object) => object): Promise<string> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'RS256' };
  return new SignJWT(claims())
    .setProtectedHeader({ alg: 'RS256', kid: 'key-1', ...header(jwk) })
    .sign(privateKey);
}

const FORGERIES: readonly (readonly [string, () => Promise<string>])[] = [
  ['alg none without a signature', () => withParts({ header: { alg: 'none', kid: 'key-1' }, signature: '' })],
  ['alg none with a signature', () => withParts({ header: { alg: 'none', kid: 'key-1' } })],
  ['alg nOnE', () => withParts({ header: { alg: 'nOnE', kid: 'key-1' } })],
  ['HS256 with the public key', hs256],
  ['no signature', () => withParts({ signature: '' })],
  [
    'the signature of another token',
    async () => withParts({ signature: (await signed({ jti: 'x' })).split('.')[2] ?? '' }),
  ],
  ['a changed claim: another patient', () => withParts({ claims: { sub: 'somebody-else' } })],
  ['a changed claim: another role', () => withParts({ claims: { groups: ['clinician'] } })],
  ['a changed claim: a longer life', () => withParts({ claims: { exp: seconds() + 86_400 } })],
  ['expired', () => signed({ exp: seconds() - 1 })],
  ['not valid yet', () => signed({ nbf: seconds() + 600 })],
  ['without an end', () => signed({ exp: undefined })],
  ['a foreign issuer', () => signed({ iss: 'https://evil.example' })],
  ['a foreign issuer with keys of its own', () => signed({ iss: 'https://evil.example' }, {}, stranger)],
  ['our issuer, signed by a foreign one', () => signed({}, {}, stranger)],
  ['another client', () => signed({ client_id: 'other-app' })],
  ['no client', () => signed({ client_id: undefined })],
  ['an id token', () => signed({ token_use: 'id' })],
  ['a refresh token', () => signed({ token_use: 'refresh' })],
  ['no subject', () => signed({ sub: undefined })],
  ['a kid that is a path', () => signed({}, { kid: '../../../dev/null' })],
  ['a kid that is an address', () => signed({}, { kid: 'https://evil.example/keys.json' })],
  ['a kid that is SQL', () => signed({}, { kid: "key-1' OR '1'='1" })],
  ['a kid out of the prototype', () => signed({}, { kid: '__proto__' })],
  ['no kid', () => signed({}, { kid: undefined })],
  ['a key in its own header', () => bringingKey((jwk) => ({ jwk }))],
  [
    'the address of a key set in its own header',
    () => bringingKey(() => ({ jku: 'https://evil.example/keys' })),
  ],
  [
    'the address of a certificate in its own header',
    () => bringingKey(() => ({ x5u: 'https://evil.example/c' })),
  ],
  ['a huge one', async () => `${await signed()}${'A'.repeat(100_000)}`],
  ['a huge payload', () => signed({ more: 'x'.repeat(10_000) })],
  ['text that is no token', async () => 'not.a.token'],
];

describe('a forged token', () => {
  it('differs from a good one: that is taken', async () => {
    const { bench, send } = endpoint();
    expect((await send(`Bearer ${await signed()}`)).status).toBe(202);
    expect(bench.sent).toHaveLength(1);
  });

  it.each(FORGERIES)(
    '%s: 401, nothing is accepted, and no stranger is asked for keys',
    async (_name, forge) => {
      const { bench, fetched, send } = endpoint();
      const answer = await send(`Bearer ${await forge()}`);
      expect(answer).toMatchObject({
        status: 401,
        headers: {
          ...SECURITY_HEADERS,
          'www-authenticate': 'Bearer',
          'content-type': 'application/problem+json',
        },
        body: { code: 'unauthorized' },
      });
      // Why it was refused is nobody's business but the log's.
      expect(Object.keys(answer.body).sort()).toEqual(
        ['code', 'correlation_id', 'detail', 'status', 'title', 'type'].sort(),
      );
      expect(bench.sent).toEqual([]);
      expect(new Set(fetched).size).toBeLessThanOrEqual(1);
      for (const uri of fetched) expect(uri).toBe(issuer.config.jwksUri);
    },
  );

  it('says nothing of the fields when the body is wrong, too', async () => {
    const { bench } = endpoint();
    const Authorization = `Bearer ${await withParts({ claims: { groups: ['clinician'] } })}`;
    const answer = await bench.post({ user_id: 7 }, undefined, { headers: { Authorization } });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
    expect(answer.body).not.toHaveProperty('problems');
  });

  it('a flood of unknown key ids leads to one fetch more, and good tokens pass meanwhile', async () => {
    const { fetched, send } = endpoint();
    expect((await send(`Bearer ${await signed({ jti: 'before' })}`)).status).toBe(202);
    for (let at = 0; at < 50; at += 1)
      expect((await send(`Bearer ${await signed({}, { kid: `unknown-${at}` })}`)).status).toBe(401);
    expect((await send(`Bearer ${await signed({ jti: 'after' })}`)).status).toBe(202);
    expect(fetched).toHaveLength(2);
  });

  it.each([
    ['in two headers', (good: string, other: string) => [good, other]],
    ['in one line', (good: string, other: string) => [`${good}, ${other}`]],
    ['after the good one once more', (good: string, other: string) => [good, good, other]],
  ])('beside a good one is refused %s: which of them counts is nobody’s to choose', async (_name, both) => {
    const { bench, fetched } = endpoint();
    const other = `Bearer ${await signed({ sub: 'somebody-else' })}`;
    const Authorization = both(`Bearer ${await signed()}`, other);
    const answer = await bench.post(kind?.example, undefined, { repeatedHeaders: { Authorization } });
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(answer.body).not.toHaveProperty('problems');
    expect([bench.sent, fetched]).toEqual([[], []]);
  });

  it('is told from a good one that a proxy has doubled', async () => {
    const { bench } = endpoint();
    const good = `Bearer ${await signed()}`;
    const answer = await bench.post(kind?.example, undefined, {
      repeatedHeaders: { Authorization: [good, good] },
    });
    expect(answer.status).toBe(202);
  });
});
