import type { SQSEvent } from 'aws-lambda';

/** A batch of records with the given bodies; ids and handles follow from the position. */
export function sqsEvent(...bodies: readonly (string | object)[]): SQSEvent {
  const Records = bodies.map((body, index) => ({
    messageId: `message-${index}`,
    receiptHandle: `receipt-${index}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: { ApproximateReceiveCount: '1' },
  }));
  // The members of a record that nobody reads are left out.
  return { Records } as unknown as SQSEvent;
}
