import { describe, expect, it } from 'vitest';
import { RollUpBench } from '#test/builders/roll-up-bench.ts';
import type { DoseRow, JsonObject } from '../ports.ts';

const NOW = '2026-03-03T14:00:00.000Z';
const asked = (start: string, end: string, ...metrics_types: string[]): JsonObject => ({
  time_range: { start, end },
  metrics_types,
});
const DAY = ['2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z'] as const;
const people = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

describe('reminders', () => {
  it('are told by what became of them, missed ones derived from the time', async () => {
    const bench = new RollUpBench(NOW);
    const DUE = '2026-03-01T08:00:00.000Z';
    const untold = (status: DoseRow['status'], reason: string | null = null): Partial<DoseRow> => ({
      status,
      reason,
      told: undefined as never,
      answeredAt: undefined as never,
    });
    const open = {
      status: 'published',
      expiresAt: '2026-03-04T08:00:00.000Z',
      answeredAt: undefined as never,
    } as const;
    const groups: Record<string, [number, Partial<DoseRow>]> = {
      taken: [20, {}],
      late: [
        12,
        { told: { at: '2026-03-01T08:10:00.000Z', late: true }, answeredAt: '2026-03-01T08:30:00.000Z' },
      ],
      skipped: [11, { status: 'skipped' }],
      missed: [13, { status: 'delivered', answeredAt: undefined as never }],
      undelivered: [14, { status: 'undelivered', answeredAt: undefined as never }],
      open: [15, open],
      held: [11, { ...untold('needs_confirmation'), expiresAt: '2026-03-04T08:00:00.000Z' }],
      paused: [16, untold('not_sent', 'medication_paused')],
      tooLate: [17, untold('not_sent', 'too_late')],
      unconfirmed: [18, untold('needs_confirmation', 'too_close')],
      early: [19, { ...untold('taken'), answeredAt: '2026-03-01T07:00:00.000Z' }],
    };
    for (const [group, [count, set]] of Object.entries(groups))
      for (const user of people(group, count)) bench.dose(user, DUE, set);
    const { metrics } = await bench.run(asked(...DAY, 'reminders', 'adherence'));
    expect(metrics['reminders']).toEqual({
      people: 166,
      due: 166,
      published: 20 + 12 + 11 + 13 + 14 + 15,
      late: 12,
      taken: 20 + 12 + 19,
      skipped: 11,
      missed: 13,
      undelivered: 14,
      open: 15 + 11,
      not_sent: 16 + 17 + 18,
      not_sent_by_reason: { medication_paused: 16, too_close: 18, too_late: 17 },
      acknowledged: 43,
      ack_rate: 0.505882,
      time_to_acknowledge_ms: { samples: 43, p50: 300_000, p95: 1_200_000, p99: 1_200_000, exact: true },
      suppressed: [],
    });
    expect(metrics['adherence'].doses).toMatchObject({ due: 166, taken: 51, taken_share: 0.307229 });
  });
});

describe('late events', () => {
  const at = (clock: string) => `2026-03-01T${clock}:00.000Z`;
  const nextDay = '2026-03-02T09:00:00.000Z';

  it.each([
    ['an answer just after the hour', at('11:03'), at('11:03'), 0],
    ['a message told again, within the window', undefined, at('13:00'), 0],
    ['an answer that was kept for twenty minutes', at('11:03'), at('11:23'), 12],
    ['an answer after the window', nextDay, nextDay, 12],
  ] as const)('%s', async (_, answeredAt, recordedAt, late) => {
    const bench = new RollUpBench(NOW);
    for (const user of people('p', 20)) bench.dose(user, at('10:30'));
    for (const user of people('p', 12))
      bench.db.events.putDoseRow({
        occurrenceId: 'last',
        userRef: bench.refs.user(user),
        dueAt: at('10:58'),
        status: answeredAt === undefined ? 'published' : 'taken',
        reason: null,
        expiresAt: at('22:58'),
        told: { at: at('10:58'), late: false },
        ...(answeredAt !== undefined && { answeredAt }),
        recordedAt,
      });
    const { result } = await bench.run(asked('2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z', 'reminders'));
    expect(result['coverage']).toMatchObject({ late_events: late });
  });
});

