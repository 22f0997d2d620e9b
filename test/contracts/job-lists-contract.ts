import { describe, expect, test } from 'vitest';
import type { OutcomeReader, OutcomeRow } from '#shared/jobs/ports.ts';
import { addSeconds, type Instant } from '#shared/lifecycle/instant.ts';
import type { JobRow } from '#shared/lifecycle/job-row.ts';
import { PRIORITY_NAMES } from '#shared/lifecycle/priority.ts';
import type { JobStore } from '#shared/operations/ports.ts';
import { running } from './job-commit-contract.ts';
import { NOW, sampleChange, sampleJob, sampleJobId, TIMING, unique } from './sample-jobs.ts';

export interface ListPorts {
  readonly store: JobStore;
  readonly outcomes: OutcomeReader;
}

const ids = (rows: readonly { readonly jobId: string }[]) => rows.map((row) => row.jobId);

/** Before every other sample, so that the rows of other tests come after. */
const LONG_AGO: Instant = '2001-01-01T00:00:00.000Z';

async function accepted(store: JobStore, over: Partial<JobRow>): Promise<JobRow> {
  const job = sampleJob(over);
  await store.accept(job);
  return job.row;
}

async function allPages<T>(read: (after?: string) => Promise<{ rows: readonly T[]; next?: string }>) {
  const pages: (readonly T[])[] = [];
  let next: string | undefined;
  do {
    const page = await read(next);
    pages.push(page.rows);
    next = page.next;
  } while (next !== undefined);
  return pages;
}

