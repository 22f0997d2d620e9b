import { messageOf } from '#shared/lifecycle/job-row.ts';
import { attemptWorld } from '#shared/operations/attempt-world.ts';
import { KindBench } from '#test/builders/kind-bench.ts';
import { createTestEngine } from '#test/builders/test-engine.ts';
import { NOW, sampleJob, TIMING } from './sample-jobs.ts';
import { worldContract } from './world-contract.ts';

worldContract('bench of a kind', async () => {
  const bench = new KindBench(NOW);
  return {
    world: bench.world(),
    setTime: (to) => {
      bench.now = to;
    },
    loseJob: async () => {
      bench.held = false;
    },
    makeJob: async (job) => bench.db.putJob(job),
  };
});

worldContract('engine in memory', async () => {
  const engine = createTestEngine([], { start: NOW });
  const job = sampleJob();
  await engine.store.accept(job);
  const { jobId, generation } = messageOf(job.row);
  const claim = async (now: string) => engine.store.claim({ jobId, generation, now, timing: TIMING });
  const first = await claim(NOW);
  if (!('row' in first)) throw new Error('The sample job could not be claimed.');
  return {
    world: attemptWorld(engine, first.row),
    setTime: engine.time.set,
    loseJob: async () => {
      await claim(first.row.leaseUntil ?? NOW);
    },
    makeJob: (other) => engine.store.accept(other),
  };
});
