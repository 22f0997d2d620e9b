import type { JobMessage } from '#shared/lifecycle/job-row.ts';
import { TIMING_PROFILES } from '#shared/lifecycle/priority.ts';
import { jobQueueContract } from '../contracts/job-queue-contract.ts';
import { Simulation } from './simulation.ts';
import { VirtualQueues } from './virtual-queue.ts';

// The queue that the fault run plays on promises what SQS does; what makes its calls fail are the run's faulty ports.
jobQueueContract('in virtual time', async () => {
  const start = '2026-03-02T08:00:00.000Z';
  const simulation = new Simulation(1, start);
  const queue = new VirtualQueues(simulation, {
    timing: TIMING_PROFILES.standard,
    concurrency: 50,
    rates: { portFails: 0, workerDies: 0, duplicateDelivery: 0 },
    throttledBetween: [0, 0],
  });
  const delivered: JobMessage[] = [];
  queue.connect(
    async (message) => {
      delivered.push(message);
      return { message: 'delete' };
    },
    async () => ({ message: 'delete' }),
  );
  return {
    queue,
    visible: async () => {
      await simulation.run(start, () => false);
      return delivered;
    },
  };
});
