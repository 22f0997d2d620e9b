import { bodyForms } from '#functions/runtime/body-forms.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import type { JobKind } from '#shared/jobs/define-job-kind.ts';
import { addSeconds, type Instant } from '#shared/lifecycle/instant.ts';
import type { JobMessage, JobRow } from '#shared/lifecycle/job-row.ts';
import { TIMING_PROFILES } from '#shared/lifecycle/priority.ts';
import type { Role } from '#shared/lifecycle/role.ts';
import type { Engine } from '#shared/operations/engine.ts';
import type { JobStore, ScheduleStore } from '#shared/operations/ports.ts';
import { type AttemptEnd, runAttempt } from '#shared/operations/run-attempt.ts';
import { recordAcceptance, type SubmitPlan } from '#shared/operations/submit-job.ts';
import { createInMemoryArchive, createInMemoryLatestBackup } from '#test/fakes/in-memory-archive.ts';
import {
  createInMemoryBreakGlass,
  createInMemoryEmergencyGrants,
  createInMemoryOverdueReviews,
  createInMemoryPatientGrants,
} from '#test/fakes/in-memory-break-glass.ts';
import { createInMemoryBulkActions } from '#test/fakes/in-memory-bulk-actions.ts';
import { createInMemoryDrill } from '#test/fakes/in-memory-drill.ts';
import {
  createInMemoryOpenJobs,
  createInMemoryPastDoses,
  createInMemoryPauses,
  FakeIntake,
} from '#test/fakes/in-memory-pauses.ts';
import { InMemoryQueue } from '#test/fakes/in-memory-queue.ts';
import { createInMemoryRecall, createInMemoryReleases } from '#test/fakes/in-memory-recall.ts';
import { createInMemoryErasing, createInMemorySubjectTrail } from '#test/fakes/in-memory-rights.ts';
import { createInMemoryVault } from '#test/fakes/in-memory-seals.ts';
import {
  createInMemoryAudit,
  createInMemoryDueBuckets,
  createInMemoryOutcomes,
  createInMemoryRecords,
  createInMemorySchedules,
  createInMemoryStore,
} from '#test/fakes/in-memory-store.ts';
import { InMemoryTickQueue } from '#test/fakes/in-memory-tick-queue.ts';
import { MemoryDatabase } from '#test/fakes/memory-database.ts';
import { createInMemoryEvents } from '#test/fakes/memory-events.ts';
import {
  builtInReference,
  createCountingRandom,
  createFakeChannels,
  createFakeHashes,
  createFakeKeyStates,
  createRecordingLog,
  createRecordingMetrics,
  createRecordingPublisher,
} from '#test/fakes/quiet.ts';

export const NOW: Instant = '2026-11-23T20:55:41.000Z';

/** A clock that stands until it is set. */
function createSettableClock(start: Instant = NOW) {
  let now = start;
  return {
    now: () => now,
    set: (to: Instant) => {
      now = to;
    },
    advance: (seconds: number) => {
      now = addSeconds(now, seconds);
    },
  };
}

interface TestEngineOptions {
  readonly start?: Instant;
  readonly dueShards?: number;
}

/** A whole engine over the in-memory ports: what it stores, sends, counts, logs and publishes can be looked at. */
export function createTestEngine(kinds: readonly JobKind[], options: TestEngineOptions = {}) {
  const time = createSettableClock(options.start);
  const db = new MemoryDatabase(options.dueShards, time.now);
  const refs = createFakeHashes();
  const parts = {
    db,
    time,
    store: createInMemoryStore(db),
    audit: createInMemoryAudit(db),
    queue: new InMemoryQueue(time.now),
    tickQueue: new InMemoryTickQueue(),
    records: createInMemoryRecords(db),
    schedules: createInMemorySchedules(db),
    dueBuckets: createInMemoryDueBuckets(db),
    refs,
    outcomes: createInMemoryOutcomes(db),
    events: createInMemoryEvents(db.events),
    archive: createInMemoryArchive(),
    drill: createInMemoryDrill(createInMemoryArchive(), time.now),
    reference: builtInReference,
    publisher: createRecordingPublisher(),
    channels: createFakeChannels(1),
    pauses: createInMemoryPauses(db),
    intake: new FakeIntake(),
    openJobs: createInMemoryOpenJobs(db),
    pastDoses: createInMemoryPastDoses(db),
    bulkActions: createInMemoryBulkActions(db),
    recall: createInMemoryRecall(db),
    releases: createInMemoryReleases(db),
    breakGlass: createInMemoryBreakGlass(db),
    emergencyGrants: createInMemoryEmergencyGrants(db),
    patientGrants: createInMemoryPatientGrants(db),
    overdueReviews: createInMemoryOverdueReviews(db),
    latestBackup: createInMemoryLatestBackup(db),
    keyStates: createFakeKeyStates(),
    vault: createInMemoryVault(),
    erasing: createInMemoryErasing(db),
    pseudonymsOf: async (ref: string) => [ref],
    subjectTrail: createInMemorySubjectTrail(db),
    kinds: new Map(kinds.map((kind) => [kind.name, kind])),
    forms: bodyForms,
    clock: time.now,
    random: createCountingRandom(),
    metrics: createRecordingMetrics(),
    log: createRecordingLog(),
    timing: TIMING_PROFILES.standard,
    settings: {},
    aroundProcess: <T>(_kind: string, work: () => Promise<T>) => work(),
  };
  return parts satisfies Engine;
}

