import { createHmac } from 'node:crypto';
import { exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { countingFetcher, createTestIssuer } from '#test/builders/signed-tokens.ts';
import { createTokenVerifier } from './token-verifier.ts';

type TestIssuer = Awaited<ReturnType<typeof createTestIssuer>>;

let issuer: TestIssuer;
let other: TestIssuer;
let epochMs = Date.now();

beforeAll(async () => {
  issuer = await createTestIssuer();
  other = await createTestIssuer({
    issuer: 'https://second.example',
    jwksUri: 'https://second.example/keys',
  });
});

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function verifierOf(issuers: readonly TestIssuer[] = [issuer, other]) {
  epochMs = Date.now();
  const fetcher = countingFetcher(() => [issuer.jwk]);
  const verify = createTokenVerifier({
    issuers: issuers.map(({ config }) => config),
    stage: 'dev',
    epochMs: () => epochMs,
    fetcher,
  });
  return { fetcher, verify: (token: string) => verify(`Bearer ${token}`), raw: verify };
}

const fault = (name: string) => ({ ok: false, fault: name });

describe('createTokenVerifier', () => {
  it('answers the caller of a valid token', async () => {
    const { verify } = verifierOf();
    const token = await issuer.sign({ groups: ['caregiver', 'patient'], care_for: ['user-2', 'user-3'] });
    expect(await verify(token)).toEqual({
      ok: true,
      caller: {
        subject: 'user-1',
        roles: ['patient', 'caregiver'],
        careFor: ['user-2', 'user-3'],
        tokenId: 'token-1',
        clientId: 'app',
      },
    });
  });

  it.each([
    ['none', undefined, 'missing'],
    ['an empty header', '', 'missing'],
    ['another scheme', 'Basic dXNlcjpwYXNz', 'malformed'],
    ['no token behind the scheme', 'Bearer ', 'malformed'],
    ['text that is no token', 'Bearer not-a-token', 'malformed'],
    ['a very long one', `Bearer ${'a'.repeat(9_000)}`, 'malformed'],
  ])('refuses %s', async (_name, header, expected) => {
    expect(await verifierOf().raw(header)).toEqual(fault(expected));
  });

  it('refuses what asks for extensions, and a token of a time to come', async () => {
    const { verify } = verifierOf();
    const seconds = Math.floor(epochMs / 1000);
    const critical = (crit: readonly string[]) =>
      new SignJWT({ ...issuer.claims(), x: 1 })
        .setProtectedHeader({ alg: 'RS256', kid: 'key-1', crit: [...crit], x: 1 })
        .sign(issuer.privateKey, { crit: { x: false } });
    expect(await verify(await critical(['x']))).toEqual(fault('malformed'));
    expect(await verify(await issuer.sign({ iat: seconds + 3_000 }))).toEqual(fault('not_yet_valid'));
    expect(await verify(await issuer.sign({ iat: seconds + 30 }))).toMatchObject({ ok: true });
  });

  it('takes tokens of an issuer no longer than its configuration says, in the cache neither', async () => {
    const short = await createTestIssuer({ maxTokenMinutes: 15 });
    epochMs = Date.now();
    const fetcher = countingFetcher(() => [short.jwk]);
    const raw = createTokenVerifier({
      issuers: [short.config],
      stage: 'dev',
      epochMs: () => epochMs,
      fetcher,
    });
    const seconds = Math.floor(epochMs / 1000);
    const token = await short.sign({ iat: seconds - 14 * 60, exp: seconds + 86_400 });
    expect(await raw(`Bearer ${token}`)).toMatchObject({ ok: true });
    epochMs += 61_000;
    expect(await raw(`Bearer ${token}`)).toEqual(fault('expired'));
    expect(await raw(`Bearer ${await short.sign()}`)).toEqual(fault('claims'));
  });

  it('takes no token that says it is for something else than access, from issuers that need not say so neither', async () => {
    const silent = await createTestIssuer();
    const { tokenUse: _, ...config } = silent.config;
    const raw = createTokenVerifier({
      issuers: [config],
      stage: 'dev',
      epochMs: Date.now,
      fetcher: countingFetcher(() => [silent.jwk]),
    });
    const verified = async (claims: Readonly<Record<string, unknown>>) =>
      raw(`Bearer ${await silent.sign(claims)}`);
    expect(await verified({ token_use: undefined })).toMatchObject({ ok: true });
    expect(await verified({ token_use: 'access' })).toMatchObject({ ok: true });
    for (const token_use of ['id', 'refresh', '', ['access'], 7])
      expect(await verified({ token_use })).toEqual(fault('claims'));
  });

  it('refuses alg none, with and without a third part', async () => {
    const { verify } = verifierOf();
    const unsigned = `${base64url({ alg: 'none', kid: 'key-1' })}.${base64url(issuer.claims())}`;
    expect(await verify(`${unsigned}.`)).toEqual(fault('malformed'));
    expect(await verify(`${unsigned}.AAAA`)).toEqual(fault('algorithm'));
  });

  it('refuses HS256 keyed with the public key', async () => {
    const { verify } = verifierOf();
    const text = `${base64url({ alg: 'HS256', kid: 'key-1' })}.${base64url(issuer.claims())}`;
    const mac = createHmac('sha256', await exportSPKI(issuer.publicKey))
      .update(text)
      .digest('base64url');
    expect(await verify(`${text}.${mac}`)).toEqual(fault('algorithm'));
  });

  it('refuses a token whose claims were changed after signing', async () => {
    const { verify } = verifierOf();
    const [header, , signature] = (await issuer.sign()).split('.');
    const claims = base64url(issuer.claims({ groups: ['clinician'] }));
    expect(await verify(`${header}.${claims}.${signature}`)).toEqual(fault('signature'));
  });

  it('refuses a token signed by another key under a known key id', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    const forged = await new SignJWT(issuer.claims())
      .setProtectedHeader({ alg: 'RS256', kid: 'key-1' })
      .sign(privateKey);
    expect(await verifierOf().verify(forged)).toEqual(fault('signature'));
  });

  it.each([
    ['expired', { exp: Math.floor(Date.now() / 1000) - 1 }, 'expired'],
    ['not valid yet', { nbf: Math.floor(Date.now() / 1000) + 600 }, 'not_yet_valid'],
    ['without an end', { exp: undefined }, 'claims'],
    ['without a subject', { sub: undefined }, 'claims'],
    ['of an unknown issuer', { iss: 'https://evil.example' }, 'foreign_issuer'],
    ['of another client', { client_id: 'other-app' }, 'claims'],
    ['without a client', { client_id: undefined }, 'claims'],
    ['meant for identification', { token_use: 'id' }, 'claims'],
  ])('refuses a token %s', async (_name, claims, expected) => {
    expect(await verifierOf().verify(await issuer.sign(claims))).toEqual(fault(expected));
  });

  it('refuses a foreign issuer also when only one is configured', async () => {
    const token = await issuer.sign({ iss: 'https://evil.example' });
    expect(await verifierOf([issuer]).verify(token)).toEqual(fault('foreign_issuer'));
  });

  it('does not take the signature of one issuer for another', async () => {
    // Signed with the first issuer's key, claiming the second: the second's key set has another key of that id.
    const { privateKey } = other;
    const fetcher = countingFetcher(() => [other.jwk]);
    const verify = createTokenVerifier({
      issuers: [issuer.config, other.config],
      stage: 'dev',
      epochMs: () => Date.now(),
      fetcher,
    });
    const crossed = await issuer.sign({ iss: other.config.issuer });
    expect(await verify(`Bearer ${crossed}`)).toEqual(fault('signature'));
    const own = await new SignJWT(other.claims())
      .setProtectedHeader({ alg: 'RS256', kid: 'key-1' })
      .sign(privateKey);
    expect(await verify(`Bearer ${own}`)).toMatchObject({ ok: true });
  });

  it('accepts an audience where tokens have no client_id', async () => {
    const token = await issuer.sign({ client_id: undefined, aud: ['x', 'app'] });
    expect(await verifierOf().verify(token)).toMatchObject({ ok: true, caller: { clientId: 'app' } });
  });

  it('takes only roles that exist and that the issuer may vouch for', async () => {
    const token = await issuer.sign({ groups: ['admin', 'root', 'clinician', 7] });
    expect(await verifierOf().verify(token)).toMatchObject({ caller: { roles: ['clinician'] } });
  });

  it('reads roles from OAuth scopes when the issuer says so', async () => {
    const scoped = await createTestIssuer({ groupsClaim: 'scope', roles: ['service'] });
    const verify = createTokenVerifier({
      issuers: [scoped.config],
      stage: 'dev',
      epochMs: () => Date.now(),
      fetcher: countingFetcher(() => [scoped.jwk]),
    });
    const token = await scoped.sign({ scope: 'jobs/service jobs/admin openid' });
    expect(await verify(`Bearer ${token}`)).toMatchObject({ caller: { roles: ['service'] } });
  });

  it.each<[string, Record<string, unknown>, object]>([
    [
      'names a person for whom the subject acts',
      { act: { sub: 'p1' } },
      { subject: 'user-1', onBehalfOf: 'p1' },
    ],
    [
      'names the client, which acts for the subject (RFC 8693)',
      { act: { sub: 'app', act: { sub: 'earlier' } } },
      { subject: 'app', onBehalfOf: 'user-1' },
    ],
    [
      'says nothing new of a client’s own token',
      { sub: 'app', act: { sub: 'p1' } },
      { subject: 'app', onBehalfOf: 'p1' },
    ],
  ])('reads a claim act that %s', async (_name, more, expected) => {
    expect(await verifierOf().verify(await issuer.sign(more))).toMatchObject({ ok: true, caller: expected });
  });

  it.each([
    ['text', 'p1'],
    ['null', null],
    ['no subject', {}],
    ['a name', { sub: 'Mary Jones' }],
    ['a list', { sub: ['p1'] }],
    ['an empty subject', { sub: '' }],
  ])('refuses a claim act that is %s', async (_name, act) => {
    expect(await verifierOf().verify(await issuer.sign({ act }))).toEqual(fault('claims'));
  });

  it('drops ids of other shapes from care_for', async () => {
    const token = await issuer.sign({ care_for: ['user-2', 'a b', 3, 'x'.repeat(65)] });
    expect(await verifierOf().verify(token)).toMatchObject({ caller: { careFor: ['user-2'] } });
    const text = await issuer.sign({ care_for: 'user-2' });
    expect(await verifierOf().verify(text)).toMatchObject({ caller: { careFor: [] } });
  });

  it('asks for the key set once, and unknown key ids do not let floods through', async () => {
    const { verify, fetcher } = verifierOf();
    expect(await verify(await issuer.sign({ jti: 'a' }))).toMatchObject({ ok: true });
    expect(await verify(await issuer.sign({ jti: 'b' }))).toMatchObject({ ok: true });
    expect(fetcher.count).toBe(1);
    for (let attempt = 0; attempt < 20; attempt += 1)
      expect(await verify(await issuer.sign({}, `unknown-${attempt}`))).toEqual(fault('unknown_key'));
    expect(fetcher.count).toBe(2);
    expect(await verify(await issuer.sign({ jti: 'c' }))).toMatchObject({ ok: true });
  });

  it('forgets a withdrawn key within an hour, but not because its issuer is away', async () => {
    let nowMs = Date.now();
    let keys: readonly object[] | undefined = [issuer.jwk];
    const verify = createTokenVerifier({
      issuers: [issuer.config],
      stage: 'dev',
      epochMs: () => nowMs,
      fetcher: {
        fetch: async () => {
          if (!keys) throw new Error('away');
          return new TextEncoder().encode(JSON.stringify({ keys })).buffer;
        },
      },
    });
    const token = `Bearer ${await issuer.sign({ exp: Math.floor(nowMs / 1000) + 86_400 })}`;
    expect(await verify(token)).toMatchObject({ ok: true });
    keys = undefined;
    nowMs += 3_600_000;
    expect(await verify(token)).toMatchObject({ ok: true });
    keys = [{ ...issuer.jwk, kid: 'key-2' }];
    nowMs += 3_600_000;
    expect(await verify(token)).toEqual(fault('unknown_key'));
  });

  it('refuses everybody while the keys cannot be had, and recovers', async () => {
    let up = false;
    const verify = createTokenVerifier({
      issuers: [issuer.config],
      stage: 'dev',
      epochMs: () => Date.now(),
      fetcher: {
        fetch: async () => {
          if (!up) throw new Error('down');
          return new TextEncoder().encode(JSON.stringify({ keys: [issuer.jwk] })).buffer;
        },
      },
    });
    const token = await issuer.sign();
    expect(await verify(`Bearer ${token}`)).toEqual(fault('keys_unavailable'));
    up = true;
    expect(await verify(`Bearer ${token}`)).toMatchObject({ ok: true });
  });
});

describe('the address of a key set', () => {
  const create = (jwksUri: string, stage: string) => () =>
    createTokenVerifier({ issuers: [{ ...issuer.config, jwksUri }], stage, epochMs: () => 0 });

  it('must be https, save on the laptop', () => {
    expect(create('http://issuer.example/keys', 'prod')).toThrow('https only');
    expect(create('http://127.0.0.1:4566/keys', 'prod')).toThrow('https only');
    expect(create('http://issuer.example/keys', 'local')).toThrow('https only');
    expect(create('http://127.0.0.1.evil.example/keys', 'local')).toThrow('https only');
    expect(create('http://127.0.0.1:4566/keys', 'local')).not.toThrow();
    expect(create('https://issuer.example/keys', 'prod')).not.toThrow();
  });
});