/** What every JobStore promises of its lists, and every OutcomeReader of its range. */
export function jobListsContract(name: string, make: () => Promise<ListPorts>): void {
  describe(`${name}: watched`, () => {
    test('gives rows of one class and priority up to a time, oldest first, at most so many', async () => {
      const { store } = await make();
      const at = (seconds: number) => addSeconds(LONG_AGO, seconds);
      const third = await accepted(store, { priority: 'LOW', checkAt: at(3) });
      const first = await accepted(store, { priority: 'LOW', status: 'retrying', checkAt: at(1) });
      const second = await accepted(store, { priority: 'LOW', checkAt: at(2) });
      await accepted(store, { priority: 'HIGH', checkAt: at(1) });
      await accepted(store, { priority: 'LOW', status: 'scheduled', checkAt: at(1) });
      await accepted(store, { priority: 'LOW', status: 'succeeded', endedAt: NOW });
      await accepted(store, { priority: 'LOW', checkAt: at(4) });

      expect(await store.watched('open', 'LOW', at(3), 10)).toEqual([first, second, third]);
      expect(await store.watched('open', 'LOW', at(3), 2)).toEqual([first, second]);
    });

    test('follows a job from class to class', async () => {
      const { store } = await make();
      const seen = async (watch: Parameters<JobStore['watched']>[0], jobId: string) =>
        ids(await store.watched(watch, 'CRITICAL', '2099-01-01T00:00:00.000Z', 1000)).includes(jobId);
      const scheduled = await accepted(store, { priority: 'CRITICAL', status: 'scheduled' });
      const { jobId } = scheduled;
      expect(await seen('scheduled', jobId)).toBe(true);

      const release = sampleChange('release', scheduled, { set: { checkAt: NOW } });
      await store.commit(release);
      expect([await seen('scheduled', jobId), await seen('open', jobId)]).toEqual([false, true]);

      const claim = await store.claim({ jobId, generation: 1, now: NOW, timing: TIMING });
      if (!('row' in claim)) throw new Error('The sample job could not be claimed.');
      const wait = sampleChange('wait', claim.row, { set: { checkAt: NOW, openChildren: 1 } });
      await store.commit(wait);
      expect([await seen('open', jobId), await seen('waiting', jobId)]).toEqual([false, true]);

      const cancel = sampleChange('cancel', wait.after);
      await store.commit(cancel);
      expect(await seen('waiting', jobId)).toBe(false);
    });

    test('shows a claimed job from the end of its lease on', async () => {
      const { store } = await make();
      const row = await running(store, { priority: 'HIGH' });
      const until = row.checkAt ?? NOW;

      expect(ids(await store.watched('open', 'HIGH', until, 1000))).toContain(row.jobId);
      expect(ids(await store.watched('open', 'HIGH', addSeconds(until, -1), 1000))).not.toContain(row.jobId);
    });

    test('shows a failed job at the time of its end, until it is retried', async () => {
      const { store } = await make();
      const failed = sampleChange('fail', await running(store, { priority: 'HIGH' }));
      await store.commit(failed);
      const { jobId, endedAt = NOW } = failed.after;
      expect(ids(await store.watched('failed', 'HIGH', endedAt, 1000))).toContain(jobId);

      await store.commit(sampleChange('redrive', failed.after, { set: { checkAt: NOW } }));
      expect(ids(await store.watched('failed', 'HIGH', endedAt, 1000))).not.toContain(jobId);
    });
  });

  describe(`${name}: touch`, () => {
    test('moves the next check and counts, once for whoever read the row so', async () => {
      const { store } = await make();
      const row = await accepted(store, {});
      const next = { checkAt: addSeconds(NOW, 999), checks: 1, resends: 1 };

      expect(await store.touch(row, next)).toBe(true);
      expect(await store.touch(row, { ...next, checks: 2 })).toBe(false);

      expect(await store.read(row.jobId)).toEqual({ ...row, ...next });
      expect(ids(await store.watched('open', row.priority, next.checkAt, 1000))).toContain(row.jobId);
      expect(ids(await store.watched('open', row.priority, NOW, 1000))).not.toContain(row.jobId);
    });

    test('is refused after the row has moved, and for a row that does not stand', async () => {
      const { store } = await make();
      const row = await accepted(store, {});
      await store.claim({ jobId: row.jobId, generation: 1, now: NOW, timing: TIMING });

      expect(await store.touch(row, { checkAt: NOW, checks: 1 })).toBe(false);
      expect(await store.touch(sampleJob().row, { checkAt: NOW, checks: 1 })).toBe(false);
    });
  });

  describe(`${name}: lists`, () => {
    test('show a user’s jobs of one month, newest first, page by page', async () => {
      const { store } = await make();
      const userRef = unique('user');
      const rows: JobRow[] = [];
      for (let minute = 0; minute < 5; minute += 1)
        rows.push(await accepted(store, { userRef, createdAt: `2031-05-06T07:0${minute}:00.000Z` }));
      await accepted(store, { userRef, createdAt: '2031-04-30T23:59:59.999Z' });
      await accepted(store, { createdAt: '2031-05-06T07:00:00.000Z' });

      const pages = await allPages((after) => store.listByUser(userRef, '2031-05', 2, after));

      const [a, b, c, d, e] = rows;
      expect(pages).toEqual([[e, d], [c, b], [a]]);
    });

    test('end without a cursor when the last page is full', async () => {
      const { store } = await make();
      const userRef = unique('user');
      for (let count = 0; count < 4; count += 1) await accepted(store, { userRef });

      const pages = await allPages((after) => store.listByUser(userRef, NOW.slice(0, 7), 2, after));
      expect(pages.map((page) => page.length)).toEqual([2, 2]);
    });

    test('carry what opens to the summaries of their jobs', async () => {
      const { store } = await make();
      const userRef = unique('user');
      const ends = [
        ['succeed', 'soon, 12 days'],
        ['fail', 'half done'],
      ] as const;
      const said = new Map<string, string>();
      for (const [event, summary] of ends) {
        const before = await running(store, { userRef, priority: 'LOW' });
        await store.commit(sampleChange(event, before, { summary }));
        said.set(before.jobId, summary);
      }

      const { rows: own } = await store.listByUser(userRef, NOW.slice(0, 7), 10);
      expect(await store.summaries(own)).toEqual(said);

      const filter = { watches: ['failed'], priorities: ['LOW'] } as const;
      const failed = (await allPages((after) => store.listOpen(filter, 50, after))).flat();
      const mine = failed.filter((row) => said.has(row.jobId));
      expect([...(await store.summaries(mine)).values()]).toEqual(['half done']);
    });

    test('go on after the last one shown, also when what was shown has left the list', async () => {
      const { store } = await make();
      const filter = { watches: ['open'], priorities: ['HIGH'] } as const;
      const jobs = [];
      for (let index = 0; index < 4; index += 1) jobs.push(await running(store, { priority: 'HIGH' }));
      const seen = new Set<string>();
      let after: string | undefined;
      do {
        const page = await store.listOpen(filter, 2, after);
        for (const row of page.rows) {
          seen.add(row.jobId);
          const own = jobs.find(({ jobId }) => jobId === row.jobId);
          if (own) await store.commit(sampleChange('succeed', own));
        }
        after = page.next;
      } while (after !== undefined);
      expect([...seen]).toEqual(expect.arrayContaining(jobs.map(({ jobId }) => jobId)));
    });

    test('show staff each open job once', async () => {
      const { store } = await make();
      const open = [
        await accepted(store, { priority: 'LOW' }),
        await accepted(store, { priority: 'CRITICAL' }),
        await running(store),
        await accepted(store, { status: 'waiting', openChildren: 1 }),
      ];
      const hidden = [
        await accepted(store, { status: 'scheduled' }),
        await accepted(store, { status: 'cancelled', endedAt: NOW }),
      ];

      const filter = { watches: ['open', 'waiting'], priorities: PRIORITY_NAMES } as const;
      const pages = await allPages((after) => store.listOpen(filter, 7, after));

      const shown = ids(pages.flat());
      expect(new Set(shown).size).toBe(shown.length);
      expect(shown).toEqual(expect.arrayContaining(ids(open)));
      for (const row of hidden) expect(shown).not.toContain(row.jobId);
    });
  });

  describe(`${name}: outcomes`, () => {
    /** Ends one job for each of these times. */
    async function ended(store: JobStore, times: readonly Instant[]): Promise<OutcomeRow[]> {
      const rows: OutcomeRow[] = [];
      for (const endedAt of times) {
        const change = sampleChange('succeed', await running(store, { jobId: sampleJobId() }));
        if (!change.outcome) throw new Error('A job that succeeds has an outcome.');
        const outcome = { ...change.outcome, endedAt };
        await store.commit({ ...change, outcome });
        rows.push(outcome);
      }
      return rows;
    }

    test('are read by the time of the end: from its first moment to before its last', async () => {
      const { store, outcomes } = await make();
      const rows = await ended(store, [
        '2030-11-05T10:14:59.999Z',
        '2030-11-05T10:15:00.000Z',
        '2030-11-05T11:30:00.000Z',
        '2030-11-05T12:59:59.999Z',
        '2030-11-05T13:00:00.000Z',
      ]);

      const found: OutcomeRow[] = [];
      const range = outcomes.between('2030-11-05T10:15:00.000Z', '2030-11-05T13:00:00.000Z');
      for await (const row of range) found.push(row);

      const byEnd = found.toSorted((a, b) => (a.endedAt < b.endedAt ? -1 : 1));
      expect(byEnd).toEqual(rows.slice(1, 4));
    });

    test('of a range without length, or the wrong way round, are none', async () => {
      const { store, outcomes } = await make();
      const [early, late] = ['2030-11-05T10:15:00.000Z', '2030-11-05T10:45:00.000Z'];
      await ended(store, [early, '2030-11-05T10:30:00.000Z', late]);
      for (const [from, to] of [
        [early, early],
        [late, early],
      ] as const) {
        for await (const row of outcomes.between(from, to)) expect(row).toBeUndefined();
        expect(await store.listEnded({ from, to }, 10)).toEqual({ rows: [] });
      }
    });

    test('are listed latest first, page by page, over empty hours', async () => {
      const { store } = await make();
      const rows = await ended(store, [
        '2030-12-01T09:59:59.999Z',
        '2030-12-01T10:00:00.000Z',
        '2030-12-01T10:30:00.000Z',
        '2030-12-06T00:00:00.000Z',
        '2030-12-06T20:00:00.000Z',
        '2030-12-06T21:00:00.000Z',
      ]);

      const range = { from: '2030-12-01T10:00:00.000Z', to: '2030-12-06T21:00:00.000Z' };
      const pages = await allPages((after) => store.listEnded(range, 2, after));

      expect(ids(pages.flat())).toEqual(ids(rows.slice(1, 5).toReversed()));
      expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(2);
    });
  });
}
