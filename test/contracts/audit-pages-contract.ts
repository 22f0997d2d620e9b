import { describe, expect, test } from 'vitest';
import { standaloneEntry } from '#shared/evidence/audit-chain.ts';
import type { AuditEntry } from '#shared/evidence/audit-entry.ts';
import type { AuditAbout, AuditPages } from '#shared/operations/audit-ports.ts';
import { sampleEntry, sampleJob, unique } from './sample-jobs.ts';

/** What every AuditPages promises. */
export function auditPagesContract(
  name: string,
  make: () => Promise<{ pages: AuditPages; put: (entry: AuditEntry) => Promise<void> }>,
): void {
  describe(`${name}: audit pages`, () => {
    const RANGE = { from: '2031-01-31T00:00:00.000Z', to: '2031-04-01T00:00:00.000Z' };
    const entryAt = (at: string, over: Partial<AuditEntry>) =>
      standaloneEntry({ ...sampleEntry(), at, ...over }, over.entryId ?? unique('entry'));

    test('are in the order of time over months, and hold nothing outside of the range', async () => {
      const { pages, put } = await make();
      const [subjectRef, actor] = [unique('user'), { ref: unique('actor'), role: 'clinician' }];
      const at = (instant: string) => entryAt(instant, { subjectRef, actor });
      const within = [
        RANGE.from,
        '2031-01-31T23:59:59.999Z',
        '2031-03-01T00:00:00.000Z',
        '2031-03-31T23:59:59.999Z',
      ].map(at);
      const others = ['2031-01-30T23:59:59.999Z', RANGE.to, '2031-04-01T00:00:00.001Z'].map(at);
      for (const entry of [...others, ...within.toReversed()]) await put(entry);

      for (const about of [
        { by: 'subject', ref: subjectRef },
        { by: 'actor', ref: actor.ref },
      ] satisfies AuditAbout[])
        expect(await pages.page(about, RANGE, 100)).toEqual({ entries: within, unreadable: 0 });
    });

    test('go on where the one before ended, entries of one moment and gathered ones included', async () => {
      const { pages, put } = await make();
      const actor = { ref: unique('actor'), role: 'none' };
      const moment = '2031-02-03T04:05:00.000Z';
      const gathered = (code: string) =>
        `refusal#${moment}#POST /api/v1/jobs/refill-check#authenticate#${code}`;
      const ids = ['01A', '01B', gathered('a'), gathered('ab'), gathered('b')];
      const all = ids.map((entryId) => entryAt(moment, { entryId: entryId + actor.ref, actor }));
      const later = entryAt('2031-03-03T04:05:00.000Z', { actor });
      for (const entry of [...all, later]) await put(entry);

      const found: AuditEntry[] = [];
      let after: string | undefined;
      do {
        const page = await pages.page({ by: 'actor', ref: actor.ref }, RANGE, 2, after);
        expect(page.entries.length).toBeLessThanOrEqual(2);
        found.push(...page.entries);
        after = page.next;
      } while (after !== undefined);
      expect(found).toEqual([...all, later]);
    });

    test('of a person who has several hashes hold the entries under each, in one order and page by page', async () => {
      const { pages, put } = await make();
      const [ref, first, second] = [unique('user'), unique('user'), unique('user')];
      const days = ['2031-02-01', '2031-02-02', '2031-02-03', '2031-03-04'];
      const all = days.map((day, index) =>
        entryAt(`${day}T00:00:00.000Z`, { subjectRef: [ref, first, ref, second][index] ?? ref }),
      );
      for (const entry of all) await put(entry);
      const about = { by: 'subject', ref, pseudonyms: [first, second] } as const;
      const found: AuditEntry[] = [];
      let after: string | undefined;
      do {
        const page = await pages.page(about, RANGE, 2, after);
        found.push(...page.entries);
        after = page.next;
      } while (after !== undefined);
      expect(found).toEqual(all);
    });

    test('about a job hold its chain and what stands beside it, and nothing of another job', async () => {
      const { pages, put } = await make();
      const { row, audit } = sampleJob({ createdAt: '2031-02-03T04:05:06.000Z' });
      const { jobId } = row;
      const read = entryAt('2031-02-03T04:05:07.000Z', { jobId, action: 'job.read' });
      for (const entry of [read, audit, sampleJob().audit]) await put(entry);
      expect(await pages.page({ by: 'job', jobId }, { from: '0', to: '9' }, 100)).toEqual({
        entries: [audit, read],
        unreadable: 0,
      });
    });

    test('of somebody unknown are empty, and a cursor of another list is refused', async () => {
      const { pages } = await make();
      const about = { by: 'subject', ref: unique('nobody') } as const;
      expect(await pages.page(about, RANGE, 10)).toEqual({ entries: [], unreadable: 0 });
      await expect(pages.page(about, RANGE, 10, 'bm9uZQ')).rejects.toMatchObject({ code: 'invalid_input' });
    });
  });
}
