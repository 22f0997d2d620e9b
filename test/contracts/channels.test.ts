import { InMemoryQueue } from '../fakes/in-memory-queue.ts';
import { createInMemoryArchive } from '../fakes/quiet.ts';
import { archiveContract } from './archive-contract.ts';
import { jobQueueContract } from './job-queue-contract.ts';
import { NOW } from './sample-jobs.ts';

jobQueueContract('in memory', async () => {
  const queue = new InMemoryQueue(() => NOW);
  return {
    queue,
    visible: async () => queue.held.filter(({ visibleAt }) => visibleAt <= NOW).map(({ message }) => message),
  };
});

archiveContract('in memory', async () => {
  const lines = Array.from({ length: 9 }, (_, index) => `{"Item":{"pk":{"S":"JOB#${index}"}}}`);
  const archive = createInMemoryArchive({ jobs: lines });
  return { archive, lines: lines.length, stored: async (key) => archive.objects.get(key) };
});
