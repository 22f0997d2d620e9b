import {
  createInMemoryBreakGlass,
  createInMemoryEmergencyGrants,
  createInMemoryOverdueReviews,
  createInMemoryPatientGrants,
} from '#test/fakes/in-memory-break-glass.ts';
import { createInMemoryStore } from '#test/fakes/in-memory-store.ts';
import { MemoryDatabase } from '#test/fakes/memory-database.ts';
import { createInMemoryEvents } from '#test/fakes/memory-events.ts';
import { breakGlassStoreContract } from './break-glass-store-contract.ts';
import { emergencyGrantsContract } from './emergency-grants-contract.ts';
import { overdueReviewsContract } from './overdue-reviews-contract.ts';
import { patientGrantsContract } from './patient-grants-contract.ts';
import { NOW } from './sample-jobs.ts';

const make = async () => {
  const db = new MemoryDatabase();
  return {
    store: createInMemoryBreakGlass(db),
    grants: createInMemoryEmergencyGrants(db),
    ofPatient: createInMemoryPatientGrants(db),
    overdue: createInMemoryOverdueReviews(db),
    jobs: createInMemoryStore(db),
    events: createInMemoryEvents(db.events),
    close: async (userRef: string) => {
      db.closed.set(userRef, NOW);
    },
    erase: async (userRef: string) => {
      db.erased.add(userRef);
    },
  };
};

breakGlassStoreContract('in memory', make);
emergencyGrantsContract('in memory', make);
overdueReviewsContract('in memory', make);
patientGrantsContract('in memory', make);
