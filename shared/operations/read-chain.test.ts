import { expect, it } from 'vitest';
import { sampleJob } from '#test/contracts/sample-jobs.ts';
import { CHAIN_START, chainedEntry } from '../evidence/audit-chain.ts';
import { readChain } from './read-chain.ts';

const draft = (at: string, to: string) =>
  ({
    at,
    action: 'job.accepted',
    outcome: 'success',
    actor: { ref: 'a', role: 'system' },
    correlationId: 'c',
    details: { kind: 'backup', to },
    jobId: 'job',
  }) as const;
const first = chainedEntry(draft('2031-05-06T00:00:00.000Z', 'queued'), '1', CHAIN_START);
const second = chainedEntry(draft('2031-05-06T00:00:01.000Z', 'succeeded'), '2', first.head);
const [ONE, BOTH] = [[first.entry], [first.entry, second.entry]];
const { row: sample } = sampleJob();
const rowAt = (head: typeof first.head, status: string) => ({ ...sample, ...head, status });

it('reads a job that ends between two reads once more', async () => {
  const rows = [rowAt(first.head, 'running'), rowAt(second.head, 'succeeded')];
  const read = await readChain(
    { rowOf: async () => rows.shift(), audit: { chain: async () => BOTH } },
    'job',
  );
  expect(read).toEqual({ row: rowAt(second.head, 'succeeded'), chain: BOTH });
});

it('gives up on one that never agrees: somebody has changed it', async () => {
  let reads = 0;
  const row = rowAt(second.head, 'succeeded');
  const rowOf = async () => {
    reads += 1;
    return row;
  };
  expect(await readChain({ rowOf, audit: { chain: async () => ONE } }, 'job')).toEqual({ row, chain: ONE });
  expect(reads).toBe(5);
});

it('a row that has gone is read once', async () => {
  const rowOf = async () => undefined;
  expect(await readChain({ rowOf, audit: { chain: async () => ONE } }, 'job')).toEqual({
    row: undefined,
    chain: ONE,
  });
});
