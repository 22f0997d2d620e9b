import type { SQSEvent } from 'aws-lambda';
import type { ReceivedMessage } from '#test/fakes/in-memory-queue.ts';

/** A batch of records with the given bodies; ids and handles follow from the position. */
export const sqsEvent = (...bodies: readonly (string | object)[]): SQSEvent =>
  eventOf(bodies.map((body, index) => ({ body, receiptHandle: `receipt-${index}` })));

/** The batch that Lambda makes of received messages. */
export const receivedEvent = (received: readonly ReceivedMessage[]): SQSEvent =>
  eventOf(received.map(({ message, receiptHandle }) => ({ body: message, receiptHandle })));

function eventOf(
  records: readonly { readonly body: string | object; readonly receiptHandle: string }[],
): SQSEvent {
  const Records = records.map(({ body, receiptHandle }, index) => ({
    messageId: `message-${index}`,
    receiptHandle,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: { ApproximateReceiveCount: '1' },
  }));
  // The members of a record that nobody reads are left out.
  return { Records } as unknown as SQSEvent;
}
