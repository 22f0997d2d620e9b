import { beforeEach, describe, expect, it } from 'vitest';
import { runHandler } from '#functions/queue/run-handler.ts';
import { bodyForms } from '#functions/runtime/body-forms.ts';
import { RetryableError } from '#shared/errors/attempt-error.ts';
import type { JobKind, OpenedJob } from '#shared/jobs/define-job-kind.ts';
import { kindsByName } from '#shared/jobs/registry.ts';
import { secondsBetween } from '#shared/lifecycle/instant.ts';
import { type JobRow, messageOf } from '#shared/lifecycle/job-row.ts';
import { TIMING_PROFILES } from '#shared/lifecycle/priority.ts';
import { sealPayload } from '#shared/operations/payload-envelope.ts';
import { NOW, recordingApiDeps } from '#test/builders/api-deps.ts';
import { lambdaContext } from '#test/builders/api-event.ts';
import { receivedEvent, sqsEvent } from '#test/builders/sqs-event.ts';
import { sampleJob } from '#test/contracts/sample-jobs.ts';
import { createInMemoryArchive } from '#test/fakes/in-memory-archive.ts';
import { createInMemoryDrill } from '#test/fakes/in-memory-drill.ts';
import { InMemoryQueue } from '#test/fakes/in-memory-queue.ts';
import { createInMemoryRecall } from '#test/fakes/in-memory-recall.ts';
import {
  createInMemoryOutcomes,
  createInMemoryRecords,
  createInMemoryStore,
} from '#test/fakes/in-memory-store.ts';
import { MemoryDatabase } from '#test/fakes/memory-database.ts';
import { createInMemoryEvents } from '#test/fakes/memory-events.ts';
import {
  builtInReference,
  createCountingRandom,
  createFakeHashes,
  createRecordingPublisher,
} from '#test/fakes/quiet.ts';
import { type WorkerDeps, worker } from './handler.ts';

/** Unlike any retry delay, so that what the worker asks for shows. */
const QUEUE_TIMEOUT_SECONDS = 777;

let db: MemoryDatabase;
let queue: InMemoryQueue;
let recorded: ReturnType<typeof recordingApiDeps>;
beforeEach(() => {
  db = new MemoryDatabase();
  queue = new InMemoryQueue(() => NOW);
  recorded = recordingApiDeps();
});

/** A kind whose work is `process`. */
function kindThat(process: OpenedJob['process']): JobKind {
  const kind = kindsByName().get('refill-check');
  if (!kind) throw new Error('There is no refill-check.');
  return { ...kind, open: (payload) => ({ ...kind.open(payload), process }) };
}

const succeeds = kindThat(async () => ({ end: 'succeeded', result: { fine: true }, summary: 'fine' }));
const failsForNow = kindThat(() => Promise.reject(new RetryableError('dependency_unavailable', 'away')));

function handlerOf(kind: JobKind, replaced: Partial<WorkerDeps> = {}) {
  const deps: WorkerDeps = {
    ...recorded.deps,
    store: createInMemoryStore(db),
    records: createInMemoryRecords(db),
    outcomes: createInMemoryOutcomes(db),
    events: createInMemoryEvents(db.events),
    recall: createInMemoryRecall(db),
    queue,
    archive: createInMemoryArchive(),
    drill: createInMemoryDrill(createInMemoryArchive(), () => NOW),
    reference: builtInReference,
    publisher: createRecordingPublisher(),
    refs: createFakeHashes(),
    random: createCountingRandom(),
    kinds: new Map([[kind.name, kind]]),
    forms: bodyForms,
    timing: TIMING_PROFILES.standard,
    settings: {},
    aroundProcess: (_kind, work) => work(),
    lease: queue,
    ...replaced,
  };
  const handler = runHandler(recorded.deps, worker(deps));
  return {
    given: (...bodies: (string | object)[]) => handler(sqsEvent(...bodies), lambdaContext()),
    /** The messages of these jobs, as the queue hands them over in one batch. */
    received: async (...rows: JobRow[]) => {
      for (const row of rows) await queue.send(messageOf(row));
      const batch = rows.flatMap(() => queue.receive(() => QUEUE_TIMEOUT_SECONDS) ?? []);
      return handler(receivedEvent(batch), lambdaContext());
    },
  };
}

/** Seconds from now until the queue shows the job's message again. */
const secondsUntilVisible = ({ jobId }: JobRow) =>
  queue.held
    .filter(({ message }) => message.jobId === jobId)
    .map(({ visibleAt }) => secondsBetween(NOW, visibleAt));

function storedJob(over: Partial<JobRow> = {}) {
  const payload = sealPayload({ user_id: 'u', medication_id: 'm', current_supply: 1 }, '00');
  const job = sampleJob({ createdAt: NOW, dueAt: NOW, ...over }, payload);
  db.putJob(job);
  return job.row;
}