export type TestEngine = ReturnType<typeof createTestEngine>;

/** The `jti` of every caller's token. */
export const TOKEN_ID = 'c0ffee00-0000-4000-8000-00000000a001';

/** The same engine with some calls of its store answering otherwise. */
export const withStore = (engine: TestEngine, calls: Partial<JobStore>): TestEngine => ({
  ...engine,
  store: { ...engine.store, ...calls },
});

export const withSchedules = (engine: TestEngine, calls: Partial<ScheduleStore>): TestEngine => ({
  ...engine,
  schedules: { ...engine.schedules, ...calls },
});

export const callerAs = (
  roles: Role | readonly Role[],
  subject = 'user-1',
  careFor: readonly string[] = [],
): Caller => ({ subject, roles: typeof roles === 'string' ? [roles] : roles, careFor, tokenId: TOKEN_ID });

export const requestAt = (engine: TestEngine) => ({
  correlationId: 'request-1',
  receivedAt: engine.time.now(),
});

/** A request of that kind that has passed the steps before the accepting transaction. */
export function planFor(engine: TestEngine, kind: JobKind, over: Partial<SubmitPlan> = {}): SubmitPlan {
  const payload = over.payload ?? kind.example;
  return {
    kind,
    payload,
    completed: payload,
    opened: kind.open(payload),
    caller: callerAs('service', 'client'),
    role: 'service',
    priority: kind.defaultPriority,
    correlationId: 'c-1',
    receivedAt: engine.time.now(),
    checks: [],
    ...over,
  };
}

/** Submits one job and answers its row. */
export async function submitted(
  engine: TestEngine,
  kind: JobKind,
  over: Partial<SubmitPlan> = {},
): Promise<JobRow> {
  const { body } = await recordAcceptance(engine, planFor(engine, kind, over));
  return rowOf(engine, String(body['job_id']));
}

/** The row as it stands. */
export async function rowOf(engine: TestEngine, jobId: string): Promise<JobRow> {
  const row = await engine.store.read(jobId);
  if (!row) throw new Error('No such job stands.');
  return row;
}

/**
 * The next visible message, through one attempt, as Lambda and the worker deal with it: deleted, or visible again when
 * the attempt says so; when the attempt throws, after the queue's own timeout.
 */
export async function deliverNext(
  engine: TestEngine,
): Promise<{ message: JobMessage; end: AttemptEnd } | undefined> {
  const received = engine.queue.receive((message) => engine.timing[message.priority].visibilitySeconds);
  if (!received) return undefined;
  const { message, receiptHandle } = received;
  const end = await runAttempt(engine, message);
  if (end.message === 'keep') await engine.queue.setVisibility(receiptHandle, end.visibilitySeconds);
  else engine.queue.delete(receiptHandle);
  return { message, end };
}

/** Everything that is visible now, one after the other, until nothing is. */
export async function deliverAll(engine: TestEngine): Promise<AttemptEnd[]> {
  const ends: AttemptEnd[] = [];
  for (let next = await deliverNext(engine); next; next = await deliverNext(engine)) ends.push(next.end);
  return ends;
}

/** Values counted under that name, in order. */
export const counted = (engine: TestEngine, name: string): number[] =>
  engine.metrics.all.filter((metric) => metric.name === name).map((metric) => metric.value);

/** Lines logged under that event, in order. */
export const logged = (engine: TestEngine, event: string) =>
  engine.log.all.filter((line) => line.event === event);
