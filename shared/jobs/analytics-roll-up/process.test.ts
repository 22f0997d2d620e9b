import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '#test/data/rollup-vectors.json' with { type: 'json' };
import type { Done, JobView, JsonObject, OutcomeRow, StoredRecord, World } from '../ports.ts';
import { process } from './process.ts';
import type { AnalyticsRollUpPayload } from './schema.ts';

const HOUR = { start: '2026-03-01T10:00:00Z', end: '2026-03-01T11:00:00Z' };
const DAY = { start: '2026-03-01T00:00:00Z', end: '2026-03-02T00:00:00Z' };

const outcome = (jobId: string, set: Partial<OutcomeRow> = {}): OutcomeRow => ({
  jobId,
  generation: 1,
  kind: 'refill-check',
  priority: 'MEDIUM',
  status: 'succeeded',
  createdAt: '2026-03-01T10:00:00.000Z',
  dueAt: '2026-03-01T10:00:00.000Z',
  endedAt: '2026-03-01T10:00:01.000Z',
  executionMs: 10,
  queueWaitMs: 5,
  attempts: 1,
  ...set,
});

/** A world of outcomes and stored roll-ups; nothing else may be asked of it. */
class RollUpWorld {
  readonly outcomeRows: OutcomeRow[];
  readonly stored = new Map<string, StoredRecord<'rollup'>>();
  clock = '2026-03-05T00:00:00.000Z';
  /** Whether the reader gives whole hours, more than it was asked for. */
  sloppy = false;

  constructor(rows: readonly OutcomeRow[]) {
    this.outcomeRows = [...rows];
  }

  async run(time_range: AnalyticsRollUpPayload['time_range'], metrics_types = ['jobs']) {
    const { outcomeRows: rows, sloppy } = this;
    const world = {
      now: () => this.clock,
      outcomes: {
        async *between(start: string, end: string) {
          for (const row of rows) if (sloppy || (row.endedAt >= start && row.endedAt < end)) yield row;
        },
      },
      records: {
        readMany: async (keys: readonly { id: string }[]) => keys.map(({ id }) => this.stored.get(id)),
      },
    } as unknown as World; // A test world: the kind may use no other part of it.
    const job = { payload: { time_range, metrics_types } } as unknown as JobView<AnalyticsRollUpPayload>;
    const done = await process(job, world);
    if (done.end !== 'succeeded') throw new Error(`It ended ${done.end}.`);
    this.#commit(done);
    const metrics = done.result['metrics'] as { jobs: { total: JsonObject; by_kind: JsonObject[] } };
    return { ...metrics.jobs, result: done.result, writes: done.writes ?? [], summary: done.summary };
  }

  #commit(done: Extract<Done, { end: 'succeeded' }>): void {
    for (const write of done.writes ?? []) {
      if (write.type !== 'rollup') throw new Error(`It wrote a ${write.type}.`);
      const version = this.stored.get(write.id)?.version;
      expect(write.expect).toBe(version ?? 'absent');
      const body = JSON.parse(JSON.stringify(write.body));
      this.stored.set(write.id, { ...write, version: (version ?? 0) + 1, body });
    }
  }
}

