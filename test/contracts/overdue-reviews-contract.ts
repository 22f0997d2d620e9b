import { describe, expect, test } from 'vitest';
import { reviewDueAt } from '#shared/evidence/break-glass.ts';
import { addSeconds } from '#shared/lifecycle/instant.ts';
import type { BreakGlassStore, OverdueReviews } from '#shared/operations/break-glass-ports.ts';
import { judged, opened } from './sample-grants.ts';
import { sampleEntry } from './sample-jobs.ts';

export interface OverdueReviewsUnderTest {
  readonly store: BreakGlassStore;
  readonly overdue: OverdueReviews;
}

/** What every OverdueReviews promises. The grants of other suites stand beside its own, so it counts differences. */
export function overdueReviewsContract(name: string, make: () => Promise<OverdueReviewsUnderTest>): void {
  describe(`${name}: overdue reviews`, () => {
    test('count what nobody has judged when its term is over, and not a moment before', async () => {
      const { store, overdue } = await make();
      const reviewDueAt = '2031-06-01T00:00:00.000Z';
      const later = addSeconds(reviewDueAt, 0.001);
      const before = [await overdue.count(reviewDueAt, 100), await overdue.count(later, 100)] as const;
      const grant = await opened(store, { reviewDueAt });
      const other = await opened(store, { reviewDueAt });
      expect(await overdue.count(reviewDueAt, 100)).toBe(before[0]);
      expect(await overdue.count(later, 100)).toBe(before[1] + 2);
      await store.change(grant, judged(grant, later), sampleEntry(), 'fine');
      expect(await overdue.count(later, 100)).toBe(before[1] + 1);
      await store.change(other, judged(other, later), sampleEntry(), 'fine');
      expect(await overdue.count(later, 100)).toBe(before[1]);
    });

    test('tell how many grants were made since a moment, judged ones too', async () => {
      const { store, overdue } = await make();
      const since = '2031-05-01T00:00:00.000Z';
      const before = await overdue.made(since, 100);
      const opensAt = (grantedAt: string) =>
        opened(store, { grantedAt, reviewDueAt: reviewDueAt(grantedAt) });
      await opensAt(addSeconds(since, -0.001));
      await opensAt(since);
      const grant = await opensAt(addSeconds(since, 60));
      await store.change(grant, judged(grant, addSeconds(since, 90)), sampleEntry(), 'fine');
      const late = await opensAt(addSeconds(since, -3_600));
      await store.change(late, judged(late, addSeconds(since, 90)), sampleEntry(), 'fine');
      expect(await overdue.made(since, 100)).toBe(before + 2);
      expect(await overdue.made(since, 1)).toBe(1);
    });

    test('are counted up to the limit', async () => {
      const { store, overdue } = await make();
      for (let count = 0; count < 3; count += 1)
        await opened(store, { reviewDueAt: '2031-06-02T00:00:00.000Z' });
      expect(await overdue.count('2031-06-03T00:00:00.000Z', 2)).toBe(2);
    });
  });
}
