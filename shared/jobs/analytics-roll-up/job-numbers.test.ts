import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RollUpBench } from '#test/builders/roll-up-bench.ts';
import type { JsonObject, OutcomeRow } from '../ports.ts';

const NOW = '2026-03-05T00:00:00.000Z';
const HOUR = { start: '2026-03-01T10:00:00Z', end: '2026-03-01T11:00:00Z' };
const MORNING = { start: '2026-03-01T00:00:00Z', end: '2026-03-01T06:00:00Z' };
const asked = (time_range: typeof HOUR, ...metrics_types: string[]): JsonObject => ({
  time_range,
  metrics_types: metrics_types.length > 0 ? metrics_types : ['jobs'],
});

function benchWith(...rows: Partial<OutcomeRow>[]): RollUpBench {
  const bench = new RollUpBench(NOW);
  for (const row of rows) bench.endJob(row);
  return bench;
}

describe('counts of jobs', () => {
  it('hold each generation of a job once', async () => {
    const failed = { jobId: 'a', status: 'failed' } as const;
    const again = { jobId: 'a', generation: 2, endedAt: '2026-03-01T10:30:00.000Z' };
    const { metrics } = await benchWith(failed, { jobId: 'b' }, again).run(asked(HOUR));
    expect(metrics['jobs'].total).toMatchObject({ ended: 3, succeeded: 2, failed: 1 });
  });

  it('are given by kind and priority, in a fixed order, with those accepted', async () => {
    const bench = benchWith(
      { kind: 'refill-check', priority: 'LOW', executionMs: 30, queueWaitMs: 70_000 },
      { kind: 'refill-check', priority: 'CRITICAL', executionMs: 10, status: 'failed', attempts: 6 },
      { kind: 'backup', priority: 'LOW' },
    );
    const accepted = {
      kind: 'refill-check',
      priority: 'LOW',
      acceptedAt: '2026-03-01T10:59:59.999Z',
    } as const;
    bench.db.events.accepted.set('x', { jobId: 'x', ...accepted });
    bench.db.events.accepted.set('again', { jobId: 'x', ...accepted });
    bench.db.events.accepted.set('y', { jobId: 'y', ...accepted, acceptedAt: '2026-03-01T11:00:00.000Z' });
    const { metrics } = await bench.run(asked(HOUR));
    expect(metrics['jobs'].total).toMatchObject({ accepted: 1, ended: 3 });
    expect(metrics['jobs'].by_kind).toMatchObject([
      { kind: 'backup', ended: 1, accepted: 0, by_priority: [{ priority: 'LOW', ended: 1 }] },
      {
        kind: 'refill-check',
        accepted: 1,
        ended: 2,
        success_rate: 0.5,
        execution_time_ms: { samples: 2, p50: 10, p99: 30 },
        queue_wait_ms: { samples: 2, p50: 5, p99: 70_000 },
        by_priority: [
          { priority: 'CRITICAL', failed: 1, retries: 5, success_rate: 0, error_rate: 1 },
          { priority: 'LOW', accepted: 1, succeeded: 1, retries: 0, success_rate: 1, error_rate: 0 },
        ],
      },
    ]);
  });

  it('leave out what was called off or too late for rates, and count attempts for errors', async () => {
    const { metrics } = await benchWith(
      { attempts: 3 },
      { status: 'failed', attempts: 3 },
      { status: 'cancelled', attempts: 0 },
      { status: 'superseded', attempts: 0 },
      { status: 'expired', attempts: 0 },
    ).run(asked(HOUR));
    expect(metrics['jobs'].total).toMatchObject({
      ended: 5,
      attempts: 6,
      retries: 4,
      success_rate: 0.5,
      error_rate: 0.833333,
    });
  });

  it('come with the measures that were asked for', async () => {
    const { metrics } = await benchWith({}).run(asked(HOUR, 'success_rate', 'queue_wait'));
    const counts = ['accepted', 'ended', 'succeeded', 'failed', 'cancelled', 'expired', 'superseded'];
    expect(Object.keys(metrics['jobs'].total)).toEqual([...counts, 'success_rate', 'queue_wait_ms']);
    expect(metrics['jobs'].by_kind[0]).not.toHaveProperty('error_rate');
  });

  it('are the same in whatever order rows are read, and equal a plain recount', async () => {
    const row = fc.record({
      kind: fc.constantFrom('backup', 'refill-check'),
      priority: fc.constantFrom('CRITICAL' as const, 'LOW' as const),
      status: fc.constantFrom('succeeded' as const, 'failed' as const, 'cancelled' as const),
      attempts: fc.integer({ min: 1, max: 6 }),
      executionMs: fc.nat(2000),
      endedMs: fc.nat(6 * 3_600_000 - 1),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 60 }), fc.nat(60), async (drawn, cut) => {
        const rows = drawn.map(({ endedMs, ...set }, index) => ({
          ...set,
          jobId: `j${index}`,
          endedAt: new Date(Date.UTC(2026, 2, 1) + endedMs).toISOString(),
        }));
        const whole = await benchWith(...rows).run(asked(MORNING));
        const mixed = await benchWith(...rows.slice(cut), ...rows.slice(0, cut)).run(asked(MORNING));
        expect(mixed.metrics).toEqual(whole.metrics);
        const low = rows.filter(({ kind, priority }) => kind === 'backup' && priority === 'LOW');
        const cell = (whole.metrics['jobs'].by_kind as { kind: string; by_priority: JsonObject[] }[])
          .find(({ kind }) => kind === 'backup')
          ?.by_priority.find(({ priority }) => priority === 'LOW');
        const times = low.map(({ executionMs }) => executionMs).sort((a, b) => a - b);
        expect(cell?.['ended'] ?? 0).toBe(low.length);
        expect((cell?.['execution_time_ms'] as JsonObject | undefined)?.['p95']).toBe(
          times[Math.ceil(0.95 * times.length) - 1],
        );
      }),
      { numRuns: 40 },
    );
  });
});

