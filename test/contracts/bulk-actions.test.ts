import { createInMemoryBulkActions } from '#test/fakes/in-memory-bulk-actions.ts';
import { MemoryDatabase } from '#test/fakes/memory-database.ts';
import { bulkActionsContract } from './bulk-actions-contract.ts';

bulkActionsContract('fake', async () => {
  const db = new MemoryDatabase();
  return {
    bulkActions: createInMemoryBulkActions(db),
    audited: async (correlationId) =>
      [...db.audit.values()]
        .filter((entry) => entry.correlationId === correlationId)
        .map(({ action }) => action),
  };
});
