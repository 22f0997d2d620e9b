import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  callerAs,
  createTestEngine,
  deliverAll,
  deliverNext,
  requestAt,
  submitted,
  type TestEngine,
} from '#test/builders/test-engine.ts';
import { DONE, testKind } from '#test/builders/test-kinds.ts';
import { PermanentError, RetryableError } from '../errors/attempt-error.ts';
import { ProblemError } from '../errors/problem-error.ts';
import { verifyChain } from '../evidence/audit-chain.ts';
import type { Done } from '../jobs/ports.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import { messageOf } from '../lifecycle/job-row.ts';
import { isTerminal, TRANSITIONS } from '../lifecycle/transitions.ts';
import { buryDeadLetter } from './bury-dead-letter.ts';
import { cancelJob } from './cancel-job.ts';
import { reconcile } from './reconcile.ts';
import { retryJob } from './retry-job.ts';
import { runAttempt } from './run-attempt.ts';
import { tick } from './tick.ts';

const LEGAL = new Set(
  Object.values(TRANSITIONS).flatMap(({ from, to }) => from.map((status) => `${status}>${to}`)),
);
const STAFF = callerAs('service', 'client');

/** How the next attempts end. */
type Mood = 'fine' | 'again' | 'never' | 'split';

function createLife() {
  const life = { mood: 'fine' as Mood };
  const process = async (job: { round: number }): Promise<Done> => {
    if (life.mood === 'again') throw new RetryableError('dependency_throttled', 'again');
    if (life.mood === 'never') throw new PermanentError('no_way', 'never');
    const children = ['a', 'b'].map((key) => ({ key, kind: 'part', payload: {} }));
    return life.mood === 'split' && job.round === 0 ? { end: 'waiting', children } : DONE;
  };
  const work = testKind({ process });
  const part = testKind({
    name: 'part',
    process: async () => {
      if (life.mood === 'never') throw new PermanentError('no_way', 'never');
      return DONE;
    },
  });
  return { life, work, engine: createTestEngine([work, part]) };
}

type Life = ReturnType<typeof createLife>;
type Step = (life: Life, pick: number) => Promise<unknown>;

/** One of the jobs that stand. */
const jobAt = (engine: TestEngine, pick: number) => {
  const rows = [...engine.db.rows.values()];
  return rows[pick % Math.max(rows.length, 1)];
};
const onJob =
  (step: (engine: TestEngine, jobId: string) => Promise<unknown>): Step =>
  async ({ engine }, pick) => {
    const row = jobAt(engine, pick);
    if (row) await step(engine, row.jobId);
  };
const onMessage =
  (step: (engine: TestEngine, message: ReturnType<typeof messageOf>) => Promise<unknown>): Step =>
  async ({ engine }, pick) => {
    const row = jobAt(engine, pick);
    if (row) await step(engine, messageOf({ ...row, generation: Math.max(1, row.generation - (pick % 2)) }));
  };
const inMood =
  (mood: Mood): Step =>
  async ({ life }) => {
    life.mood = mood;
  };

const STEPS: Readonly<Record<string, Step>> = {
  submit: ({ engine, work }) => submitted(engine, work),
  'submit for later': ({ engine, work }, pick) =>
    submitted(engine, work, { runAt: addSeconds(engine.time.now(), 60 * (1 + (pick % 60))) }),
  'receive a message': ({ engine }) => deliverNext(engine),
  'receive one twice': onMessage((engine, message) =>
    Promise.all([runAttempt(engine, message), runAttempt(engine, message)]),
  ),
  'lose a message': async ({ engine }) => engine.queue.take(),
  'die in an attempt': onMessage((engine, { jobId, generation }) =>
    engine.store.claim({ jobId, generation, now: engine.time.now(), timing: engine.timing.MEDIUM }),
  ),
  'find a dead letter': onMessage(buryDeadLetter),
  cancel: onJob((engine, jobId) => cancelJob(engine, STAFF, jobId, requestAt(engine))),
  retry: onJob((engine, jobId) => retryJob(engine, STAFF, jobId, requestAt(engine))),
  reconcile: ({ engine }) => reconcile(engine),
  tick: ({ engine }) => tick(engine),
  wait: async ({ engine }, pick) => engine.time.advance(1 + (pick % 7) ** 4),
  'be fine': inMood('fine'),
  'fail again': inMood('again'),
  'fail for good': inMood('never'),
  split: inMood('split'),
};

const script = fc.array(
  fc.record({
    step: fc.constantFrom(...Object.keys(STEPS), 'receive a message', 'wait'),
    pick: fc.nat(1000),
  }),
  { minLength: 5, maxLength: 60 },
);

/** Plays the script. A refusal for the job's state is an answer like any other; nothing else may be thrown. */
async function played(steps: readonly { step: string; pick: number }[]) {
  const life = createLife();
  await submitted(life.engine, life.work);
  for (const { step, pick } of steps)
    await STEPS[step]?.(life, pick).catch((error: unknown) => {
      if (!(error instanceof ProblemError && error.code === 'state_conflict')) throw error;
    });
  return life;
}

async function expectSound({ engine }: Life): Promise<void> {
  const { db } = engine;
  const illegal = db.changes.filter(({ from, to }) => from !== to && !LEGAL.has(`${from}>${to}`));
  expect(illegal).toEqual([]);
  for (const row of db.rows.values()) {
    expect(verifyChain(await engine.audit.chain(row.jobId), row)).toBeUndefined();
    expect(row.attempt).toBeLessThanOrEqual(row.attemptLimit);
    expect(row.attempt).toBeGreaterThanOrEqual(0);
    // One outcome for each generation that has ended, and none for one that has not.
    const ended = [...db.outcomes.values()].filter((outcome) => outcome.jobId === row.jobId);
    expect(ended).toHaveLength(isTerminal(row.status) ? row.generation : row.generation - 1);
    expect(row.checkAt === undefined).toBe(isTerminal(row.status));
    expect(db.results.has(row.jobId)).toBe(row.status === 'succeeded');
  }
}

describe('whatever happens to a job', () => {
  it('its status changes by the table only, and its audit chain is whole', async () => {
    await fc.assert(
      fc.asyncProperty(script, async (steps) => {
        await expectSound(await played(steps));
      }),
      { numRuns: 150 },
    );
  });

  it('it comes to an end within a day, once things work again', async () => {
    await fc.assert(
      fc.asyncProperty(script, async (steps) => {
        const life = await played(steps);
        const { engine } = life;
        life.life.mood = 'fine';
        for (let minute = 0; minute < 1440; minute += 5) {
          engine.time.advance(300);
          await tick(engine);
          await reconcile(engine);
          await deliverAll(engine);
        }
        const open = [...engine.db.rows.values()].filter((row) => !isTerminal(row.status));
        expect(open).toEqual([]);
        await expectSound(life);
      }),
      { numRuns: 40 },
    );
  });
});
