import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

/** What becomes of one record: its message is deleted, or comes back. */
export type RecordEnd = 'delete' | 'keep';

/**
 * Settles every record, then lists those to keep, in SQS's partial-batch form. A record whose work throws is kept: it
 * comes back after its visibility timeout. The others of its batch are not held up by it.
 * @param work must not throw for what is wrong with the message itself, or that message comes back for ever
 */
export async function settleBatch(
  event: SQSEvent,
  work: (record: SQSRecord) => Promise<RecordEnd>,
  onThrow: (record: SQSRecord, error: unknown) => void,
): Promise<SQSBatchResponse> {
  const ends = await Promise.all(
    event.Records.map(async (record) => {
      try {
        return await work(record);
      } catch (error) {
        onThrow(record, error);
        return 'keep';
      }
    }),
  );
  return {
    batchItemFailures: event.Records.filter((_, index) => ends[index] === 'keep').map(({ messageId }) => ({
      itemIdentifier: messageId,
    })),
  };
}
