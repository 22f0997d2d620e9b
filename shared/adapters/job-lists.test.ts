import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { NOW, sampleJob } from '#test/contracts/sample-jobs.ts';
import { scriptedClient } from '#test/contracts/scripted-aws.ts';
import { createJobLists } from './job-lists.ts';
import { rowItem } from './job-row-item.ts';

const rows = [sampleJob(), sampleJob(), sampleJob()].map(({ row }) => row);

/** What spoils a row: a version that is still to come, or a time that is none. */
const SPOILT = [{ rowVersion: { N: '99' } }, { dueAt: { S: 'soon' } }];

/** Lists over a partition whose row in the middle is spoilt. */
function bench(by: (typeof SPOILT)[number]) {
  const [first, spoilt, last] = rows.map((row) => rowItem(row, 1));
  const { client } = scriptedClient<DynamoDBClient>(() => ({
    Items: [first, { ...spoilt, ...by }, last],
  }));
  const told: string[] = [];
  const unreadable = (jobId: string) => told.push(jobId);
  const lists = createJobLists({ client, table: 'jobs', watchShards: 1, clock: () => NOW, unreadable });
  return { lists, told };
}

describe.each(SPOILT)('a row that cannot be read, by %j,', (by) => {
  const others = [rows[0], rows[2]].map((row) => row?.jobId);

  it('holds up none of the others of a list, which says how many there are', async () => {
    const { lists, told } = bench(by);
    const pages = [
      await lists.listByUser('user', '2031-05', 10),
      await lists.listOpen({ watches: ['open'], priorities: ['LOW'] }, 10),
    ];
    for (const page of pages) {
      expect(page.rows.map(({ jobId }) => jobId).sort()).toEqual(others.toSorted());
      expect(page.unreadable).toBe(1);
    }
    expect(told).toEqual([rows[1]?.jobId, rows[1]?.jobId]);
  });

  it('holds up no round over what is due, and is told of', async () => {
    const { lists, told } = bench(by);
    const due = await lists.watched('open', 'LOW', NOW, 10);
    expect(due.map(({ jobId }) => jobId).sort()).toEqual(others.toSorted());
    expect(told).toEqual([rows[1]?.jobId]);
  });
});
