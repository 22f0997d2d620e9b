import { describe, expect, it } from 'vitest';
import { sqsEvent } from '#test/builders/sqs-event.ts';
import { type RecordEnd, settleBatch } from './settle-batch.ts';

const bodies = ['a', 'b', 'c'];

async function settle(ends: Record<string, RecordEnd | Error>) {
  const worked: string[] = [];
  const thrown: unknown[] = [];
  const response = await settleBatch(
    sqsEvent(...bodies),
    async ({ body }) => {
      worked.push(body);
      const end = ends[body] ?? 'delete';
      if (end instanceof Error) throw end;
      return end;
    },
    (_record, error) => thrown.push(error),
  );
  const failed = response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  return { worked, thrown, failed };
}

// An empty list deletes the whole batch, an unknown id puts the whole batch back: both shapes must be meant.
describe('settleBatch', () => {
  it('lists nothing when all are done', async () => {
    expect(await settle({})).toEqual({ worked: bodies, thrown: [], failed: [] });
  });

  it('lists exactly the message ids of those to keep', async () => {
    expect(await settle({ b: 'keep' })).toEqual({ worked: bodies, thrown: [], failed: ['message-1'] });
  });

  it('lists every one when all are to be kept, and does not throw', async () => {
    expect(await settle({ a: 'keep', b: 'keep', c: 'keep' })).toMatchObject({
      failed: ['message-0', 'message-1', 'message-2'],
    });
  });

  it('works on all, keeps the one that throws and says so', async () => {
    const error = new Error('store away');
    expect(await settle({ a: error })).toEqual({ worked: bodies, thrown: [error], failed: ['message-0'] });
  });
});
