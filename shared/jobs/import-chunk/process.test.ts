import { expect, it } from 'vitest';
import { KindBench } from '#test/builders/kind-bench.ts';
import { importLineId } from '../intake/import-order.ts';
import { LINES_PER_CHUNK } from '../intake/plan-chunks.ts';
import { process } from './process.ts';

const ID = '0000000000G8QJ4S5W9N3X7ZKA';
const NOW = '2026-03-09T12:00:00.000Z';

it('a full chunk whose lines change all that they can fits into transactions, and keeps what was used', async () => {
  const bench = new KindBench(NOW);
  const lines = Array.from({ length: LINES_PER_CHUNK }, (_, index) => {
    const userId = `p${index}`;
    const ids = { userId, medicationId: 'm' };
    const owner = bench.refs.user(userId);
    const id = bench.refs.medication(userId, 'm');
    const common = { owner, expect: 'absent' } as const;
    const schedule = { frequency: 'QD', times: ['08:00'], timeZone: 'UTC', startDate: '2026-03-01' };
    const request = {
      user_id: userId,
      medication_id: 'm',
      schedule: { frequency: 'QD', times: ['08:00'], time_zone: 'UTC' },
      medication: { name: 'lisinopril', dose_units: 2, last_fill_date: '2026-03-01', days_supply: 30 },
    };
    bench.write(
      { ...common, type: 'medication', id, state: { status: 'active' }, body: { ...ids, doseUnits: 1 } },
      {
        ...common,
        type: 'schedule',
        id,
        state: { status: 'active', nextDueAt: null, acceptedAt: '2026-03-01T00:00:00.000Z', revision: 1 },
        body: { ...ids, ...schedule, tzdataVersion: 't' },
      },
      {
        ...common,
        type: 'import-line',
        id: importLineId(ID, index + 1),
        state: { acceptedAt: NOW },
        body: { request },
      },
    );
    return { line: index + 1, owner };
  });
  const world = bench.world();
  const items: number[] = [];
  const job = bench.job({
    import_id: ID,
    accepted_at: NOW,
    role: 'service' as const,
    submitted_by: 's1',
    lines,
  });
  const done = await process(job, {
    ...world,
    recordIntent: (writes, evidence = []) => {
      const fills = writes.filter((write) => 'newFill' in write && write.newFill).length;
      // The claim of the attempt is looked at, too.
      items.push(1 + writes.length + fills + evidence.length);
      return world.recordIntent(writes, evidence);
    },
  });
  expect(items).toEqual([1 + 19 * 4, 1 + 1 * 4]);
  expect(Math.max(...items)).toBeLessThanOrEqual(100);
  const kept = bench.all('schedule').map(({ body }) => body.earlierUse);
  for (const one of kept)
    expect(one).toMatchObject({ since: NOW, stretches: [{ doseUnits: 1, until: NOW }] });
  // The new schedule begins where the old use ends.
  expect('children' in done && done.children?.map(({ dueAt }) => dueAt)).toEqual(lines.map(() => NOW));
});
