import { beforeEach, describe, expect, it } from 'vitest';
import { runHandler } from '#functions/queue/run-handler.ts';
import { type JobMessage, type JobRow, messageOf } from '#shared/lifecycle/job-row.ts';
import { TIMING_PROFILES } from '#shared/lifecycle/priority.ts';
import { NOW, recordingApiDeps } from '#test/builders/api-deps.ts';
import { lambdaContext } from '#test/builders/api-event.ts';
import { sqsEvent } from '#test/builders/sqs-event.ts';
import { sampleJob } from '#test/contracts/sample-jobs.ts';
import { createInMemoryStore } from '#test/fakes/in-memory-store.ts';
import { MemoryDatabase } from '#test/fakes/memory-database.ts';
import { createCountingRandom } from '#test/fakes/quiet.ts';
import { type DeadLetterDeps, deadLetter } from './handler.ts';

let db: MemoryDatabase;
let sent: JobMessage[];
let recorded: ReturnType<typeof recordingApiDeps>;
beforeEach(() => {
  db = new MemoryDatabase();
  sent = [];
  recorded = recordingApiDeps();
});

function call(bodies: readonly (string | object)[], replaced: Partial<DeadLetterDeps> = {}) {
  const deps = {
    ...recorded.deps,
    store: createInMemoryStore(db),
    queue: {
      send: async () => undefined,
      sendMany: async (messages: readonly { message: JobMessage }[]) => {
        sent.push(...messages.map(({ message }) => message));
        return [];
      },
      hasBacklog: async () => false,
    },
    random: createCountingRandom(),
    timing: TIMING_PROFILES.standard,
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
    expect(sent).toEqual([messageOf(left)]);
    expect(recorded.log.all.filter(({ event }) => event === 'message.malformed')).toHaveLength(1);
  });

  it('keeps a message while the store is away', async () => {
    const row = storedJob({ attempt: 4 });
    const store = { ...createInMemoryStore(db), read: () => Promise.reject(new Error('away')) };
    expect(await call([messageOf(row)], { store })).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-0' }],
    });
  });
});