describe('late events of few people', () => {
  it('are withheld, too', async () => {
    const bench = new RollUpBench(NOW);
    for (const user of people('p', 20)) bench.dose(user, '2026-03-01T10:30:00.000Z');
    bench.dose('p0', '2026-03-01T10:58:00.000Z', { recordedAt: '2026-03-02T09:00:00.000Z' });
    const { result } = await bench.run(asked('2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z', 'reminders'));
    expect(result['coverage']).toMatchObject({ late_events: null });
  });
});

describe('checks and supply', () => {
  const END = '2026-03-01T08:00:00.000Z';

  it('interactions are told by outcome and level, with shares from sums', async () => {
    const bench = new RollUpBench(NOW);
    const check = (user: string, facts: JsonObject) =>
      bench.endJob({ kind: 'interaction-check', userRef: bench.refs.user(user), facts, endedAt: END });
    for (const user of people('f', 15))
      check(user, {
        outcome: 'findings',
        by_level: { contraindicated: 0, major: 2, minor: 1 },
        entries: 4,
        unrecognised: 0,
        not_assessed: 0,
      });
    for (const user of people('i', 12))
      check(user, { outcome: 'incomplete', by_level: {}, entries: 3, unrecognised: 1, not_assessed: 2 });
    bench.endJob({
      kind: 'interaction-check',
      status: 'failed',
      userRef: bench.refs.user('x'),
      endedAt: END,
    });
    const { metrics } = await bench.run(asked(...DAY, 'interactions'));
    expect(metrics['interactions']).toEqual({
      people: 27,
      checks: 27,
      findings: 45,
      entries: 96,
      unrecognised: 12,
      not_assessed: 24,
      by_outcome: { findings: 15, incomplete: 12 },
      by_level: { major: 30, minor: 15 },
      unrecognised_share: 0.125,
      incomplete_share: 0.444444,
      suppressed: [],
    });
  });

  it('supply is told by outcome and urgency of the medications, known or not', async () => {
    const bench = new RollUpBench(NOW);
    for (const user of people('s', 20)) {
      const facts = {
        by_urgency: { now: 1, ok: 2 },
        by_outcome: { projected: 4, stopped: 1 },
        changes_told: 1,
      };
      bench.endJob({ kind: 'supply-monitor', userRef: bench.refs.user(user), facts, endedAt: END });
    }
    const { metrics } = await bench.run(asked(...DAY, 'supply', 'refills'));
    expect(metrics['supply']).toEqual({
      people: 20,
      watched: 100,
      changes_told: 20,
      by_outcome: { projected: 80, stopped: 20 },
      by_urgency: { not_known: 20, now: 20, ok: 40 },
      suppressed: [],
    });
    expect(metrics['refills']).toMatchObject({ checks: 0, people: 0 });
  });
});

