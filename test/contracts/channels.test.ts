import { addSeconds } from '#shared/lifecycle/instant.ts';
import { messageOf } from '#shared/lifecycle/job-row.ts';
import { createInMemoryArchive } from '../fakes/in-memory-archive.ts';
import { InMemoryQueue } from '../fakes/in-memory-queue.ts';
import { InMemoryTickQueue } from '../fakes/in-memory-tick-queue.ts';
import { createFakeChannels, createFakeKeyStates, createRecordingPublisher } from '../fakes/quiet.ts';
import { archiveContract } from './archive-contract.ts';
import { channelStateContract } from './channel-state-contract.ts';
import { jobQueueContract, jobQueueOutageContract } from './job-queue-contract.ts';
import { keyStatesContract } from './key-states-contract.ts';
import { messageLeaseContract } from './message-lease-contract.ts';
import { publisherContract } from './publisher-contract.ts';
import { NOW, sampleJob } from './sample-jobs.ts';
import { tickQueueContract } from './tick-queue-contract.ts';

jobQueueContract('in memory', async () => {
  const queue = new InMemoryQueue(() => NOW);
  return {
    queue,
    visible: async () => queue.held.filter(({ visibleAt }) => visibleAt <= NOW).map(({ message }) => message),
  };
});

jobQueueOutageContract('in memory', async () => {
  const queue = new InMemoryQueue(() => NOW);
  queue.mood = 'refuses';
  return queue;
});

messageLeaseContract('in memory', async () => {
  let now = NOW;
  const queue = new InMemoryQueue(() => now);
  return {
    lease: queue,
    hold: async (visibilitySeconds) => {
      await queue.send(messageOf(sampleJob().row));
      return queue.receive(() => visibilitySeconds)?.receiptHandle ?? '';
    },
    remove: async (receiptHandle) => queue.delete(receiptHandle),
    receive: async (waitSeconds) => {
      now = addSeconds(now, waitSeconds);
      return queue.receive(() => 600) ? 1 : 0;
    },
  };
});

tickQueueContract('in memory', async () => {
  const tickQueue = new InMemoryTickQueue();
  const unreachable = new InMemoryTickQueue();
  unreachable.reachable = false;
  return { tickQueue, unreachable, takeAll: async () => tickQueue.takeAll() };
});

archiveContract('in memory', async () => {
  const lines = Array.from({ length: 9 }, (_, index) => `{"Item":{"pk":{"S":"JOB#${index}"}}}`);
  const archive = createInMemoryArchive({ jobs: lines });
  return {
    archive,
    publicKey: archive.publicKey,
    lines: lines.length,
    stored: async (key) => archive.objects.get(key),
  };
});

channelStateContract('in memory', async () => {
  const channels = createFakeChannels(0);
  return {
    channels,
    subscribe: async () => {
      channels.count = (channels.count ?? 0) + 1;
    },
    gone: createFakeChannels(),
  };
});

keyStatesContract('in memory', async () => {
  const keyStates = createFakeKeyStates(['first', 'second', 'third']);
  const to = (state: string) => async (name: string) => {
    keyStates.states.set(name, state);
  };
  return {
    keyStates,
    disable: to('Disabled'),
    enable: to('Enabled'),
    orderDeletion: to('PendingDeletion'),
    unreachable: createFakeKeyStates([]),
  };
});

publisherContract('in memory', async () => {
  const publisher = createRecordingPublisher();
  const { access, all, erasures, supply } = publisher;
  return { publisher, received: async () => [...all, ...supply, ...access, ...erasures] };
});
