import type { AuditEntry } from '#shared/evidence/audit-entry.ts';
import { createInMemoryTrail, createInMemoryVault } from '#test/fakes/in-memory-seals.ts';
import { auditTrailContract } from './audit-trail-contract.ts';
import { sealVaultContract } from './seal-vault-contract.ts';

const entries: AuditEntry[] = [];

auditTrailContract('in memory', async () => ({
  trail: createInMemoryTrail(() => entries),
  put: async (entry) => {
    entries.push(entry);
  },
}));
sealVaultContract('in memory', async () => ({ vault: createInMemoryVault() }));
