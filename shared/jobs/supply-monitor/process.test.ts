import { describe, expect, it } from 'vitest';
import { KindBench } from '#test/builders/kind-bench.ts';
import type { MedicationBody, MedicationStatus, OccurrenceStatus, SupplyMessage } from '../ports.ts';
import { process } from './process.ts';

const COUNTED = '2026-03-02T17:00:00.000Z';
const NOW = '2026-03-04T17:00:00.000Z';

interface Stock {
  units?: number;
  facts?: Partial<MedicationBody>;
  medication?: MedicationStatus;
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
      body: { ...ids, ...lastSnapshot, ...stock.facts },
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
        doses_skipped: 0,
        time_zone: 'America/New_York',
        today: '2026-03-04',
        units_per_dose: 1,
        days_of_supply: 2,
        last_covered_date: '2026-03-06',
        first_uncovered_date: '2026-03-07',
        refill_eligible_date: null,
        order_by_date: '2026-02-28',
        urgency: 'now',
        reasons: [
          { member: 'refill_eligible_date', code: 'last_fill_date_missing' },
          { member: 'refill_eligible_date', code: 'days_supply_missing' },
          { member: 'refill_eligible_date', code: 'refills_left_missing' },
          { member: 'refill_eligible_date', code: 'dea_schedule_not_known' },
          { member: 'urgency', code: 'order_by_date_has_come' },
        ],
        assumptions: [
          'doses_due_since_the_count_were_taken_unless_recorded_as_skipped',
          'units_per_dose_is_1',
          'doses_due_earlier_today_were_taken',
          'order_takes_5_days_with_2_days_in_hand',
        ],
      },
    ]);
  });

  it('does not fill the box by a change of schedule, and says when nobody knows what was used', async () => {
    const bench = stocked({ m1: { units: 9 }, m2: { units: 9 } });
    const owner = bench.refs.user('p1');
    const before = bench.all('schedule');
    for (const [index, { id, version, state, body }] of before.entries()) {
      const { times, ...pattern } = body;
      const stretch = index === 0 ? { schedule: { ...pattern, times } } : {};
      const earlierUse = { since: NOW, stretches: [{ ...stretch, until: NOW }] };
      const next = { ...body, frequency: 'QD', times: ['08:00'], startDate: '2026-03-04', earlierUse };
      bench.write({ type: 'schedule', owner, id, expect: version, state, body: next });
    }
    const { outcomes } = await monitor(bench, ['m1', 'm2']);
    expect(outcomes).toMatchObject([
      { medication_id: 'm1', units_on_hand: 5, urgency: 'now' },
      { medication_id: 'm2', outcome: 'use_since_count_not_known' },
    ]);
  });

  it('uses the units of one dose that are on record', async () => {
    const { outcomes } = await monitor(stocked({ m1: { units: 9, facts: { doseUnits: 0.5 } } }), ['m1']);
    expect(outcomes).toMatchObject([{ units_on_hand: 7, units_per_dose: 0.5, days_of_supply: 7 }]);
  });

  it('leaves doses on hand that were recorded as skipped since the count, and no others', async () => {
    const bench = stocked({ m1: { units: 9 }, m2: { units: 9 } });
    const owner = bench.refs.user('p1');
    const dose = (medicationId: string, date: string, dueAt: string, status: OccurrenceStatus) =>
      bench.write({
        type: 'occurrence',
        owner,
        id: `${date}_0800_${bench.refs.medication('p1', medicationId)}`,
        expect: 'absent',
        state: { status, dueAt, scheduleRevision: 1, reason: null },
        body: {
          userId: 'p1',
          medicationId,
          localTime: `${date}T08:00`,
          timeZone: 'America/New_York',
          slots: ['08:00'],
        },
      });
    dose('m1', '2026-03-02', '2026-03-02T13:00:00.000Z', 'skipped'); // before the count
    dose('m1', '2026-03-03', '2026-03-03T13:00:00.000Z', 'skipped');
    dose('m1', '2026-03-04', '2026-03-04T13:00:00.000Z', 'published');
    dose('m1', '2026-03-05', '2026-03-05T13:00:00.000Z', 'skipped'); // still to come
    dose('m2', '2026-03-03', '2026-03-03T13:00:00.000Z', 'taken');
    const { outcomes } = await monitor(bench, ['m1', 'm2']);
    expect(outcomes).toMatchObject([
      { doses_skipped: 1, units_on_hand: 6 },
      { doses_skipped: 0, units_on_hand: 5 },
    ]);
  });

  it('counts doses as needed at the most of each day that has begun', async () => {
    const bench = stocked({ m1: { units: 20, schedule: 'none', facts: { maxDosesPerDay: 4 } } });
    bench.settings = { defaultTimeZone: 'America/New_York' };
    const { outcomes } = await monitor(bench, ['m1']);
    expect(outcomes).toMatchObject([
      { units_on_hand: 12, days_of_supply: 3, first_uncovered_date: '2026-03-07', urgency: 'now' },
    ]);
  });

  it('has those checked that run low, and no others', async () => {
    const bench = stocked({ out: { units: 2 }, now: { units: 10 }, soon: { units: 24 }, ok: { units: 90 } });
    const { children, facts, outcomes, summary } = await monitor(bench, ['out', 'now', 'soon', 'ok']);
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
    expect(facts).toMatchObject({ by_urgency: { out: 1, now: 1, soon: 1, ok: 1 } });
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
      paused: { units: 1, medication: 'paused' },
      broken: { units: 1, facts: { doseUnits: 0 } },
      loose: { units: 1, schedule: 'none' },
    });
    const { children, facts, outcomes, summary } = await monitor(bench, [
      'ok',
      'strange',
      'uncounted',
      'stopped',
      'paused',
      'broken',
      'loose',
    ]);
    expect(outcomes).toMatchObject([
      { outcome: 'projected' },
      { medication_id: 'strange', outcome: 'unknown_medication' },
      { outcome: 'never_counted' },
      { outcome: 'stopped' },
      { outcome: 'paused' },
      { outcome: 'not_computable' },
      { outcome: 'no_schedule' },
    ]);
    expect(children).toEqual([]);
    expect(facts).toEqual({
      by_outcome: {
        projected: 1,
        unknown_medication: 1,
        never_counted: 1,
        stopped: 1,
        paused: 1,
        not_computable: 1,
        no_schedule: 1,
      },
      by_urgency: { ok: 1 },
      changes_told: 0,
    });
    expect(summary).toBe(
      '1 ok, 1 unknown_medication, 1 never_counted, 1 stopped, 1 paused, 1 not_computable, 1 no_schedule',
    );
  });
});

