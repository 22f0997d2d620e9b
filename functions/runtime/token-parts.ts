import type { CallerDeps } from '#functions/http/authenticate.ts';
import { createTokenVerifier } from '#functions/http/token-verifier.ts';
import type { IssuerConfig } from '#shared/contract/issuers.ts';
import type { Base } from './base.ts';

/**
 * Knows callers by tokens of the deployment's issuers, and whether they have to say what a request is for.
 * @throws Error when ISSUERS is not a list of issuers
 */
export const callerParts = (base: Base): Required<CallerDeps> => ({
  isPurposeRequired: base.variable('REQUIRE_PURPOSE') === 'on',
  verifyToken: createTokenVerifier({
    issuers: readIssuers(base.variable('ISSUERS')),
    stage: base.variable('STAGE'),
    // The real clock, also where the laptop's clock is moved: it is the one by which issuers date their tokens.
    epochMs: Date.now,
  }),
});

function readIssuers(text: string): readonly IssuerConfig[] {
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list) || list.length === 0)
    throw new Error('ISSUERS is no list of at least one issuer.');
  return list.map(readIssuer);
}

function readIssuer(entry: unknown): IssuerConfig {
  const fields = new Map<string, unknown>(Object.entries(Object(entry)));
  const text = (name: string): string => {
    const value = fields.get(name);
    if (typeof value !== 'string' || value === '') throw new Error(`ISSUERS: ${name} is no text.`);
    return value;
  };
  const texts = (name: string): readonly string[] => {
    const value = fields.get(name);
    if (!Array.isArray(value) || value.length === 0 || !value.every((item) => typeof item === 'string'))
      throw new Error(`ISSUERS: ${name} is no list of texts.`);
    return value;
  };
  const tokenUse = fields.get('tokenUse');
  if (tokenUse !== undefined && tokenUse !== 'access')
    throw new Error('ISSUERS: tokenUse can only be access.');
  const maxTokenMinutes = fields.get('maxTokenMinutes');
  if (maxTokenMinutes !== undefined && !(Number.isInteger(maxTokenMinutes) && Number(maxTokenMinutes) >= 1))
    throw new Error('ISSUERS: maxTokenMinutes is no whole number of at least 1.');
  return {
    issuer: text('issuer'),
    jwksUri: text('jwksUri'),
    clients: texts('clients'),
    groupsClaim: text('groupsClaim'),
    roles: texts('roles'),
    ...(tokenUse !== undefined && { tokenUse }),
    ...(maxTokenMinutes !== undefined && { maxTokenMinutes: Number(maxTokenMinutes) }),
  };
}
