import { afterAll, beforeAll } from 'vitest';
import { bodyForms } from '#functions/runtime/body-forms.ts';
import { createEventReader } from '#shared/adapters/event-reader.ts';
import { createJobStore } from '#shared/adapters/job-store.ts';
import { createOutcomeReader } from '#shared/adapters/outcome-reader.ts';
import { createRandomSource } from '#shared/adapters/random-source.ts';
import { createRecallIndex } from '#shared/adapters/recall-index.ts';
import { createRecordStore } from '#shared/adapters/record-store.ts';
import { loadRefs } from '#shared/adapters/refs.ts';
import { kindsByName } from '#shared/jobs/registry.ts';
import { TIMING_PROFILES } from '#shared/lifecycle/priority.ts';
import { attemptWorld } from '#shared/operations/attempt-world.ts';
import { createInMemoryArchive } from '../fakes/in-memory-archive.ts';
import { createInMemoryDrill } from '../fakes/in-memory-drill.ts';
import { builtInReference, createRecordingPublisher } from '../fakes/quiet.ts';
import { createEmulatedTables, type EmulatedTables } from './emulated-tables.ts';
import { NOW, sampleJob, TIMING } from './sample-jobs.ts';
import { worldContract } from './world-contract.ts';

let emulated: EmulatedTables;
beforeAll(async () => {
  emulated = await createEmulatedTables(() => NOW);
});
afterAll(() => emulated.delete());

worldContract('engine over DynamoDB', async () => {
  const { dynamo: client, tables, pseudonymize, cipher, keys } = emulated;
  let now = NOW;
  const clock = () => now;
  const shards = { watch: 3, outcome: 2, due: 4 };
  const store = createJobStore({ client, tables, cipher, pseudonymize, clock, shards });
  const job = sampleJob();
  await store.accept(job);
  const { jobId, generation } = job.row;
  const claim = (at: string) => store.claim({ jobId, generation, now: at, timing: TIMING });
  const first = await claim(NOW);
  if (!('row' in first)) throw new Error('The sample job could not be claimed.');
  const deps = {
    store,
    clock,
    refs: await loadRefs(keys),
    records: createRecordStore({ client, tables, cipher, pseudonymize, clock, shards }),
    outcomes: createOutcomeReader({
      client,
      table: tables.jobs,
      outcomeShards: shards.outcome,
      cipher,
      clock,
    }),
    events: createEventReader({
      client,
      table: tables.jobs,
      outcomeShards: shards.outcome,
      cipher,
      clock,
    }),
    recall: createRecallIndex({ client, table: tables.jobs, cipher, clock, shards: shards.outcome }),
    // An attempt's world hands these on as they are; their own suites run on the real ones.
    archive: createInMemoryArchive(),
    drill: createInMemoryDrill(createInMemoryArchive(), () => NOW),
    reference: builtInReference,
    publisher: createRecordingPublisher(),
    settings: {},
    kinds: kindsByName(),
    forms: bodyForms,
    random: createRandomSource(),
    timing: TIMING_PROFILES.standard,
  };
  return {
    world: attemptWorld(deps, first.row),
    setTime: (to) => {
      now = to;
    },
    loseJob: async () => {
      await claim(first.row.leaseUntil ?? NOW);
    },
    makeJob: (other) => store.accept(other),
  };
});
