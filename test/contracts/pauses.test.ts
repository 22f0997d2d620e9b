import {
  createInMemoryOpenJobs,
  createInMemoryPastDoses,
  createInMemoryPauses,
  FakeIntake,
} from '#test/fakes/in-memory-pauses.ts';
import { createInMemorySchedules, createInMemoryStore } from '#test/fakes/in-memory-store.ts';
import { MemoryDatabase } from '#test/fakes/memory-database.ts';
import { openJobsContract } from './open-jobs-contract.ts';
import { pastDosesContract } from './past-doses-contract.ts';
import { priorityPausesContract } from './priority-pauses-contract.ts';
import { workerIntakeContract } from './worker-intake-contract.ts';

priorityPausesContract('fake', async () => {
  const db = new MemoryDatabase();
  return {
    pauses: createInMemoryPauses(db),
    audited: async (correlationId) =>
      [...db.audit.values()]
        .filter((entry) => entry.correlationId === correlationId)
        .map(({ action }) => action),
  };
});

workerIntakeContract('fake', async () => new FakeIntake());

openJobsContract('fake', async () => {
  const db = new MemoryDatabase();
  return { store: createInMemoryStore(db), openJobs: createInMemoryOpenJobs(db) };
});

pastDosesContract('fake', async () => {
  const db = new MemoryDatabase();
  return { schedules: createInMemorySchedules(db), pastDoses: createInMemoryPastDoses(db) };
});