const statusOf = (row: JobRow) => db.rows.get(row.jobId)?.status;

describe('worker', () => {
  it('does the work of each message and keeps none', async () => {
    const rows = [storedJob(), storedJob()];
    expect(await handlerOf(succeeds).received(...rows)).toEqual({ batchItemFailures: [] });
    expect(rows.map(statusOf)).toEqual(['succeeded', 'succeeded']);
  });

  it('puts the ids of the message on every line of its record, and of no other', async () => {
    const rows = [storedJob(), storedJob()];
    await handlerOf(succeeds).received(...rows);
    for (const { jobId } of rows) {
      const events = recorded.log.all
        .filter(({ fields }) => fields['job_id'] === jobId)
        .map(({ event }) => event);
      expect(events).toEqual(['attempt.started', 'attempt.succeeded']);
    }
    expect(recorded.log.all.at(-1)).toMatchObject({ event: 'run.ended' });
    expect(recorded.log.all.at(-1)?.fields).not.toHaveProperty('job_id');
  });

  it.each([
    ['succeeds', {}, () => handlerOf(succeeds), ['attempt.started', 'attempt.succeeded']],
    ['is to be repeated', {}, () => handlerOf(failsForNow), ['attempt.started', 'attempt.retrying']],
    ['is the last', { attempt: 3 }, () => handlerOf(failsForNow), ['attempt.started', 'attempt.failed']],
    ['is none: the job has ended', { status: 'succeeded' }, () => handlerOf(succeeds), ['message.dropped']],
    [
      'cannot be recorded',
      {},
      () =>
        handlerOf(failsForNow, {
          store: { ...createInMemoryStore(db), commit: () => Promise.reject(new Error('away')) },
        }),
      ['attempt.started', 'message.failed'],
    ],
    [
      'keeps its message for another time',
      {},
      () => handlerOf(failsForNow, { lease: { setVisibility: () => Promise.reject(new Error('away')) } }),
      ['attempt.started', 'attempt.retrying', 'message.visibility_not_set'],
    ],
  ] as const)(
    'leads from every line of an attempt back to its request: one that %s',
    async (_name, over, make, events) => {
      const row = storedJob({ ...over, correlationId: 'request-of-this-job' });
      await make().received(row);
      const lines = recorded.log.all.filter(({ event }) => event !== 'run.ended');
      expect(lines.map(({ event }) => event)).toEqual(events);
      for (const { fields } of lines)
        expect(fields).toMatchObject({ job_id: row.jobId, correlation_id: 'request-of-this-job' });
    },
  );

  it('keeps the message of an attempt that is to be repeated, until its delay is over', async () => {
    const [fails, done] = [storedJob(), storedJob({ status: 'succeeded' })];
    expect(await handlerOf(failsForNow).received(fails, done)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-0' }],
    });
    expect(statusOf(fails)).toBe('retrying');
    expect(secondsUntilVisible(fails)).toEqual([600]);
  });

  it('sends the message of the last attempt on to the dead-letter queue at once', async () => {
    const row = storedJob({ attempt: 3 });
    expect(await handlerOf(failsForNow).received(row)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-0' }],
    });
    expect(statusOf(row)).toBe('failed');
    expect(secondsUntilVisible(row)).toEqual([0]);
  });

  it('records and deletes what it cannot read, without holding up the rest', async () => {
    const row = storedJob();
    expect(await handlerOf(succeeds).given('not json', messageOf(row), { v: 9 })).toEqual({
      batchItemFailures: [],
    });
    expect(statusOf(row)).toBe('succeeded');
    expect(recorded.log.all.filter(({ event }) => event === 'message.malformed')).toHaveLength(2);
    expect(recorded.metrics.all.filter(({ name }) => name === 'malformed_messages')).toHaveLength(2);
    expect(JSON.stringify(recorded.log.all)).not.toContain('not json');
  });

  it('keeps every message while the store is away, and does not throw', async () => {
    const rows = [storedJob(), storedJob()];
    const store = { ...createInMemoryStore(db), claim: () => Promise.reject(new Error('away')) };
    expect(await handlerOf(succeeds, { store }).received(...rows)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-0' }, { itemIdentifier: 'message-1' }],
    });
    expect(recorded.log.all.filter(({ event }) => event === 'message.failed')).toHaveLength(2);
    expect(recorded.metrics.all.filter(({ name }) => name === 'run_failures')).toHaveLength(2);
  });

  it('keeps the message also when its visibility cannot be set', async () => {
    const lease = { setVisibility: () => Promise.reject(new Error('away')) };
    expect(await handlerOf(failsForNow, { lease }).received(storedJob())).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-0' }],
    });
    expect(recorded.log.all).toContainEqual(expect.objectContaining({ event: 'message.visibility_not_set' }));
  });
});
