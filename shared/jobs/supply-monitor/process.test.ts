import { describe, expect, it } from 'vitest';
import { KindBench } from '#test/builders/kind-bench.ts';
import { process } from './process.ts';

const COUNTED = '2026-03-02T17:00:00.000Z';
const NOW = '2026-03-04T17:00:00.000Z';

interface Stock {
  units?: number;
  medication?: 'active' | 'stopped';
  schedule?: 'active' | 'stopped' | 'none';
}

/** Twice daily in New York, counted at noon of 2 March; looked at two days, and so four doses, later. */
function stocked(medications: Readonly<Record<string, Stock>>) {
  const bench = new KindBench(NOW);
  const owner = bench.refs.user('p1');
  for (const [medicationId, stock] of Object.entries(medications)) {
    const id = bench.refs.medication('p1', medicationId);
    const ids = { userId: 'p1', medicationId };
    const lastSnapshot = stock.units !== undefined && {
      lastSnapshot: { medicationId, supplyUnits: stock.units, takenAt: COUNTED, result: {} },
    };
    bench.write({
      type: 'medication',
      owner,
      id,
      expect: 'absent',
      state: { status: stock.medication ?? 'active' },
      body: { ...ids, ...lastSnapshot },
    });
    if (stock.schedule === 'none') continue;
    bench.write({
      type: 'schedule',
      owner,
      id,
      expect: 'absent',
      state: {
        status: stock.schedule ?? 'active',
        nextDueAt: null,
        acceptedAt: '2026-03-01T00:00:00.000Z',
        revision: 1,
      },
      body: {
        ...ids,
        frequency: 'BID',
        times: ['08:00', '20:00'],
        timeZone: 'America/New_York',
        startDate: '2026-03-01',
        tzdataVersion: 't',
      },
    });
  }
  return bench;
}

async function monitor(bench: KindBench, medications: string[]) {
  const done = bench.commit(await process(bench.job({ user_id: 'p1', medications }), bench.world()));
  if (done.end !== 'succeeded') throw new Error(`It ended ${done.end}.`);
  return { ...done, children: done.children ?? [], outcomes: done.result['medications'] };
}

describe('the supply monitor', () => {
  it('projects from the last count less the doses due since', async () => {
    const { outcomes } = await monitor(stocked({ m1: { units: 9 } }), ['m1']);
    expect(outcomes).toEqual([
      {
        medication_id: 'm1',
        outcome: 'projected',
        counted_at: COUNTED,
        units_counted: 9,
        units_on_hand: 5,
        days_of_supply: 2,
        last_covered_date: '2026-03-06',
        run_out_date: '2026-03-07',
        order_by_date: '2026-02-28',
        urgency: 'now',
      },
    ]);
  });

  it('says so when doses count as taken that nobody confirmed', async () => {
    const { result } = await monitor(stocked({ m1: { units: 9 } }), ['m1']);
    expect(result['assumptions']).toContain('doses_due_since_the_count_were_taken');
  });

  it('has those checked that run low, and no others', async () => {
    const bench = stocked({ out: { units: 2 }, now: { units: 10 }, soon: { units: 24 }, ok: { units: 90 } });
    const { children, outcomes, summary } = await monitor(bench, ['out', 'now', 'soon', 'ok']);
    expect(outcomes).toMatchObject(['out', 'now', 'soon', 'ok'].map((urgency) => ({ urgency })));
    expect(children.map(({ kind, payload }) => [kind, payload])).toEqual(
      [
        ['out', 0],
        ['now', 6],
        ['soon', 20],
      ].map(([medication_id, current_supply]) => [
        'refill-check',
        { user_id: 'p1', medication_id, current_supply, supply_source: 'estimated' },
      ]),
    );
    expect(new Set(children.map(({ key }) => key)).size).toBe(3);
    expect(summary).toBe('1 out, 1 now, 1 soon, 1 ok');
  });

  it('makes the same children when the attempt is repeated', async () => {
    const bench = stocked({ m1: { units: 9 } });
    const first = await monitor(bench, ['m1']);
    expect((await monitor(bench, ['m1'])).children).toEqual(first.children);
  });

  it('never fails the list for one medication', async () => {
    const bench = stocked({
      ok: { units: 90 },
      uncounted: {},
      stopped: { units: 1, medication: 'stopped' },
      loose: { units: 1, schedule: 'none' },
    });
    const { children, outcomes, summary } = await monitor(bench, [
      'ok',
      'strange',
      'uncounted',
      'stopped',
      'loose',
    ]);
    expect(outcomes).toMatchObject([
      { outcome: 'projected' },
      { medication_id: 'strange', outcome: 'unknown_medication' },
      { outcome: 'never_counted' },
      { outcome: 'stopped' },
      { outcome: 'no_schedule' },
    ]);
    expect(children).toEqual([]);
    expect(summary).toBe('1 ok, 1 unknown_medication, 1 never_counted, 1 stopped, 1 no_schedule');
  });
});
