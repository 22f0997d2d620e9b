import { GetQueueAttributesCommand, paginateListQueues } from '@aws-sdk/client-sqs';
import type { LaptopClients } from '../laptop-clients.ts';
import type { StackFile } from '../stack-file.ts';
import { peekQueue } from './peek-queue.ts';

/** Every queue of the stack and of the laptop itself with its attributes, and every message in one of them. */
export async function dumpQueues(
  { sqs }: LaptopClients,
  stack: StackFile,
): Promise<{ readonly queues: readonly unknown[]; readonly messages: readonly unknown[] }> {
  const queues: unknown[] = [];
  const messages: unknown[] = [];
  for await (const { QueueUrls = [] } of paginateListQueues({ client: sqs }, {}))
    for (const url of QueueUrls) {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
      );
      const name = url.slice(url.lastIndexOf('/') + 1);
      queues.push({ name, url, attributes: Attributes });
      for (const message of await peekQueue(stack, url)) messages.push({ queue: name, message });
    }
  return { queues, messages };
}
