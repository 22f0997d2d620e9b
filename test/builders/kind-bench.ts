import { bodyForms } from '#functions/runtime/body-forms.ts';
import { FenceLostError, RetryableError } from '#shared/errors/attempt-error.ts';
import type {
  Done,
  JobView,
  RecordEvidence,
  RecordType,
  RecordWrite,
  StoredRecord,
  World,
  WorldSettings,
} from '#shared/jobs/ports.ts';
import { kindsByName } from '#shared/jobs/registry.ts';
import type { Instant } from '#shared/lifecycle/instant.ts';
import { TIMING_PROFILES } from '#shared/lifecycle/priority.ts';
import { createIntake } from '#shared/operations/intake.ts';
import { createPastChecks } from '#shared/operations/past-checks.ts';
import { stillActs } from '#shared/operations/still-acts.ts';
import { createInMemoryArchive } from '#test/fakes/in-memory-archive.ts';
import { createInMemoryDrill } from '#test/fakes/in-memory-drill.ts';
import { createInMemoryRecall } from '#test/fakes/in-memory-recall.ts';
import {
  createInMemoryOutcomes,
  createInMemoryRecords,
  createInMemoryStore,
} from '#test/fakes/in-memory-store.ts';
import { MemoryDatabase } from '#test/fakes/memory-database.ts';
import { createInMemoryEvents } from '#test/fakes/memory-events.ts';
import { builtInReference, createFakeHashes, createRecordingPublisher } from '#test/fakes/quiet.ts';

/** A bench on which one kind's `process` runs: records in memory, a clock to set, and what was published. */
export class KindBench {
  readonly db = new MemoryDatabase(undefined, () => this.now);
  readonly refs = createFakeHashes();
  readonly publisher = createRecordingPublisher();
  now: Instant;
  /** What the deployer said; nothing, unless a test sets it. */
  settings: WorldSettings = {};
  /** What intents left in the audit trail. */
  readonly evidence: RecordEvidence[] = [];
  /** False: another attempt has taken the job over. */
  held = true;

  constructor(now: Instant) {
    this.now = now;
  }

  /** The world of an attempt, with the errors of the engine's. */
  world(changes: Partial<World> = {}): World {
    const recordIntentWhile: World['recordIntentWhile'] = async (writes, unchanged) => {
      if (!this.held) throw new FenceLostError('Another attempt holds this job.');
      if (!this.db.expectationsHold(writes) || !this.db.areUnchanged(unchanged))
        throw new RetryableError('conflict', 'A record has moved.');
      this.db.applyWrites(writes);
    };
    return {
      now: () => this.now,
      refs: this.refs,
      records: createInMemoryRecords(this.db),
      outcomes: createInMemoryOutcomes(this.db),
      events: createInMemoryEvents(this.db.events),
      archive: createInMemoryArchive(),
      drill: createInMemoryDrill(createInMemoryArchive(), () => this.now),
      reference: builtInReference,
      publisher: this.publisher,
      settings: this.settings,
      intake: createIntake({
        forms: bodyForms,
        kinds: kindsByName(),
        refs: this.refs,
        settings: this.settings,
        store: createInMemoryStore(this.db),
        clock: () => this.now,
      }),
      pastChecks: createPastChecks({
        recall: createInMemoryRecall(this.db),
        refs: this.refs,
        store: createInMemoryStore(this.db),
      }),
      recordIntent: async (writes, evidence = []) => {
        await recordIntentWhile(writes, []);
        this.evidence.push(...evidence);
      },
      recordIntentWhile,
      stillActs: async (jobId) => stillActs(this.db.rows.get(jobId), this.now, TIMING_PROFILES.standard),
      ...changes,
    };
  }

  job<Payload>(payload: Payload, set: Partial<JobView<Payload>> = {}): JobView<Payload> {
    return {
      jobId: '01JOB',
      payload,
      attempt: 1,
      generation: 1,
      round: 0,
      correlationId: 'of-the-request',
      createdAt: this.now,
      dueAt: this.now,
      children: [],
      ...set,
    };
  }

  /** Commits records as a transaction does: all, or an error. */
  write(...writes: RecordWrite[]): void {
    if (!this.db.expectationsHold(writes)) throw new Error('A record has moved.');
    this.db.applyWrites(writes);
  }

  /** Commits what an attempt handed back. */
  commit(done: Done): Done {
    this.write(...('writes' in done ? (done.writes ?? []) : []));
    return done;
  }

  all<T extends RecordType>(type: T): StoredRecord<T>[] {
    const records = [...this.db.records.values()].filter((record) => record.type === type);
    // Filtered by the type that they carry.
    return records as StoredRecord<T>[];
  }
}
