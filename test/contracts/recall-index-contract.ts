import { describe, expect, test } from 'vitest';
import type { Recall } from '#shared/jobs/ports.ts';
import { addSeconds, type Instant } from '#shared/lifecycle/instant.ts';
import type { JobStore } from '#shared/operations/ports.ts';
import type { RecallIndex, RecallRow } from '#shared/operations/recall-ports.ts';
import { running } from './job-commit-contract.ts';
import { NOW, sampleChange, unique } from './sample-jobs.ts';

export interface RecallPorts {
  readonly store: JobStore;
  readonly index: RecallIndex;
  /** Takes away what opens the things of that user. */
  readonly erase: (userRef: string) => Promise<void>;
}

const RECALL: Recall = {
  dataSet: 'test@1',
  rules: ['rule-a', 'rule-b'],
  outcome: 'findings',
  level: 'major',
};

/** What every RecallIndex promises, and the store whose last transactions fill it. */
export function recallIndexContract(name: string, make: () => Promise<RecallPorts>): void {
  /** A job that ended so many seconds after the others, found under these hashes. */
  async function ended(store: JobStore, refs: readonly string[], seconds = 0) {
    const before = await running(store);
    const change = sampleChange('succeed', before, { result: {}, recall: { refs, recall: RECALL } });
    const at = addSeconds(change.after.endedAt ?? NOW, seconds);
    const moved = { ...change, after: { ...change.after, endedAt: at } };
    expect(await store.commit(moved)).toBe('committed');
    return { jobId: before.jobId, userRef: before.userRef ?? '', endedAt: at };
  }

  const idsOf = (rows: readonly RecallRow[]) => rows.map(({ jobId }) => jobId);
  const to: Instant = addSeconds(NOW, 86_400);

  describe(`${name}: results by what they are recalled for`, () => {
    test('are found under each of their hashes, as they were committed', async () => {
      const { store, index } = await make();
      const [rule, other] = [unique('rule'), unique('other')];
      const job = await ended(store, [rule, other]);
      for (const ref of [rule, other])
        expect(await index.page([ref], { to }, 10)).toEqual({ rows: [{ ref, ...job, recall: RECALL }] });
      expect(await index.page([unique('none')], { to }, 10)).toEqual({ rows: [] });
    });

    test('come newest first, page by page, each once, from several hashes together', async () => {
      const { store, index } = await make();
      const [rule, many] = [unique('rule'), unique('many')];
      const jobs = [];
      for (const [n, ref] of [rule, many, rule, rule, many, rule, rule].entries())
        jobs.push(await ended(store, [ref], n));
      const seen: string[] = [];
      let after: string | undefined;
      for (let pages = 0; pages < 10; pages += 1) {
        const page = await index.page([rule, many], { to }, 3, after);
        expect(page.rows.length).toBeLessThanOrEqual(3);
        seen.push(...idsOf(page.rows));
        after = page.next;
        if (after === undefined) break;
      }
      expect(seen).toEqual(jobs.map(({ jobId }) => jobId).reverse());
      expect(after).toBeUndefined();
    });

    test('are those of the time that is asked for: its start belongs to it, its end does not', async () => {
      const { store, index } = await make();
      const rule = unique('rule');
      const [first, second, third] = [
        await ended(store, [rule], 0),
        await ended(store, [rule], 10),
        await ended(store, [rule], 20),
      ];
      const range = { from: second.endedAt, to: third.endedAt };
      expect(idsOf((await index.page([rule], range, 10)).rows)).toEqual([second.jobId]);
      expect(idsOf((await index.page([rule], { to: second.endedAt }, 10)).rows)).toEqual([first.jobId]);
      expect(await index.page([rule], { from: to, to: NOW }, 10)).toEqual({ rows: [] });
    });

    test('are still there when their user was erased, and say nothing', async () => {
      const { store, index, erase } = await make();
      const rule = unique('rule');
      const [kept, gone] = [await ended(store, [rule], 1), await ended(store, [rule], 0)];
      await erase(gone.userRef);
      const { rows } = await index.page([rule], { to }, 10);
      expect(rows).toEqual([
        { ref: rule, ...kept, recall: RECALL },
        { ref: rule, ...gone },
      ]);
    });

    test('are taken away hash by hash, and those of other jobs stay', async () => {
      const { store, index } = await make();
      const [rule, set] = [unique('rule'), unique('set')];
      const [gone, kept] = [await ended(store, [rule, set], 0), await ended(store, [rule, set], 1)];
      expect(await index.entry(set, gone)).toEqual(RECALL);
      await index.remove([rule, set], gone);
      await index.remove([rule, set], gone);
      expect(await index.entry(set, gone)).toBeUndefined();
      for (const ref of [rule, set])
        expect(idsOf((await index.page([ref], { to }, 10)).rows)).toEqual([kept.jobId]);
    });

    test('are not written when the job has moved', async () => {
      const { store, index } = await make();
      const rule = unique('rule');
      const before = await running(store);
      const late = { ...before, fence: before.fence - 1 };
      const change = sampleChange('succeed', late, { recall: { refs: [rule], recall: RECALL } });
      expect(await store.commit(change)).toBe('lost');
      expect(await index.page([rule], { to }, 10)).toEqual({ rows: [] });
    });

    test('fit into one transaction beside all that a job writes, however many hashes there may be', async () => {
      const { store, index } = await make();
      const refs = Array.from({ length: 49 }, (_, number) => unique(`rule-${number}`));
      const job = await ended(store, refs);
      expect(idsOf((await index.page([refs.at(-1) ?? ''], { to }, 10)).rows)).toEqual([job.jobId]);
    });
  });
}
