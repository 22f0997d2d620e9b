import {
  changeUnderPseudonyms,
  createPseudonymize,
  createPseudonymsOf,
  newJobUnderPseudonyms,
} from '#shared/adapters/audit-pseudonyms.ts';
import { createKeyRing } from '#shared/adapters/key-ring.ts';
import { refsOf } from '#shared/adapters/refs.ts';
import { createInMemorySubjectTrail } from '#test/fakes/in-memory-rights.ts';
import { createInMemoryAuditPages, createInMemoryTrail } from '#test/fakes/in-memory-seals.ts';
import { createInMemoryAudit, createInMemoryStore } from '#test/fakes/in-memory-store.ts';
import { MemoryDatabase } from '#test/fakes/memory-database.ts';
import { pseudonymsContract } from './pseudonyms-contract.ts';
import { NOW } from './sample-jobs.ts';
import { scriptedKms, scriptedTables } from './scripted-aws.ts';

pseudonymsContract('in memory', async () => {
  const db = new MemoryDatabase();
  const [{ client: dynamo }, { client: kms }] = [scriptedTables(), scriptedKms()];
  const [before, store] = [createInMemoryAudit(db), createInMemoryStore(db)];
  let now = NOW;
  return {
    refs: refsOf(Buffer.alloc(32, 1)),
    before,
    start: () => {
      const keys = createKeyRing({ dynamo, kms, kmsKeyId: 'k', table: 'jobs', clock: () => now });
      const pseudonymize = createPseudonymize(keys);
      return {
        pseudonymsOf: createPseudonymsOf(keys),
        audit: {
          ...before,
          put: async (entry) => before.put(await pseudonymize(entry)),
          putAll: async (entries) => before.putAll(await Promise.all(entries.map(pseudonymize))),
        },
        store: {
          ...store,
          accept: async (job, ...rest) =>
            store.accept(await newJobUnderPseudonyms(pseudonymize, job), ...rest),
          commit: async (change) => store.commit(await changeUnderPseudonyms(pseudonymize, change)),
        },
      };
    },
    trail: createInMemorySubjectTrail(db),
    pages: createInMemoryAuditPages(() => db.audit.values()),
    hours: createInMemoryTrail(() => db.audit.values()),
    setTime: (to) => {
      now = to;
    },
  };
});