describe('what the monitor tells', () => {
  const of = (bench: KindBench) => bench.all('medication')[0]?.body.toldSupply;

  it('is each change of urgency, once, by ids alone', async () => {
    const bench = stocked({ m1: { units: 30 } });
    const first = await monitor(bench, ['m1']);
    expect(bench.publisher.supply).toEqual([
      {
        type: 'supply.urgency_changed',
        event_id: `01JOB_${bench.refs.medication('p1', 'm1')}`,
        user_ref: bench.refs.user('p1'),
        user_id: 'p1',
        medication_id: 'm1',
        job_id: '01JOB',
        possible_duplicate: false,
      },
    ]);
    expect(first).toMatchObject({ result: { changes_told: ['m1'] }, counts: { supply_changes_told: 1 } });
    expect(of(bench)).toMatchObject({ urgency: 'soon', status: 'told' });

    bench.now = '2026-03-05T17:00:00.000Z';
    expect(await monitor(bench, ['m1'])).toMatchObject({ result: { changes_told: [] }, counts: {} });
    bench.now = '2026-03-12T17:00:00.000Z';
    expect(await monitor(bench, ['m1'])).toMatchObject({ result: { changes_told: ['m1'] } });
    expect(of(bench)).toMatchObject({ urgency: 'now' });
    expect(bench.publisher.supply).toHaveLength(2);
  });

  it('is not that there is enough, unless somebody was told otherwise', async () => {
    const bench = stocked({ m1: { units: 90 } });
    await monitor(bench, ['m1']);
    expect(bench.publisher.supply).toEqual([]);
    const low = stocked({
      m1: { units: 90, facts: { toldSupply: { urgency: 'out', status: 'told', eventId: 'e', at: COUNTED } } },
    });
    await monitor(low, ['m1']);
    expect(low.publisher.supply).toHaveLength(1);
    expect(of(low)).toMatchObject({ urgency: 'ok', status: 'told' });
  });

  it('nothing of an urgency that is not known', async () => {
    const bench = stocked({ m1: { units: 90, facts: { discardAfterDays: 28 } } });
    expect((await monitor(bench, ['m1'])).outcomes).toMatchObject([{ urgency: null }]);
    expect(bench.publisher.supply).toEqual([]);
  });

  it('is written down before it leaves; after a crash it is told again under the same id, and flagged', async () => {
    const bench = stocked({ m1: { units: 9 } });
    const publishSupply = async (message: SupplyMessage) => {
      expect(of(bench)).toMatchObject({ urgency: 'now', status: 'sending' });
      bench.publisher.supply.push(message);
      throw new Error('The worker died.');
    };
    const dying = bench.world({ publisher: { ...bench.publisher, publishSupply } });
    await expect(process(bench.job({ user_id: 'p1', medications: ['m1'] }), dying)).rejects.toThrow('died');

    const again = await monitor(bench, ['m1']);
    const [first, second] = bench.publisher.supply;
    expect(second).toEqual({ ...first, possible_duplicate: true });
    expect(again.counts).toEqual({ supply_changes_told: 1, supply_changes_possible_duplicate: 1 });
    expect(of(bench)).toMatchObject({ status: 'told' });
  });

  it('is another event when the urgency has changed again since the crash', async () => {
    const bench = stocked({
      m1: {
        units: 9,
        facts: { toldSupply: { urgency: 'soon', status: 'sending', eventId: 'e', at: COUNTED } },
      },
    });
    await monitor(bench, ['m1']);
    expect(bench.publisher.supply).toMatchObject([{ possible_duplicate: false }]);
    expect(bench.publisher.supply[0]?.event_id).not.toBe('e');
  });
});
