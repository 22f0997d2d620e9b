import { describe, expect, test } from 'vitest';
import { standaloneEntry } from '#shared/evidence/audit-chain.ts';
import type { AuditEntry } from '#shared/evidence/audit-entry.ts';
import { lineOf } from '#shared/evidence/seal.ts';
import type { AuditTrail, TrailEntry } from '#shared/operations/seal-ports.ts';
import { sampleJob, unique } from './sample-jobs.ts';

/** What every AuditTrail promises. */
export function auditTrailContract(
  name: string,
  make: () => Promise<{ trail: AuditTrail; put: (entry: AuditEntry) => Promise<void> }>,
): void {
  describe(`${name}: audit trail`, () => {
    test('lists chained, single and gathered entries of an hour, in their order, and none of another', async () => {
      const { trail, put } = await make();
      const hour = unusedHour();
      const single = Array.from({ length: 40 }, (_, index) => entryAt(`${hour}:30:${text(index)}.000Z`));
      const gathered = entryAt(`${hour}:31:00.000Z`, `refusal#${hour}:31:00.000Z#${unique('reason')}`);
      const chained = sampleJob({ createdAt: `${hour}:59:59.999Z` }).audit;
      const others = [entryAt(`${before(hour)}:59:59.999Z`), ...single, gathered, chained];
      for (const entry of others.toReversed()) await put(entry);

      const found = await all(trail.hour(hour));
      expect(found.map(({ line }) => line)).toEqual([...single, gathered, chained].map(lineOf));
      expect(found.every(({ intact }) => intact)).toBe(true);
    });

    test('knows nothing of an hour in which nothing happened', async () => {
      const { trail } = await make();
      expect(await all(trail.hour('1999-12-31T23'))).toEqual([]);
    });
  });
}

async function all(entries: AsyncIterable<TrailEntry>): Promise<TrailEntry[]> {
  const found: TrailEntry[] = [];
  for await (const entry of entries) found.push(entry);
  return found;
}

const entryAt = (at: string, entryId = unique('entry')): AuditEntry =>
  standaloneEntry(
    {
      at,
      action: 'jobs.listed',
      outcome: 'success',
      actor: { ref: 'test-actor', role: 'operator' },
      correlationId: 'test-correlation',
      details: { jobs: 1 },
    },
    entryId,
  );

/** Suites share one set of tables. */
function unusedHour(): string {
  hours += 1;
  return `2031-07-${text(1 + Math.floor(hours / 20))}T${text(1 + (hours % 20))}`;
}
let hours = 0;
const text = (number: number): string => String(number).padStart(2, '0');
const before = (hour: string): string => `${hour.slice(0, 11)}${text(Number(hour.slice(11)) - 1)}`;
