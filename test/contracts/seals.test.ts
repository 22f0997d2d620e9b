import type { AuditEntry } from '#shared/evidence/audit-entry.ts';
import {
  createInMemoryAuditPages,
  createInMemoryTrail,
  createInMemoryVault,
} from '#test/fakes/in-memory-seals.ts';
import { auditPagesContract } from './audit-pages-contract.ts';
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
auditPagesContract('in memory', async () => ({
  pages: createInMemoryAuditPages(() => entries),
  put: async (entry) => {
    entries.push(entry);
  },
}));
