import type { IssuerConfig } from '#shared/contract/issuers.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import { ID_PATTERN } from '#shared/jobs/schema-members.ts';
import { ROLES, type Role } from '#shared/lifecycle/role.ts';

type Claims = Readonly<Record<string, unknown>>;

const USER_ID = new RegExp(ID_PATTERN);
const LONGEST_SUBJECT = 128;

/**
 * The caller that verified claims speak of, or `undefined` when they are not meant for this API: another client,
 * another use than access, no subject, no end.
 */
export function callerOf(claims: Claims, config: IssuerConfig): Caller | undefined {
  const subject = claims['sub'];
  if (typeof subject !== 'string' || subject === '' || subject.length > LONGEST_SUBJECT) return undefined;
  if (typeof claims['exp'] !== 'number') return undefined;
  if (config.tokenUse !== undefined && claims['token_use'] !== config.tokenUse) return undefined;
  const client = clientsOf(claims).find((id) => config.clients.includes(id));
  if (client === undefined) return undefined;
  const tokenId = claims['jti'];
  return {
    subject,
    roles: rolesOf(claims[config.groupsClaim], config),
    careFor: textsOf(claims['care_for']).filter((id) => USER_ID.test(id)),
    ...(typeof tokenId === 'string' && { tokenId }),
    clientId: client,
  };
}

/** `client_id` when there is one, else the audience. */
const clientsOf = (claims: Claims): readonly string[] => {
  const client = claims['client_id'];
  if (client !== undefined) return textsOf([client]);
  const audience = claims['aud'];
  return textsOf(Array.isArray(audience) ? audience : [audience]);
};

/** Only roles that exist, and only those that this issuer may vouch for. */
function rolesOf(claim: unknown, config: IssuerConfig): readonly Role[] {
  // OAuth scopes come as one text, each with its resource server's name before a slash.
  const names = typeof claim === 'string' ? claim.split(' ').map(afterSlash) : textsOf(claim);
  return ROLES.filter((role) => config.roles.includes(role) && names.includes(role));
}

const afterSlash = (scope: string): string => scope.slice(scope.lastIndexOf('/') + 1);

const textsOf = (claim: unknown): readonly string[] =>
  Array.isArray(claim) ? claim.filter((item) => typeof item === 'string') : [];
