import type { Instant } from '../lifecycle/instant.ts';
import { hashEntry } from './audit-chain.ts';
import type { AuditEntry } from './audit-entry.ts';

/** What a keyed hash looks like. Names of system parts, codes, ULIDs, UUIDs and hashes of documents look otherwise. */
const KEYED_HASH = /^[a-z2-7]{26}$/;
/** The same as a part of an id, as in that of a reminder; no pseudonym holds one. */
const KEYED_HASHES = /(?<![a-z0-9]|\d{4}-)[a-z2-7]{26}(?![a-z0-9])/g;

export const isKeyedHash = (text: string): boolean => KEYED_HASH.test(text);

/** Which key makes the pseudonyms of an entry: each calendar year has its own. */
export const keyVersionAt = (at: Instant): string => at.slice(0, 4);

/** A pseudonym names the version of its key, and looks like no keyed hash: none is made of another. */
export const pseudonymText = (version: string, hash: string): string => `${version}-${hash}`;

/** Whether the entry names anybody, or anything of somebody, by a keyed hash. */
export function namesByHash(entry: AuditEntry): boolean {
  let found = false;
  replaced(entry, (hash) => {
    found = true;
    return hash;
  });
  return found;
}

/**
 * The entry as it may stand in the trail: with a pseudonym for each keyed hash in it, and hashed as it is then. Its place
 * in a chain stays; what follows it goes on from its new hash.
 */
export function underPseudonyms(entry: AuditEntry, pseudonymOf: (keyedHash: string) => string): AuditEntry {
  const { hash: _before, ...unsealed } = replaced(entry, pseudonymOf);
  return { ...unsealed, hash: hashEntry(unsealed) };
}

function replaced(entry: AuditEntry, pseudonymOf: (keyedHash: string) => string): AuditEntry {
  const told = <T>(value: T): T | string =>
    typeof value === 'string' ? value.replace(KEYED_HASHES, pseudonymOf) : value;
  const { actor, subjectRef, details } = entry;
  return {
    ...entry,
    actor: {
      ...actor,
      ref: told(actor.ref),
      ...(actor.tokenId !== undefined && { tokenId: told(actor.tokenId) }),
      ...(actor.onBehalfOf !== undefined && { onBehalfOf: told(actor.onBehalfOf) }),
    },
    ...(subjectRef !== undefined && { subjectRef: told(subjectRef) }),
    details: Object.fromEntries(Object.entries(details).map(([name, value]) => [name, told(value)])),
  };
}
