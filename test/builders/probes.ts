import type { ComplianceProbes } from '#shared/evidence/compliance-checks.ts';

/** What the HIPAA step asks of the world, when everything is as it should be. */
export const PROBES_HOLD: ComplianceProbes = {
  encryptionKeyUsable: async () => true,
  redactionHolds: async () => true,
};
