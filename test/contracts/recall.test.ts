import { createInMemoryRecall, createInMemoryReleases } from '#test/fakes/in-memory-recall.ts';
import { createInMemoryStore } from '#test/fakes/in-memory-store.ts';
import { MemoryDatabase } from '#test/fakes/memory-database.ts';
import { recallIndexContract } from './recall-index-contract.ts';
import { releaseStoreContract } from './release-store-contract.ts';

recallIndexContract('in-memory recall index', async () => {
  const db = new MemoryDatabase();
  return {
    store: createInMemoryStore(db),
    index: createInMemoryRecall(db),
    erase: async (userRef) => {
      db.erased.add(userRef);
    },
  };
});

releaseStoreContract('in-memory releases', async () => {
  const db = new MemoryDatabase();
  return { store: createInMemoryStore(db), releases: createInMemoryReleases(db) };
});
