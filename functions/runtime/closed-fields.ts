import { namesNobody } from '#shared/adapters/audit-pseudonyms.ts';
import { dynamoClient } from '#shared/adapters/clients.ts';
import type { FieldCipher } from '#shared/adapters/field-cipher.ts';
import type { Base } from './base.ts';
import { createFieldKeys, type FieldKeys } from './field-keys.ts';

/** The database, and how entries are written into the audit trail. */
export type AuditedDatabase = Pick<FieldKeys, 'dynamo' | 'pseudonymize'>;

/**
 * For functions that move jobs without looking into them: they may use neither the keys of fields nor users' secrets, so
 * whoever takes one of them over can read no payload.
 */
export const database = (base: Base): AuditedDatabase => createFieldKeys(base);

/** For functions that know nobody, and have no key at all. */
export const databaseOfNobody = (base: Base): AuditedDatabase => ({
  dynamo: dynamoClient(base.clients),
  pseudonymize: namesNobody,
});

/** What such a function has in the place of the field cipher. */
export const closedFields: FieldCipher = {
  seal: () => Promise.reject(refusal()),
  open: () => Promise.reject(refusal()),
  mark: () => Promise.reject(refusal()),
  joins: () => [],
};

const refusal = (): Error =>
  new Error('This function moves jobs only: it neither seals fields nor opens them.');
