import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, test } from 'vitest';
import { NOW, sampleJob } from '#test/contracts/sample-jobs.ts';
import { ATTEMPTS_KEPT } from '../lifecycle/job-row.ts';
import { STATUSES } from '../lifecycle/transitions.ts';
import { parseJobRow, rowItem } from './job-row-item.ts';

const { row } = sampleJob({ userRef: 'user-ref' });
const stored = (over: Record<string, unknown>) => marshall({ ...unmarshall(rowItem(row, 1)), ...over });

describe('a stored job row', () => {
  test('reads back as it was written', () => {
    expect(parseJobRow(rowItem(row, 4))).toEqual(row);
  });

  test.each(STATUSES)('with status %s has the index members of its class and no others', (status) => {
    const watch = { scheduled: 'scheduled', waiting: 'waiting', failed: 'failed' }[status as string];
    const open = ['queued', 'running', 'retrying'].includes(status) ? 'open' : undefined;
    const ended = status === 'failed' ? { endedAt: NOW } : {};

    const item = unmarshall(rowItem({ ...row, status, ...ended }, 1));

    const expected = watch ?? open;
    const checkAt = status === 'failed' ? NOW : row.checkAt;
    expect(item['watch']).toBe(expected && `${expected}#MEDIUM#0`);
    expect(item['watchSort']).toBe(expected && `${checkAt}#${row.jobId}`);
    expect(item).toMatchObject({ userMonth: 'user-ref#2031-05', userSort: `${NOW}#${row.jobId}` });
  });

  test('of a job about no patient is in no user’s list', () => {
    const { userRef, ...others } = row;
    const item = unmarshall(rowItem(others, 1));
    expect([item['userMonth'], item['userSort']]).toEqual([undefined, undefined]);
  });

  test('lives 90 days after the end of the job, and without an end for ever', () => {
    expect(rowItem(row, 1)['ttl']).toBeUndefined();
    const ended = rowItem({ ...row, status: 'succeeded', endedAt: '2031-01-01T00:00:00.000Z' }, 1);
    expect(ended['ttl']).toEqual({ N: String(Date.parse('2031-04-01T00:00:00.000Z') / 1000) });
  });

  test('spreads over all shards and stays in its own', () => {
    const partition = (jobId: string) => unmarshall(rowItem({ ...row, jobId }, 4))['watch'];
    const partitions = Array.from({ length: 100 }, (_, index) => partition(`job-${index}`));
    expect(new Set(partitions).size).toBe(4);
    expect(partition('job-1')).toBe(partitions[1]);
  });

  test('numbers the notes of claims back from the row’s attempt and keeps those that have a number', () => {
    const notes = [
      { generation: 1, attempt: 4, startedAt: NOW, outcome: 'failed' },
      { generation: 2, startedAt: NOW },
      { generation: 2, startedAt: NOW },
    ];
    const parsed = parseJobRow(stored({ attempts: notes, attempt: 2 }));
    expect(parsed.attempts.map((note) => note.attempt)).toEqual([4, 1, 2]);
  });

  test('keeps the latest notes only', () => {
    const notes = Array.from({ length: ATTEMPTS_KEPT + 3 }, (_, index) => ({
      generation: 1,
      attempt: index + 1,
      startedAt: NOW,
    }));
    const parsed = parseJobRow(stored({ attempts: notes }));
    expect(parsed.attempts.map((note) => note.attempt)).toEqual(notes.slice(3).map((note) => note.attempt));
  });

  test('leaves out members that this version does not know', () => {
    expect(parseJobRow(stored({ invented: true }))).toEqual(row);
  });

  test.each([[2], [7], ['1']])('of version %s is refused with a clear error', (rowVersion) => {
    expect(() => parseJobRow(stored({ rowVersion }))).toThrow(/job row has version .* this code reads 1/);
  });

  test('with a member of another type is refused, naming the member and not its value', () => {
    const parse = () => parseJobRow(stored({ dueAt: 12345 }));
    expect(parse).toThrow("A stored job row has no usable member 'dueAt'.");
    expect(parse).not.toThrow('12345');
  });

  test.each(['createdAt', 'dueAt', 'expiresAt', 'nextAttemptAt', 'leaseUntil', 'endedAt', 'checkAt'])(
    'with %s that is no time is refused: nothing could be reckoned with it',
    (member) => {
      for (const text of ['', 'soon', '2031-02-30T00:00:00.000Z', '2031-05-06T07:08:09Z'])
        expect(() => parseJobRow(stored({ [member]: text }))).toThrow(`no usable member '${member}'`);
    },
  );
});
