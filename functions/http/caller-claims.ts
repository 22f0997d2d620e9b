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
  // An issuer of the deployer's need not say what a token is for; what says so must be for access, whoever gave it out.
  const use = claims['token_use'] ?? (config.tokenUse === undefined ? 'access' : undefined);
  if (use !== 'access') return undefined;
  const client = clientsOf(claims).find((id) => config.clients.includes(id));
  if (client === undefined) return undefined;
  const acting = actingOf(subject, claims['act'], client);
  if (!acting) return undefined;
  const tokenId = claims['jti'];
  return {
    ...acting,
    roles: rolesOf(claims[config.groupsClaim], config),
    careFor: textsOf(claims['care_for']).filter((id) => USER_ID.test(id)),
    ...(typeof tokenId === 'string' && { tokenId }),
    clientId: client,
  };
}

/**
 * Who acts, and the person for whom: the one that the claim `act` names. Where it names the token's own client instead, as
 * an exchanged token does (RFC 8693, section 4.1), it is the client that acts, for the subject. Actors before that one
 * say nothing here.
 */
function actingOf(
  subject: string,
  act: unknown,
  client: string,
): Pick<Caller, 'subject' | 'onBehalfOf'> | undefined {
  if (act === undefined) return { subject };
  const named: unknown = Object(act).sub;
  const isExchanged = named === client && subject !== client;
  const person: unknown = isExchanged ? subject : named;
  if (typeof person !== 'string' || !USER_ID.test(person)) return undefined;
  return { subject: isExchanged ? client : subject, onBehalfOf: person };
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
