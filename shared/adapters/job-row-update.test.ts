import { unmarshall } from '@aws-sdk/util-dynamodb';
import { expect, test } from 'vitest';
import { NOW, sampleChange, sampleJob } from '#test/contracts/sample-jobs.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { TRANSITIONS, type TransitionEvent } from '../lifecycle/transitions.ts';
import { rowUpdate } from './job-row-update.ts';

const { row } = sampleJob({ status: 'running', attempt: 1, fence: 1, leaseUntil: NOW });

function updateOf(before: JobRow, after: JobRow, event?: TransitionEvent) {
  const unchanged = { fence: before.fence };
  const item = rowUpdate({
    table: 'jobs',
    before,
    after,
    unchanged,
    watchShards: 1,
    ...(event && { event }),
  });
  const { Update } = item;
  const values = unmarshall(Update?.ExpressionAttributeValues ?? {});
  const name = (text: string) => Update?.ExpressionAttributeNames?.[text] ?? text;
  const [set = '', remove = ''] = (Update?.UpdateExpression ?? '').replace('SET ', '').split(' REMOVE ');
  return {
    condition: Update?.ConditionExpression,
    values,
    set: Object.fromEntries(
      set.split(', ').map((assignment) => {
        const [left = '', right = ''] = assignment.split(' = ');
        return [name(left), values[right]];
      }),
    ),
    remove: remove === '' ? [] : remove.split(', ').map(name),
  };
}

test.each(Object.keys(TRANSITIONS) as TransitionEvent[])(
  'the statuses from which %s may happen are the condition',
  (event) => {
    const { values } = updateOf(row, { ...row, status: TRANSITIONS[event].to }, event);
    const allowed = Object.keys(values).filter((name) => name.startsWith(':from'));
    expect(allowed.map((name) => values[name])).toEqual(TRANSITIONS[event].from);
  },
);

test('writes what changed and removes what went, and leaves the rest to whoever wrote it', () => {
  const { after } = sampleChange('succeed', { ...row, nextAttemptAt: NOW });

  const update = updateOf({ ...row, nextAttemptAt: NOW }, after, 'succeed');

  expect(update.set).toMatchObject({ status: 'succeeded', chainSeq: 2, chainHash: after.chainHash });
  expect(update.remove.toSorted()).toEqual(['checkAt', 'leaseUntil', 'nextAttemptAt', 'watch', 'watchSort']);
  // A resend that was counted between reading and writing is not undone.
  for (const untouched of ['resends', 'checks', 'fence', 'generation', 'dueAt', 'userMonth'])
    expect(update.set).not.toHaveProperty(untouched);
});

test('leaves a sealed summary as it is, and removes it when the row goes on without', () => {
  const sealed = new Uint8Array([1, 10, 200]);
  const ended = { ...sampleChange('fail', row).after, summary: sealed };
  const { set } = updateOf(sampleChange('fail', row).after, ended, 'fail');
  expect(set['summary']).toEqual(sealed);

  const again = { ...ended, checks: 1, summary: Uint8Array.from(sealed) };
  const later = updateOf(ended, again, 'redrive');
  expect(later.set).not.toHaveProperty('summary');
  expect(later.remove).not.toContain('summary');

  const { summary, ...without } = again;
  expect(summary).toBeDefined();
  expect(updateOf(ended, without, 'redrive').remove).toContain('summary');
});

test('gives the row a time to live with its end and takes it away with a retry', () => {
  const ended = sampleChange('fail', row).after;
  expect(updateOf(row, ended, 'fail').set).toHaveProperty('ttl');

  const { endedAt, ...again } = sampleChange('redrive', ended, { set: { checkAt: NOW } }).after;
  expect(updateOf(ended, again, 'redrive').remove).toEqual(expect.arrayContaining(['ttl', 'endedAt']));
});

test('without an event asks for the same status and the given members', () => {
  const waiting = { ...row, status: 'waiting', openChildren: 2 } as const;
  const { condition, values, set } = updateOf(waiting, { ...waiting, openChildren: 1 });
  expect(condition).toBe('#status IN (:from0) AND #fence = :is_fence');
  expect(values[':from0']).toBe('waiting');
  expect(set).toEqual({ attempts: [], openChildren: 1 });
});