describe('counts', () => {
  it('of an event at the very end belong to the next window', async () => {
    const { time_range, events = [], expected } = vectors.cases.find(({ id }) => id === 'RU-04') ?? {};
    const rows = (events as string[]).map((endedAt, index) =>
      outcome(`j${index}`, { endedAt: new Date(endedAt).toISOString() }),
    );
    const { total } = await new RollUpWorld(rows).run(time_range ?? DAY);
    expect(total['ended']).toBe((expected as { count: number }).count);
  });

  it('of neighbours are left out when a reader gives more than the window', async () => {
    const ends = ['10:14:59.999', '10:15:00.000', '10:44:59.999', '10:45:00.000'];
    const world = new RollUpWorld(ends.map((time) => outcome(time, { endedAt: `2026-03-01T${time}Z` })));
    world.sloppy = true;
    const { total } = await world.run({ start: '2026-03-01T10:15:00Z', end: '2026-03-01T10:45:00Z' });
    expect(total['ended']).toBe(2);
  });

  it('hold each generation of a job once', async () => {
    const again = outcome('a', { generation: 2, status: 'succeeded', endedAt: '2026-03-01T10:30:00.000Z' });
    const rows = [
      outcome('a', { status: 'failed' }),
      outcome('b'),
      outcome('a', { status: 'failed' }),
      again,
    ];
    const { total, result } = await new RollUpWorld(rows).run(HOUR);
    expect(total).toMatchObject({ ended: 3, succeeded: 2, failed: 1 });
    expect(result['coverage']).toEqual({ outcomes: 3, duplicates: 1 });
  });

  it('of an empty window are zero, its rates and percentiles null', async () => {
    const { total, by_kind, summary } = await new RollUpWorld([]).run(HOUR);
    const none = { samples: 0, p50: null, p95: null, p99: null };
    expect(total).toEqual({
      ended: 0,
      succeeded: 0,
      failed: 0,
      cancelled: 0,
      expired: 0,
      superseded: 0,
      attempts: 0,
      retries: 0,
      success_rate: null,
      error_rate: null,
      execution_time_ms: none,
      queue_wait_ms: none,
    });
    expect(by_kind).toEqual([]);
    expect(summary).toBe('0 ended jobs, revision 1');
  });

  it('are given by kind and priority, in a fixed order', async () => {
    const { by_kind } = await new RollUpWorld([
      outcome('1', { kind: 'refill-check', priority: 'LOW', executionMs: 30, queueWaitMs: 70_000 }),
      outcome('2', {
        kind: 'refill-check',
        priority: 'CRITICAL',
        executionMs: 10,
        status: 'failed',
        attempts: 6,
      }),
      outcome('3', { kind: 'backup', priority: 'LOW' }),
    ]).run(HOUR);
    expect(by_kind).toMatchObject([
      { kind: 'backup', ended: 1, by_priority: [{ priority: 'LOW', ended: 1 }] },
      {
        kind: 'refill-check',
        ended: 2,
        success_rate: 0.5,
        execution_time_ms: { samples: 2, p50: 10, p99: 30 },
        // 70,000 lies above the exact range: 70,000 / 128 = 546.9, and 546 * 128 is told.
        queue_wait_ms: { samples: 2, p50: 5, p99: 69_888 },
        by_priority: [
          { priority: 'CRITICAL', failed: 1, retries: 5, success_rate: 0, error_rate: 1 },
          { priority: 'LOW', succeeded: 1, retries: 0, success_rate: 1, error_rate: 0 },
        ],
      },
    ]);
  });
});

describe('rates', () => {
  it('come from sums over the hours, not from the mean of their rates', async () => {
    const { hour1, hour2, expected } = vectors.cases.find(({ id }) => id === 'RU-07') ?? {};
    const hours = [hour1, hour2] as unknown as { ack: number; sent: number }[];
    const rows = hours.flatMap(({ ack, sent }, hour) =>
      Array.from({ length: sent }, (_, index) =>
        outcome(`${hour}-${index}`, {
          status: index < ack ? 'succeeded' : 'failed',
          endedAt: `2026-03-01T1${hour}:00:00.000Z`,
        }),
      ),
    );
    const { total } = await new RollUpWorld(rows).run(DAY);
    expect(total['success_rate']).toBe((expected as { ack_rate: number }).ack_rate);
  });

  it('leave out what was called off or too late, and count attempts for errors', async () => {
    const { total } = await new RollUpWorld([
      outcome('1', { attempts: 3 }),
      outcome('2', { status: 'failed', attempts: 3 }),
      outcome('3', { status: 'cancelled', attempts: 0 }),
      outcome('4', { status: 'superseded', attempts: 0 }),
      outcome('5', { status: 'expired', attempts: 0 }),
    ]).run(HOUR);
    expect(total).toMatchObject({
      ended: 5,
      attempts: 6,
      retries: 4,
      success_rate: 0.5,
      error_rate: 0.833333,
    });
  });
});

