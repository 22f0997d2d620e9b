import { createInMemoryOutcomes } from '#test/fakes/in-memory-store.ts';
import { MemoryDatabase } from '#test/fakes/memory-database.ts';
import { outcomeReaderContract } from './outcome-reader-contract.ts';

outcomeReaderContract('in memory', async () => {
  const database = new MemoryDatabase();
  return {
    outcomes: createInMemoryOutcomes(database),
    put: async (rows) => {
      for (const row of rows) database.outcomes.set(`${row.jobId}#${row.generation}`, row);
    },
  };
});
