import { createInMemorySchedules, createInMemoryStore } from '#test/fakes/in-memory-store.ts';
import { MemoryDatabase } from '#test/fakes/memory-database.ts';
import { createInMemoryEvents, createInMemoryRefusalCounter } from '#test/fakes/memory-events.ts';
import { eventReaderContract } from './event-reader-contract.ts';
import { refusalCounterContract } from './refusal-counter-contract.ts';
import { NOW } from './sample-jobs.ts';

eventReaderContract('in memory', async () => {
  let now = NOW;
  const database = new MemoryDatabase(4, () => now);
  return {
    events: createInMemoryEvents(database.events),
    store: createInMemoryStore(database),
    schedules: createInMemorySchedules(database),
    setTime: (to) => {
      now = to;
    },
    putBreakGlass: async (row) => {
      database.events.breakGlass.set(row.id, row);
    },
  };
});

refusalCounterContract('in memory', async () => {
  const { events } = new MemoryDatabase();
  return { counter: () => createInMemoryRefusalCounter(events), events: createInMemoryEvents(events) };
});
