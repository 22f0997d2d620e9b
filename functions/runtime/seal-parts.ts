import { createAuditTrail } from '#shared/adapters/audit-trail.ts';
import { dynamoClient, kmsClient, s3Client } from '#shared/adapters/clients.ts';
import { createSealSigner } from '#shared/adapters/seal-signer.ts';
import { createSealVault } from '#shared/adapters/seal-vault.ts';
import type { SealDeps } from '#shared/operations/seal-hours.ts';
import type { SealVault } from '#shared/operations/seal-ports.ts';
import type { Base } from './base.ts';

export const sealVault = (base: Base): SealVault =>
  createSealVault(s3Client(base.clients), base.variable('AUDIT_BUCKET'));

/** What sealing takes: the trail, the vault, and the key that signs. */
export const sealParts = (base: Base): Pick<SealDeps, 'trail' | 'vault' | 'sign' | 'keyId'> => {
  const keyId = base.variable('SEAL_KEY_ARN');
  return {
    trail: createAuditTrail({ client: dynamoClient(base.clients), table: base.variable('AUDIT_TABLE') }),
    vault: sealVault(base),
    sign: createSealSigner(kmsClient(base.clients), keyId),
    keyId,
  };
};
