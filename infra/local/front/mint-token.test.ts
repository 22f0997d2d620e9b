import { createHmac, createPublicKey } from 'node:crypto';
import {
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  jwtVerify,
} from 'jose';
import { beforeAll, expect, test } from 'vitest';
import { type Forgery, mintToken, type Signer } from './mint-token.ts';

const NOW = Date.parse('2026-11-23T20:55:00Z');
const issuer = 'http://127.0.0.1:4700/issuer';
let signer: Signer;
let publicJwk: JWK;

beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  signer = { issuer, privateJwk: { ...(await exportJWK(privateKey)), kid: 'k1', alg: 'RS256' } };
  publicJwk = await exportJWK(publicKey);
});

const mint = (forge?: Forgery) =>
  mintToken(
    signer,
    {
      role: 'caregiver',
      subject: 'carl',
      clientId: 'app',
      careFor: ['anna', 'bert'],
      ...(forge ? { forge } : {}),
    },
    NOW,
  );
const verify = async (token: string, seconds = 0) =>
  jwtVerify(token, await importJWK(publicJwk, 'RS256'), {
    issuer,
    algorithms: ['RS256'],
    currentDate: new Date(NOW + seconds * 1000),
  });

test('an honest token verifies and says who, as what, for whom and until when', async () => {
  const { payload, protectedHeader } = await verify(await mint());
  expect(protectedHeader).toEqual({ alg: 'RS256', kid: 'k1' });
  expect(payload).toMatchObject({
    sub: 'carl',
    client_id: 'app',
    token_use: 'access',
    'cognito:groups': ['caregiver'],
    care_for: ['anna', 'bert'],
    exp: NOW / 1000 + 900,
  });
});

test('it ends when it was told to', async () => {
  const wishes = { role: 'patient', subject: 'anna', clientId: 'app', expiresInSeconds: 60 } as const;
  const token = await mintToken(signer, wishes, NOW);
  await expect(verify(token, 59)).resolves.toBeDefined();
  await expect(verify(token, 61)).rejects.toThrow(/exp/);
});

test.each(['expired', 'alg-none', 'hs256', 'issuer'] as const)(
  '%s is refused by an honest verifier',
  async (forge) => {
    await expect(verify(await mint(forge))).rejects.toThrow();
  },
);

test('a foreign client is the only fault of a token forged in its client', async () => {
  const { payload } = await verify(await mint('client'));
  expect(payload['client_id']).not.toBe('app');
});

test('a foreign issuer is the only fault of a token forged in its issuer', async () => {
  const token = await mint('issuer');
  await expect(
    jwtVerify(token, await importJWK(publicJwk, 'RS256'), { currentDate: new Date(NOW) }),
  ).resolves.toBeDefined();
  expect(decodeJwt(token).iss).not.toBe(issuer);
});

test('the forged algorithms are what they claim to be', async () => {
  const none = await mint('alg-none');
  expect(decodeProtectedHeader(none).alg).toBe('none');
  expect(none.endsWith('.')).toBe(true);

  const confused = await mint('hs256');
  const { kty = '', n = '', e = '' } = publicJwk;
  const key = createPublicKey({ key: { kty, n, e }, format: 'jwk' });
  const [header, claims, signature] = confused.split('.');
  const expected = createHmac('sha256', key.export({ type: 'spki', format: 'pem' }))
    .update(`${header}.${claims}`)
    .digest('base64url');
  expect(signature).toBe(expected);
});
