import type { IssuerConfig } from '#shared/contract/issuers.ts';
import { ROLES } from '#shared/lifecycle/role.ts';

const MEMBERS = ['issuer', 'jwksUri', 'clients', 'groupsClaim', 'roles', 'tokenUse', 'maxTokenMinutes'];

/**
 * OIDC issuers that the deployer trusts beside the two user pools, from the context `issuers`: a JSON array of
 * `{issuer, jwksUri, clients, groupsClaim, roles, tokenUse?, maxTokenMinutes?}`, as text or as it stands in cdk.json.
 * @throws Error that says which entry is wrong and why
 */
export function parseIssuers(value: unknown, httpAllowed: boolean): readonly IssuerConfig[] {
  if (value === undefined || value === '') return [];
  const list: unknown = typeof value === 'string' ? JSON.parse(value) : value;
  if (!Array.isArray(list)) throw new Error('The context issuers is not a JSON array.');
  const issuers = list.map((entry: unknown, index) => parseIssuer(entry, index, httpAllowed));
  const names = issuers.map(({ issuer }) => issuer);
  const again = names.findIndex((name, index) => names.indexOf(name) < index);
  if (again >= 0) throw new Error(`Entry ${again} of the context issuers: names an issuer once more.`);
  return issuers;
}

function parseIssuer(entry: unknown, index: number, httpAllowed: boolean): IssuerConfig {
  const wrong = (what: string) => new Error(`Entry ${index} of the context issuers: ${what}`);
  if (typeof entry !== 'object' || entry === null) throw wrong('is not an object.');
  const fields = new Map<string, unknown>(Object.entries(entry));
  const unknown = [...fields.keys()].filter((key) => !MEMBERS.includes(key));
  if (unknown.length > 0) throw wrong(`has members that mean nothing: ${unknown.join(', ')}.`);

  const url = (key: string): string => {
    const text = fields.get(key);
    if (typeof text !== 'string' || !URL.canParse(text)) throw wrong(`${key} is not a URL.`);
    if (!httpAllowed && !text.startsWith('https://')) throw wrong(`${key} does not begin with https://.`);
    return text;
  };
  const texts = (key: string): readonly string[] => {
    const list = fields.get(key);
    if (!Array.isArray(list) || list.length === 0 || !list.every((item) => typeof item === 'string'))
      throw wrong(`${key} is not a list of at least one text.`);
    return list;
  };
  const roles = texts('roles');
  const unknownRoles = roles.filter((role) => !ROLES.some((known) => known === role));
  if (unknownRoles.length > 0) throw wrong(`roles are not known: ${unknownRoles.join(', ')}.`);
  const groupsClaim = fields.get('groupsClaim');
  if (typeof groupsClaim !== 'string' || groupsClaim === '') throw wrong('groupsClaim is not a text.');
  const tokenUse = fields.get('tokenUse');
  if (tokenUse !== undefined && tokenUse !== 'access')
    throw wrong('tokenUse is neither absent nor "access".');
  const maxTokenMinutes = fields.get('maxTokenMinutes');
  if (maxTokenMinutes !== undefined && !(Number.isInteger(maxTokenMinutes) && Number(maxTokenMinutes) >= 1))
    throw wrong('maxTokenMinutes is no whole number of at least 1.');

  return {
    issuer: url('issuer'),
    jwksUri: url('jwksUri'),
    clients: texts('clients'),
    groupsClaim,
    roles,
    ...(tokenUse && { tokenUse }),
    ...(maxTokenMinutes !== undefined && { maxTokenMinutes: Number(maxTokenMinutes) }),
  };
}
