import type { BulkActions } from '#shared/operations/bulk-ports.ts';
import { MemoryDatabase } from './memory-database.ts';

/** Bulk actions; their entries go where the database keeps all others. */
export function createInMemoryBulkActions(db: MemoryDatabase = new MemoryDatabase()): BulkActions {
  return {
    start: async (action, audit) => {
      const first = db.bulkActions.get(action.bulkActionId);
      if (first) return structuredClone(first);
      db.bulkActions.set(action.bulkActionId, structuredClone(action));
      db.putAudit(audit);
      return undefined;
    },
    read: async (id) => structuredClone(db.bulkActions.get(id)),
    running: async (limit) =>
      structuredClone(
        [...db.bulkActions.values()]
          .filter(({ status }) => status === 'running')
          .sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1))
          .slice(0, limit),
      ),
    change: async (before, after, audit) => {
      if (db.bulkActions.get(before.bulkActionId)?.revision !== before.revision) return false;
      db.bulkActions.set(after.bulkActionId, structuredClone(after));
      if (audit) db.putAudit(audit);
      return true;
    },
  };
}
