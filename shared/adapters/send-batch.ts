import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { backOff } from './back-off.ts';

/** One message of a batch, before it has an id within it. */
export interface BatchMessage {
  readonly MessageBody: string;
  readonly DelaySeconds?: number;
  readonly MessageGroupId?: string;
}

/** SQS's own limit of one batch. */
const MOST_MESSAGES = 10;
const TRIES = 3;
const BASE_MS = 50;

/**
 * Sends messages to one queue in as few calls as possible. An answer of 200 may still name failed messages: only those
 * are sent again. A call that fails as a whole counts as a failure of its messages.
 * @returns positions of the messages that were not taken
 */
export async function sendBatch(
  client: SQSClient,
  queueUrl: string,
  messages: readonly BatchMessage[],
): Promise<number[]> {
  const lost: number[] = [];
  for (let start = 0; start < messages.length; start += MOST_MESSAGES) {
    const chunk = messages.slice(start, start + MOST_MESSAGES);
    const failed = await sendChunk(client, queueUrl, chunk);
    lost.push(...failed.map((position) => start + position));
  }
  return lost;
}

async function sendChunk(
  client: SQSClient,
  queueUrl: string,
  chunk: readonly BatchMessage[],
): Promise<number[]> {
  let left = chunk.map((_, position) => position);
  const refused: number[] = [];
  for (let tries = 1; tries <= TRIES && left.length > 0; tries += 1) {
    if (tries > 1) await backOff(tries, BASE_MS);
    const answer = await sendOnce(client, queueUrl, chunk, left);
    refused.push(...answer.refused);
    left = answer.again;
  }
  return [...refused, ...left].sort((a, b) => a - b);
}

/** `refused`: the queue will never take them as they are. `again`: another try may help. */
async function sendOnce(
  client: SQSClient,
  queueUrl: string,
  chunk: readonly BatchMessage[],
  positions: readonly number[],
): Promise<{ refused: number[]; again: number[] }> {
  const Entries = positions.flatMap((position) => {
    const message = chunk[position];
    return message ? [{ Id: String(position), ...message }] : [];
  });
  try {
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    return {
      refused: Failed.filter((failure) => failure.SenderFault).map(({ Id }) => Number(Id)),
      again: Failed.filter((failure) => !failure.SenderFault).map(({ Id }) => Number(Id)),
    };
  } catch {
    // Whatever stopped the call (the SDK has tried three times already): none of its messages was taken for sure.
    return { refused: [...positions], again: [] };
  }
}
