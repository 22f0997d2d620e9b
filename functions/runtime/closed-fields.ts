import { dynamoClient } from '#shared/adapters/clients.ts';
import type { FieldCipher } from '#shared/adapters/field-cipher.ts';
import type { Base } from './base.ts';
import type { FieldKeys } from './field-keys.ts';

/**
 * The database for functions that move jobs without looking into them: they may use neither the field key nor users'
 * secrets, so whoever takes one of them over can read no payload.
 */
export const database = (base: Base): Pick<FieldKeys, 'dynamo'> => ({ dynamo: dynamoClient(base.clients) });

/** What such a function has in the place of the field cipher. */
export const closedFields: FieldCipher = {
  seal: () => Promise.reject(refusal()),
  open: () => Promise.reject(refusal()),
  mark: () => Promise.reject(refusal()),
  joins: () => [],
};

const refusal = (): Error =>
  new Error('This function moves jobs only: it neither seals fields nor opens them.');