it('security counts refusals by step and code, and uses of emergency access', async () => {
  const bench = new RollUpBench(NOW);
  const hour = '2026-03-01T10:00:00.000Z';
  bench.db.events.addRefusals({ hour, step: 'role', code: 'role_not_allowed', count: 3 });
  bench.db.events.addRefusals({ hour, step: 'schema', code: 'invalid_input', count: 2 });
  bench.db.events.addRefusals({ hour, step: 'role', code: 'patient_not_yours', count: 1 });
  bench.db.events.addRefusals({ hour: '2026-03-01T11:00:00.000Z', step: 'role', code: 'x', count: 9 });
  bench.db.events.breakGlass.set('g', { id: 'g', at: '2026-03-01T10:20:00.000Z' });
  const { metrics } = await bench.run(asked(HOUR, 'security'));
  expect(metrics).toEqual({
    security: {
      refusals: 6,
      by_step: [
        {
          step: 'role',
          refusals: 4,
          by_code: [
            { code: 'patient_not_yours', count: 1 },
            { code: 'role_not_allowed', count: 3 },
          ],
        },
        { step: 'schema', refusals: 2, by_code: [{ code: 'invalid_input', count: 2 }] },
      ],
      break_glass: 1,
    },
  });
});

it('security of a day that begins within an hour says which hours it counts, and each hour is in one day', async () => {
  const bench = new RollUpBench('2026-03-10T00:00:00.000Z');
  for (const hour of ['2026-03-01T18:00:00.000Z', '2026-03-02T18:00:00.000Z', '2026-03-03T18:00:00.000Z'])
    bench.db.events.addRefusals({ hour, step: 'schema', code: 'x', count: 1 });
  const day = async (date: number) =>
    (
      await bench.run({
        time_range: { start: `2026-03-0${date}T18:30:00Z`, end: `2026-03-0${date + 1}T18:30:00Z` },
        metrics_types: ['security'],
        time_zone: 'Asia/Kolkata',
      })
    ).metrics['security'];
  expect(await day(1)).toMatchObject({
    refusals: 1,
    hours_counted: { start: '2026-03-01T19:00:00.000Z', end: '2026-03-02T19:00:00.000Z' },
  });
  expect((await day(2)).refusals).toBe(1);
});
