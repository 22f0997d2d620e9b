import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { StackFolder } from '../stack-folder.ts';

export const ISSUER_PATH = '/issuer';
export const issuerUrl = (frontPort: number): string => `http://127.0.0.1:${frontPort}${ISSUER_PATH}`;

const KEY_ID = 'laptop';

/** The key pair that signs the laptop's tokens, made on first use. It is accepted by no stage but `local`. */
export async function issuerKeys(
  folder: StackFolder,
): Promise<{ readonly privateJwk: JWK; readonly publicJwk: JWK }> {
  const file = join(folder.issuer, 'key.json');
  if (!existsSync(file)) {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    const made = { ...(await exportJWK(privateKey)), kid: KEY_ID, alg: 'RS256', use: 'sig' };
    mkdirSync(folder.issuer, { recursive: true });
    writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  }
  const privateJwk: JWK = JSON.parse(readFileSync(file, 'utf8'));
  const { kty, n, e, kid, alg, use } = privateJwk;
  // Exactly the public half of an RSA key.
  return { privateJwk, publicJwk: { kty, n, e, kid, alg, use } as JWK };
}

export const openIdConfiguration = (issuer: string) => ({
  issuer,
  jwks_uri: `${issuer}/.well-known/jwks.json`,
  id_token_signing_alg_values_supported: ['RS256'],
  subject_types_supported: ['public'],
  response_types_supported: ['token'],
});
