import { createPseudonymize, type Pseudonymize } from '#shared/adapters/audit-pseudonyms.ts';
import { dynamoClient, kmsClient } from '#shared/adapters/clients.ts';
import { createFieldCipher, type FieldCipher } from '#shared/adapters/field-cipher.ts';
import { createKeyRing, type KeyRing, type KeyRingOptions } from '#shared/adapters/key-ring.ts';
import { createOwnerSecrets } from '#shared/adapters/owner-secrets.ts';
import { loadRefs } from '#shared/adapters/refs.ts';
import type { KeyedHashes } from '#shared/operations/ports.ts';
import type { Base } from './base.ts';
import { onceLoaded } from './once-loaded.ts';

/** The database and the keys over it: what nearly every function needs, made once per environment. */
export interface FieldKeys {
  readonly dynamo: ReturnType<typeof dynamoClient>;
  readonly keys: KeyRing;
  /** A ring that remembers nothing, for finding out whether the key can be used now. */
  readonly freshKeys: () => KeyRing;
  /** For whatever writes entries of the audit trail. */
  readonly pseudonymize: Pseudonymize;
  /** Keyed hashes; their key is loaded by the first call. */
  readonly refs: () => Promise<KeyedHashes>;
}

export function createFieldKeys(base: Base): FieldKeys {
  const dynamo = dynamoClient(base.clients);
  const options: KeyRingOptions = {
    dynamo,
    kms: kmsClient(base.clients),
    kmsKeyId: base.variable('FIELD_KEY_ARN'),
    table: base.variable('JOBS_TABLE'),
    clock: base.clock,
  };
  const keys = createKeyRing(options);
  return {
    dynamo,
    keys,
    freshKeys: () => createKeyRing(options),
    pseudonymize: createPseudonymize(keys),
    refs: onceLoaded(() => loadRefs(keys)),
  };
}

/** Seals and opens fields; for functions that may read users' secrets. */
export const fieldCipher = (base: Base, { dynamo, keys }: FieldKeys): FieldCipher =>
  createFieldCipher({
    keys,
    secrets: createOwnerSecrets({ dynamo, table: base.variable('SECRETS_TABLE'), clock: base.clock }),
    clock: base.clock,
  });
