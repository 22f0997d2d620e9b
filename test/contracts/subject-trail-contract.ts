import { describe, expect, test } from 'vitest';
import { standaloneEntry } from '#shared/evidence/audit-chain.ts';
import type { AuditEntry } from '#shared/evidence/audit-entry.ts';
import type { AuditLog } from '#shared/operations/ports.ts';
import type { SubjectTrail } from '#shared/operations/rights-ports.ts';
import { random, unique } from './sample-jobs.ts';

export interface SubjectParts {
  readonly audit: AuditLog;
  readonly trail: SubjectTrail;
}

const RANGE = { from: '2029-05-06T00:00:00.000Z', to: '2031-05-06T00:00:00.000Z' };
const EVERY = () => true;

/** What every SubjectTrail promises, over what an AuditLog writes. */
export function subjectTrailContract(name: string, make: () => Promise<SubjectParts>): void {
  async function written({ audit }: SubjectParts, subjectRef: string, at: string, role = 'clinician') {
    const entry = standaloneEntry(
      {
        at,
        action: 'medications.read',
        outcome: 'success',
        actor: { ref: 'a', role },
        subjectRef,
        correlationId: 'c',
        details: {},
      },
      random.ulid(at),
    );
    await audit.put(entry);
    return entry;
  }

  const idsOf = (entries: readonly AuditEntry[]) => entries.map(({ entryId }) => entryId);

  describe(`${name}: the audit trail by whom it is about`, () => {
    test('lists the newest first, over months, of all hashes of one patient together', async () => {
      const parts = await make();
      const [now, then, other] = [unique('now'), unique('then'), unique('other')];
      const old = await written(parts, then, '2029-12-31T23:59:59.999Z');
      const middle = await written(parts, now, '2030-01-01T00:00:00.000Z');
      const latest = await written(parts, now, '2031-05-05T23:59:59.999Z');
      await written(parts, other, '2030-01-01T00:00:00.000Z');
      const page = await parts.trail.page([now, then], RANGE, EVERY, 10);
      expect(page.entries).toEqual([latest, middle, old]);
      expect((await parts.trail.page([unique('nobody')], RANGE, EVERY, 10)).entries).toEqual([]);
    });

    test('keeps to the range: its start belongs to it, its end does not', async () => {
      const parts = await make();
      const subject = unique('subject');
      const first = await written(parts, subject, '2030-02-01T00:00:00.000Z');
      await written(parts, subject, '2030-03-01T00:00:00.000Z');
      await written(parts, subject, '2030-01-31T23:59:59.999Z');
      const range = { from: '2030-02-01T00:00:00.000Z', to: '2030-03-01T00:00:00.000Z' };
      expect((await parts.trail.page([subject], range, EVERY, 10)).entries).toEqual([first]);
    });

    test('comes page by page, each entry once, without those that are not wanted', async () => {
      const parts = await make();
      const [one, two] = [unique('one'), unique('two')];
      const made: AuditEntry[] = [];
      for (let number = 0; number < 9; number += 1) {
        const month = String(1 + (number % 4)).padStart(2, '0');
        const at = `2030-${month}-0${1 + number}T00:00:00.000Z`;
        made.push(await written(parts, number % 2 === 0 ? one : two, at));
        await written(parts, one, at, 'system');
      }
      const seen: AuditEntry[] = [];
      let after: string | undefined;
      for (let pages = 0; pages < 20; pages += 1) {
        const wanted = ({ actor }: AuditEntry) => actor.role !== 'system';
        const page = await parts.trail.page([one, two], RANGE, wanted, 2, after);
        expect(page.entries.length).toBeLessThanOrEqual(2);
        seen.push(...page.entries);
        after = page.next;
        if (after === undefined) break;
      }
      expect(after).toBeUndefined();
      const newest = made.toSorted((a, b) => (`${a.at}#${a.entryId}` > `${b.at}#${b.entryId}` ? -1 : 1));
      expect(idsOf(seen)).toEqual(idsOf(newest));
    });
  });
}
