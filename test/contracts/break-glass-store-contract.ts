import { describe, expect, test } from 'vitest';
import type { EventReader } from '#shared/jobs/ports.ts';
import { addSeconds, type Instant } from '#shared/lifecycle/instant.ts';
import type { BreakGlassGrant, BreakGlassStore } from '#shared/operations/break-glass-ports.ts';
import type { JobStore } from '#shared/operations/ports.ts';
import { judged, newGrant, opened, SAMPLE_WORDS, sampleGrant } from './sample-grants.ts';
import { NOW, sampleEntry, unique } from './sample-jobs.ts';

export interface BreakGlassUnderTest {
  readonly store: BreakGlassStore;
  readonly jobs: JobStore;
  readonly events: EventReader;
  /** Closes the user's secret: what stands can be opened, nothing new is sealed. */
  readonly close: (userRef: string) => Promise<void>;
  readonly erase: (userRef: string) => Promise<void>;
}

/** What every BreakGlassStore promises. */
export function breakGlassStoreContract(name: string, make: () => Promise<BreakGlassUnderTest>): void {
  /** Ids of a whole list, read in pages of two; grants of other tests stand beside it. */
  async function idsOf(store: BreakGlassStore, status: 'open' | 'overdue' | 'reviewed', now: Instant) {
    const ids: string[] = [];
    let after: string | undefined;
    do {
      const page = await store.page(status, now, 2, after);
      ids.push(...page.grants.map(({ grantId }) => grantId));
      after = page.next;
    } while (after !== undefined);
    return ids;
  }

  const only = (ids: readonly string[], grants: readonly BreakGlassGrant[]) =>
    ids.filter((id) => grants.some(({ grantId }) => grantId === id));

  describe(`${name}: grants of emergency access`, () => {
    test('stand with their words, their notice and their row for roll-ups', async () => {
      const { store, jobs, events } = await make();
      const grant = sampleGrant();
      const made = newGrant(grant);
      expect(await store.open(made)).toEqual({});
      expect(await store.read(grant.grantId)).toEqual({ grant, words: SAMPLE_WORDS });
      expect(await store.readClear(grant.grantId)).toEqual(grant);
      expect(await jobs.read(made.notice.row.jobId)).toMatchObject({ kind: 'break-glass-notice' });
      const rows: string[] = [];
      for await (const { id } of events.breakGlass(NOW, addSeconds(NOW, 0.001))) rows.push(id);
      expect(rows).toContain(grant.grantId);
    });

    test('do not exist under another id', async () => {
      const { store } = await make();
      expect(await store.read(sampleGrant().grantId)).toBeUndefined();
      expect(await store.readClear(sampleGrant().grantId)).toBeUndefined();
    });

    test('are opened once under one idempotency key, and nothing of the second one stands', async () => {
      const { store, jobs } = await make();
      const idempotency = {
        keyRef: unique('key'),
        fingerprint: 'body',
        expiresAt: addSeconds(NOW, 86_400),
        answer: { grant_id: 'first' },
      };
      await store.open(newGrant(sampleGrant(), { idempotency }));
      const second = newGrant(sampleGrant(), {
        idempotency: { ...idempotency, answer: { grant_id: 'second' } },
      });
      expect((await store.open(second)).taken).toMatchObject({
        fingerprint: 'body',
        answer: { grant_id: 'first' },
      });
      expect(await store.read(second.grant.grantId)).toBeUndefined();
      expect(await jobs.read(second.notice.row.jobId)).toBeUndefined();
      const later = addSeconds(NOW, 86_400);
      const third = newGrant(sampleGrant({ grantedAt: later }), {
        idempotency: { ...idempotency, expiresAt: addSeconds(later, 86_400) },
      });
      expect(await store.open(third)).toEqual({});
    });

    test('are changed only as they were read', async () => {
      const { store } = await make();
      const grant = await opened(store);
      const after = judged({ ...grant, endedAt: addSeconds(NOW, 5) }, addSeconds(NOW, 5));
      expect(await store.change(grant, after, sampleEntry(), 'It was right.')).toBe(true);
      expect(await store.read(grant.grantId)).toEqual({
        grant: after,
        words: { ...SAMPLE_WORDS, note: 'It was right.' },
      });
      expect(await store.change(grant, { ...grant, revision: 2 }, sampleEntry())).toBe(false);
      expect(await store.readClear(grant.grantId)).toEqual(after);
    });

    test('bar their holder from that patient when one was not justified, also where a newer one stands', async () => {
      const { store } = await make();
      const first = await opened(store);
      const { userRef, actorRef } = first;
      await opened(store, { userRef, actorRef, grantedAt: addSeconds(NOW, 1) });
      const at = addSeconds(NOW, 5);
      const review = {
        verdict: 'not_justified',
        reviewedAt: at,
        reviewerRef: 'reviewer',
        role: 'auditor',
      } as const;
      expect(await store.change(first, { ...first, review, revision: 2 }, sampleEntry())).toBe(true);
      const again = (seconds: number, over: Partial<BreakGlassGrant> = {}) =>
        store.open(newGrant(sampleGrant({ userRef, actorRef, grantedAt: addSeconds(at, seconds), ...over })));
      expect(await again(1)).toEqual({ barred: true });
      expect(await again(1, { userRef: unique('user') })).toEqual({});
      expect(await again(1, { actorRef: unique('actor') })).toEqual({});
      expect(await again(86_399)).toEqual({ barred: true });
      expect(await again(86_400)).toEqual({});
    });

    test('lose their words with the patient’s secret, and nothing else', async () => {
      const { store, erase } = await make();
      const grant = await opened(store);
      await erase(grant.userRef);
      expect(await store.read(grant.grantId)).toEqual({ grant });
    });

    test('are judged without a note while nothing is sealed for the patient any more, and after that', async () => {
      const { store, erase, close } = await make();
      for (const end of [close, erase]) {
        const grant = await opened(store);
        await end(grant.userRef);
        const after = judged(grant, addSeconds(NOW, 5));
        expect(await store.change(grant, after, sampleEntry(), 'It was right.')).toBe(true);
        const { grant: stands, words } = (await store.read(grant.grantId)) ?? {};
        expect(stands).toEqual(after);
        expect(words).toEqual(end === close ? SAMPLE_WORDS : undefined);
      }
    });

    test('are listed by what became of their review: the earliest term first, judged ones backwards', async () => {
      const { store } = await make();
      const due = (minute: number) => `2031-07-01T00:${String(minute).padStart(2, '0')}:00.000Z`;
      const grants: BreakGlassGrant[] = [];
      for (const minute of [3, 1, 2, 4]) grants.push(await opened(store, { reviewDueAt: due(minute) }));
      const [third, first, second, fourth] = grants as [
        BreakGlassGrant,
        BreakGlassGrant,
        BreakGlassGrant,
        BreakGlassGrant,
      ]; // opened just above
      const ids = (...some: BreakGlassGrant[]) => some.map(({ grantId }) => grantId);
      expect(only(await idsOf(store, 'open', due(0)), grants)).toEqual(ids(first, second, third, fourth));
      // What is due at this very moment is still in time.
      expect(only(await idsOf(store, 'overdue', due(2)), grants)).toEqual(ids(first));
      expect(only(await idsOf(store, 'open', due(2)), grants)).toEqual(ids(second, third, fourth));
      await store.change(fourth, judged(fourth, due(5)), sampleEntry(), 'fine');
      await store.change(second, judged(second, due(6)), sampleEntry(), 'fine');
      expect(only(await idsOf(store, 'reviewed', due(7)), grants)).toEqual(ids(second, fourth));
      expect(only(await idsOf(store, 'overdue', due(7)), grants)).toEqual(ids(first, third));
      expect(only(await idsOf(store, 'open', due(7)), grants)).toEqual([]);
    });
  });
}