describe('adherence', () => {
  const PERIOD = ['2025-11-01T00:00:00Z', '2026-03-01T00:00:00Z'] as const;

  function fills(
    bench: RollUpBench,
    user: string,
    medication: string,
    dates: readonly string[],
    days = 30,
  ): void {
    for (const date of dates) bench.fill(user, medication, date, days);
  }
  const FULL = ['2025-11-01', '2025-12-01', '2025-12-31', '2026-01-30'];

  it('is the mean over people of the mean over their therapies, by the population rules', async () => {
    const bench = new RollUpBench(NOW);
    for (const user of people('full', 20)) fills(bench, user, 'a', FULL);
    // 60 of 120 days.
    for (const user of people('half', 15)) fills(bench, user, 'a', FULL.slice(0, 2));
    // One therapy wholly, the other one by half: 0.75 is below the threshold.
    for (const user of people('both', 12)) {
      fills(bench, user, 'a', FULL);
      fills(bench, user, 'b', FULL.slice(0, 2));
    }
    // Only one fill date: not in the population.
    for (const user of people('once', 11)) fills(bench, user, 'a', ['2025-11-05']);
    // Outside of the period.
    fills(bench, 'full0', 'a', ['2026-03-01', '2025-10-31']);
    const { metrics, result } = await bench.run(asked(...PERIOD, 'adherence'));
    expect(metrics['adherence']).toMatchObject({
      people_with_fills: 58,
      people: 47,
      therapies: 59,
      pdc_mean: Math.round(((20 * 1 + 15 * 0.5 + 12 * 0.75) / 47) * 1e6) / 1e6,
      people_at_least_80: 20,
      share_at_least_80: 0.425532,
      suppressed: [],
    });
    expect(result['coverage']).toMatchObject({ fills_read: 20 * 4 + 15 * 2 + 12 * 6 + 11 });
  });

  it('is not told of a period whose first fills may be gone, unless it was told before', async () => {
    const bench = new RollUpBench(NOW);
    for (const user of people('full', 20)) fills(bench, user, 'a', FULL);
    const longer = ['2025-10-01T00:00:00Z', PERIOD[1]] as const;
    const first = (await bench.run(asked(...PERIOD, 'adherence'))).metrics['adherence'];
    bench.now = '2026-12-15T00:00:00.000Z';
    const { metrics, result } = await bench.run(asked(...longer, 'adherence'));
    expect(metrics['adherence']).toMatchObject({ people: null, pdc_mean: null });
    expect(result).toMatchObject({ complete: false, coverage: { fills_read: null } });
    expect((await bench.run(asked(...PERIOD, 'adherence'))).metrics['adherence'].pdc_mean).toBe(
      first.pdc_mean,
    );
  }, 60_000);

  it('does not tell by the number of therapies how few people have several', async () => {
    const told = async (several: number) => {
      const bench = new RollUpBench(NOW);
      for (const user of people('full', 30)) fills(bench, user, 'a', FULL);
      for (const user of people('full', several)) fills(bench, user, 'b', FULL);
      const {
        people: all,
        therapies,
        suppressed,
      } = (await bench.run(asked(...PERIOD, 'adherence'))).metrics['adherence'];
      return [all, therapies, suppressed];
    };
    expect(await told(4)).toEqual([30, null, ['therapies']]);
    expect(await told(11)).toEqual([30, 41, []]);
  });

  it('does not tell shares whose complement is 1 to 10 people', async () => {
    const bench = new RollUpBench(NOW);
    for (const user of people('full', 30)) fills(bench, user, 'a', FULL);
    for (const user of people('half', 2)) fills(bench, user, 'a', FULL.slice(0, 2));
    const { metrics } = await bench.run(asked(...PERIOD, 'adherence'));
    expect(metrics['adherence']).toMatchObject({
      people: 32,
      people_at_least_80: null,
      share_at_least_80: null,
    });
    expect(metrics['adherence'].suppressed).toEqual(['people_at_least_80']);
  });

  it('does not tell a period that differs from a told one by the fills of 1 to 10 people', async () => {
    const longer = ['2025-11-01T00:00:00Z', '2026-03-02T00:00:00Z'] as const;
    const told = async (fillers: number, later: readonly [string, string]): Promise<number | null> => {
      const bench = new RollUpBench(NOW);
      for (const user of people('full', 30)) fills(bench, user, 'a', FULL);
      for (const user of people('full', fillers)) fills(bench, user, 'a', ['2026-03-01']);
      await bench.run(asked(...PERIOD, 'adherence'));
      return (await bench.run(asked(...later, 'adherence'))).metrics['adherence'].pdc_mean;
    };
    expect(await told(0, longer)).not.toBeNull();
    expect(await told(4, longer)).toBeNull();
    expect(await told(11, longer)).not.toBeNull();
    expect(await told(4, PERIOD)).toBe(1);
  });
});
