import type { StackFile } from '../stack-file.ts';

/**
 * A queue's messages without receiving them (a receive would count against their attempts): an ability of the emulator.
 * @throws Error when the endpoint has not this ability: an empty answer would look like an empty queue
 */
export async function peekQueue(stack: StackFile, url: string): Promise<unknown[]> {
  const answer = await fetch(
    `${stack.awsEndpointUrl}/_ministack/sqs/messages?QueueUrl=${encodeURIComponent(url)}`,
  );
  if (!answer.ok)
    throw new Error(
      `This AWS shows no messages without receiving them (status ${answer.status}); MiniStack does.`,
    );
  // By account, region and queue; here there is one of each.
  const { messages }: { messages: Record<string, Record<string, Record<string, unknown[]>>> } = JSON.parse(
    await answer.text(),
  );
  return Object.values(messages)
    .flatMap((byRegion) => Object.values(byRegion))
    .flatMap((byQueue) => Object.values(byQueue))
    .flat();
}