describe('the stored roll-up', () => {
  it('is written once: a second run changes nothing', async () => {
    const world = new RollUpWorld(Array.from({ length: 7 }, (_, index) => outcome(`j${index}`)));
    const first = await world.run(HOUR);
    const second = await world.run(HOUR, ['success_rate']);
    expect(first.writes).toMatchObject([{ id: 'hour#2026-03-01T10:00:00.000Z', state: { revision: 1 } }]);
    expect(second.writes).toEqual([]);
    expect(second.result['roll_up']).toEqual({ id: 'hour#2026-03-01T10:00:00.000Z', revision: 1 });
    expect(second.total['ended']).toBe(7);
    expect((await world.run(HOUR)).result).toEqual(first.result);
  });

  it('is corrected under the next revision when an outcome came late, the hour and its day', async () => {
    const world = new RollUpWorld([outcome('on-time')]);
    await world.run(HOUR);
    await world.run(DAY);
    world.outcomeRows.push(outcome('late', { endedAt: '2026-03-01T10:59:00.000Z' }));
    const hour = await world.run(HOUR);
    const day = await world.run(DAY);
    expect(hour.total['ended']).toBe(2);
    expect(hour.writes).toMatchObject([{ state: { revision: 2 } }]);
    expect(day.total['ended']).toBe(2);
    expect(day.writes).toMatchObject([{ state: { revision: 2 } }]);
  });

  it('keeps other families of metrics', async () => {
    const world = new RollUpWorld([outcome('1')]);
    const id = 'hour#2026-03-01T10:00:00.000Z';
    const body = { v: 1, metrics: { refills: { checks: 4 } } };
    world.stored.set(id, { type: 'rollup', id, version: 3, state: { revision: 3 }, body });
    await world.run(HOUR);
    expect(world.stored.get(id)).toMatchObject({
      state: { revision: 4 },
      body: { metrics: { refills: { checks: 4 }, jobs: { total: { ended: 1 } } } },
    });
  });
});

describe('the answer', () => {
  it('holds the counts and the measures that were asked for', async () => {
    const world = new RollUpWorld([outcome('1')]);
    const { total, by_kind } = await world.run(HOUR, ['success_rate', 'queue_wait']);
    const counts = ['ended', 'succeeded', 'failed', 'cancelled', 'expired', 'superseded'];
    expect(Object.keys(total)).toEqual([...counts, 'success_rate', 'queue_wait_ms']);
    expect(by_kind[0]).not.toHaveProperty('error_rate');
  });

  it('says whether the window is over', async () => {
    const world = new RollUpWorld([]);
    world.clock = '2026-03-01T11:00:00.000Z';
    expect((await world.run(HOUR)).result['complete']).toBe(true);
    expect((await world.run(DAY)).result['complete']).toBe(false);
  });

  it('is the same in whatever order, pages and repetitions outcomes are read, and equals a plain recount', async () => {
    const row = fc.record({
      kind: fc.constantFrom('backup', 'refill-check'),
      priority: fc.constantFrom('CRITICAL' as const, 'LOW' as const),
      status: fc.constantFrom('succeeded' as const, 'failed' as const, 'cancelled' as const),
      attempts: fc.integer({ min: 1, max: 6 }),
      executionMs: fc.nat(2000),
      endedMs: fc.nat(6 * 3_600_000),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 60 }),
        fc.infiniteStream(fc.nat()),
        async (drawn, random) => {
          const rows = drawn.map(({ endedMs, ...set }, index) =>
            outcome(`j${index}`, { ...set, endedAt: new Date(Date.UTC(2026, 2, 1) + endedMs).toISOString() }),
          );
          const repeated = rows.filter(() => (random.next().value ?? 0) % 4 === 0);
          const shuffled = [...rows, ...repeated]
            .map((each) => ({ each, rank: random.next().value ?? 0 }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ each }) => each);
          const whole = await new RollUpWorld(rows).run(DAY);
          const mixed = await new RollUpWorld(shuffled).run(DAY);
          expect(mixed.result['metrics']).toEqual(whole.result['metrics']);
          expect(mixed.result['coverage']).toEqual({ outcomes: rows.length, duplicates: repeated.length });
          const low = rows.filter(({ kind, priority }) => kind === 'backup' && priority === 'LOW');
          const cell = whole.by_kind
            .filter(({ kind }) => kind === 'backup')
            .flatMap(({ by_priority }) => by_priority as JsonObject[])
            .find(({ priority }) => priority === 'LOW');
          const times = low.map(({ executionMs = 0 }) => executionMs).sort((a, b) => a - b);
          expect(cell?.['ended'] ?? 0).toBe(low.length);
          expect((cell?.['execution_time_ms'] as JsonObject | undefined)?.['p95']).toBe(
            times[Math.ceil(0.95 * times.length) - 1],
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});
