import { beforeEach, describe, expect, it } from 'vitest';
import { runHandler } from '#functions/queue/run-handler.ts';
import { kindsByName } from '#shared/jobs/registry.ts';
import { type JobRow, messageOf } from '#shared/lifecycle/job-row.ts';
import { TIMING_PROFILES } from '#shared/lifecycle/priority.ts';
import { NOW, recordingApiDeps } from '#test/builders/api-deps.ts';
import { lambdaContext } from '#test/builders/api-event.ts';
import { sqsEvent } from '#test/builders/sqs-event.ts';
import { sampleJob } from '#test/contracts/sample-jobs.ts';
import { InMemoryQueue } from '#test/fakes/in-memory-queue.ts';
import { createInMemoryStore } from '#test/fakes/in-memory-store.ts';
import { MemoryDatabase } from '#test/fakes/memory-database.ts';
import { createCountingRandom } from '#test/fakes/quiet.ts';
import { type DeadLetterDeps, deadLetter } from './handler.ts';

let db: MemoryDatabase;
let queue: InMemoryQueue;
let recorded: ReturnType<typeof recordingApiDeps>;
beforeEach(() => {
  db = new MemoryDatabase();
  queue = new InMemoryQueue(() => NOW);
  recorded = recordingApiDeps();
});

function call(bodies: readonly (string | object)[], replaced: Partial<DeadLetterDeps> = {}) {
  const deps = {
    ...recorded.deps,
    store: createInMemoryStore(db),
    queue,
    random: createCountingRandom(),
    timing: TIMING_PROFILES.standard,
    kinds: kindsByName(),
    ...replaced,
  };
  return runHandler(recorded.deps, deadLetter(deps))(sqsEvent(...bodies), lambdaContext());
}

function storedJob(over: Partial<JobRow>) {
  const job = sampleJob({ createdAt: NOW, dueAt: NOW, ...over });
  db.putJob(job);
  return job.row;
}

describe('deadLetter', () => {
  it('decides about each message by its row, and keeps none', async () => {
    const used = storedJob({ status: 'retrying', attempt: 4 });
    const left = storedJob({ status: 'queued', attempt: 1 });
    const done = storedJob({ status: 'failed', attempt: 4 });
    const response = await call([messageOf(used), messageOf(left), messageOf(done), 'nonsense']);
    expect(response).toEqual({ batchItemFailures: [] });
    expect([used, left, done].map(({ jobId }) => db.rows.get(jobId)?.status)).toEqual([
      'failed',
      'queued',
      'failed',
    ]);
    expect(queue.sent.map(({ message }) => message)).toEqual([messageOf(left)]);
    expect(recorded.log.all.filter(({ event }) => event === 'message.malformed')).toHaveLength(1);
  });

  it.each([
    ['dead_letter.failed', { status: 'retrying', attempt: 4 }, {}],
    ['dead_letter.resent', { status: 'queued', attempt: 1 }, {}],
    ['dead_letter.deleted', { status: 'failed', attempt: 4 }, {}],
    ['message.failed', { status: 'queued', attempt: 1 }, { touch: () => Promise.reject(new Error('away')) }],
  ] as const)('leads from the line %s back to the request', async (event, over, broken) => {
    const row = storedJob({ ...over, correlationId: 'request-of-this-job' });
    await call([messageOf(row)], { store: { ...createInMemoryStore(db), ...broken } });
    const lines = recorded.log.all.filter((line) => line.event !== 'run.ended');
    expect(lines).toMatchObject([
      { event, fields: { job_id: row.jobId, correlation_id: 'request-of-this-job' } },
    ]);
  });

  it('keeps a message while the store is away', async () => {
    const row = storedJob({ attempt: 4 });
    const store = { ...createInMemoryStore(db), read: () => Promise.reject(new Error('away')) };
    expect(await call([messageOf(row)], { store })).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-0' }],
    });
  });
});
