import { InMemoryQueue } from '../fakes/in-memory-queue.ts';
import { createInMemoryArchive, createRecordingPublisher } from '../fakes/quiet.ts';
import { archiveContract } from './archive-contract.ts';
import { jobQueueContract } from './job-queue-contract.ts';
import { publisherContract } from './publisher-contract.ts';
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

publisherContract('in memory', async () => {
  const publisher = createRecordingPublisher();
  return { publisher, received: async () => publisher.all };
});
