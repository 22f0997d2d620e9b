import { describe, expect, test } from 'vitest';
import type { OutcomeReader, OutcomeRow } from '#shared/jobs/ports.ts';
import { addSeconds, type Instant } from '#shared/lifecycle/instant.ts';
import { sampleJobId } from './sample-jobs.ts';

export interface OutcomesUnderTest {
  readonly outcomes: OutcomeReader;
  /** Writes rows as final transactions leave them. */
  readonly put: (rows: readonly OutcomeRow[]) => Promise<void>;
}

/** What every OutcomeReader promises. @param make a reader over the same rows, or over none, each time */
export function outcomeReaderContract(name: string, make: () => Promise<OutcomesUnderTest>): void {
  const row = (endedAt: Instant, over: Partial<OutcomeRow> = {}): OutcomeRow => ({
    jobId: sampleJobId(endedAt),
    generation: 1,
    kind: 'refill-check',
    priority: 'MEDIUM',
    status: 'succeeded',
    createdAt: endedAt,
    dueAt: endedAt,
    endedAt,
    attempts: 1,
    ...over,
  });

  describe(`${name}: outcomes of a range`, () => {
    test('begin with its first millisecond and end before its last', async () => {
      const { outcomes, put } = await make();
      const [from, to] = ['2030-08-05T10:15:00.000Z', '2030-08-05T10:45:00.000Z'];
      const inside = [from, '2030-08-05T10:15:00.001Z', '2030-08-05T10:44:59.999Z'].map((at) => row(at));
      const outside = ['2030-08-05T10:14:59.999Z', to, '2030-08-05T10:45:00.001Z'].map((at) => row(at));
      await put([...inside, ...outside]);
      expect(await read(outcomes, from, to)).toEqual(inside);
    });

    test('are cut where the range cuts an hour, and at full hours', async () => {
      const { outcomes, put } = await make();
      const rows = [
        '2030-08-06T08:59:59.999Z',
        '2030-08-06T09:00:00.000Z',
        '2030-08-06T09:59:59.999Z',
        '2030-08-06T10:00:00.000Z',
      ].map((at) => row(at));
      await put(rows);
      expect(await read(outcomes, '2030-08-06T09:00:00.000Z', '2030-08-06T10:00:00.000Z')).toEqual(
        rows.slice(1, 3),
      );
      expect(await read(outcomes, '2030-08-06T08:59:59.999Z', '2030-08-06T09:00:00.000Z')).toEqual([rows[0]]);
      expect(await read(outcomes, '2030-08-06T08:00:00.000Z', '2030-08-06T10:00:00.001Z')).toEqual(rows);
    });

    test('over days are all read, each once, from whatever shard and over hours without any', async () => {
      const { outcomes, put } = await make();
      const start = '2030-09-01T00:00:00.000Z';
      // 37 minutes: over three days the rows stand in most hours, not in all, and never alike in two.
      const rows = Array.from({ length: 90 }, (_, index) => row(addSeconds(start, index * 37 * 60)));
      const later = rows.slice(0, 3).map((one) => row(addSeconds(one.endedAt, 40 * 86_400)));
      await put([...rows, ...later]);
      expect(await read(outcomes, start, '2030-09-08T00:00:00.000Z')).toEqual(rows);
    });

    test('of one hour are all read, also when they fill more than one page', async () => {
      const { outcomes, put } = await make();
      // A page of DynamoDB is one megabyte.
      const errorCode = 'x'.repeat(25_000);
      const rows = Array.from({ length: 96 }, (_, index) =>
        row(addSeconds('2030-11-20T12:00:00.000Z', index), { errorCode }),
      );
      await put(rows);
      expect(ids(await read(outcomes, '2030-11-20T12:00:00.000Z', '2030-11-20T13:00:00.000Z'))).toEqual(
        ids(rows),
      );
    });

    test('hold every generation of a job, and jobs that ended in the same millisecond', async () => {
      const { outcomes, put } = await make();
      const at = '2030-12-10T12:00:00.000Z';
      const first = row(at, { status: 'failed', errorCode: 'made_to_fail' });
      const again = { ...first, generation: 2, endedAt: addSeconds(at, 60) };
      await put([first, again, row(at), row(at)]);
      const found = await read(outcomes, at, addSeconds(at, 61));
      expect(found).toHaveLength(4);
      expect(found.filter(({ jobId }) => jobId === first.jobId)).toEqual([first, again]);
    });

    test('have every member that was written, and none that was not', async () => {
      const { outcomes, put } = await make();
      const at = '2030-12-11T12:00:00.000Z';
      const full = row(at, {
        status: 'expired',
        errorCode: 'run_at_passed',
        startedAt: at,
        executionMs: 12,
        queueWaitMs: 0,
        userRef: 'user-ref',
        facts: { urgency: 'soon', by_level: { major: 2 } },
      });
      const bare = row(addSeconds(at, 1));
      await put([full, bare]);
      expect(await read(outcomes, at, addSeconds(at, 2))).toEqual([full, bare]);
    });

    test('are none when the range is empty or the wrong way round', async () => {
      const { outcomes, put } = await make();
      const [early, late] = ['2030-12-12T10:15:00.000Z', '2030-12-12T10:45:00.000Z'];
      await put([early, '2030-12-12T10:30:00.000Z', late].map((at) => row(at)));
      expect(await read(outcomes, early, early)).toEqual([]);
      expect(await read(outcomes, late, early)).toEqual([]);
    });
  });
}

/** In order of their end: the reader promises none. */
async function read(outcomes: OutcomeReader, from: Instant, to: Instant): Promise<OutcomeRow[]> {
  const rows: OutcomeRow[] = [];
  for await (const row of outcomes.between(from, to)) rows.push(row);
  return rows.sort((a, b) => (a.endedAt < b.endedAt ? -1 : a.endedAt > b.endedAt ? 1 : 0));
}

const ids = (rows: readonly OutcomeRow[]) => rows.map(({ jobId }) => jobId);
