import { describe, expect, it } from 'vitest';
import { RollUpBench } from '#test/builders/roll-up-bench.ts';
import vectors from '#test/data/rollup-vectors.json' with { type: 'json' };
import type { JsonObject } from '../ports.ts';

// Every vector through the kind itself: its rules, its process, its records.

type Vector = (typeof vectors.cases)[number];

const vector = (id: string): Vector => {
  const found = vectors.cases.find((each) => each.id === id);
  if (!found) throw new Error(`There is no vector ${id}.`);
  return found;
};
const expectedOf = (id: string) => vector(id).expected as unknown as Record<string, never>;

const NOW = '2026-03-10T12:00:00.000Z';
const range = (start: string, end: string) => ({ start, end });
const HOUR_10 = range('2026-03-01T10:00:00Z', '2026-03-01T11:00:00Z');
const HOUR_11 = range('2026-03-01T11:00:00Z', '2026-03-01T12:00:00Z');
const DAY = range('2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z');
const asked = (time_range: { start: string; end: string }, ...metrics_types: string[]): JsonObject => ({
  time_range,
  metrics_types,
});
const DOSE_AT = '2026-03-01T10:15:00.000Z';
const crowd = (count: number, prefix = 'p'): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

describe('roll-up vectors', () => {
  it(`RU-01 ${vector('RU-01').title}`, async () => {
    const bench = new RollUpBench(NOW);
    const { hour1, hour2 } = vector('RU-01') as unknown as { hour1: number[]; hour2: number[] };
    for (const executionMs of hour1) bench.endJob({ executionMs, endedAt: '2026-03-01T10:30:00.000Z' });
    for (const executionMs of hour2) bench.endJob({ executionMs, endedAt: '2026-03-01T11:30:00.000Z' });
    await bench.run(asked(HOUR_10, 'jobs'));
    await bench.run(asked(HOUR_11, 'jobs'));
    bench.db.outcomes.clear();
    const { metrics, result } = await bench.run(asked(range(HOUR_10.start, HOUR_11.end), 'jobs'));
    const { p50_all, p95_all, p99_all } = expectedOf('RU-01');
    expect(metrics['jobs'].total.execution_time_ms).toEqual({
      samples: 20,
      p50: p50_all,
      p95: p95_all,
      p99: p99_all,
      exact: true,
    });
    expect(result['coverage']).toMatchObject({ hours: 2, hours_from_records: 2, rows_read: 0 });
  });

  it(`RU-02 ${vector('RU-02').title}`, async () => {
    const bench = new RollUpBench(NOW);
    const { events = 0, runs = 0 } = vector('RU-02') as unknown as { events: number; runs: number };
    for (let index = 0; index < events; index += 1) bench.endJob({});
    const results: JsonObject[] = [];
    for (let run = 0; run < runs; run += 1) results.push((await bench.run(asked(HOUR_10, 'jobs'))).result);
    const last = results.at(-1)?.['metrics'] as { jobs: { total: { ended: number } } };
    expect(last.jobs.total.ended).toBe(expectedOf('RU-02')['count']);
    expect(results.at(-1)?.['roll_up']).toEqual(results[0]?.['roll_up']);
    expect(new Set(Object.values(bench.revisions('hour#')))).toEqual(new Set([1]));
  });

  it(`RU-03 ${vector('RU-03').title}`, async () => {
    const bench = new RollUpBench('2026-03-01T11:05:00.000Z');
    for (const user of crowd(20)) bench.dose(user, DOSE_AT);
    await bench.run(asked(HOUR_10, 'jobs'));
    bench.now = '2026-03-02T00:20:00.000Z';
    const before = await bench.run(asked(DAY, 'reminders'));
    const late = { occurrenceId: 'late', recordedAt: '2026-03-01T11:20:00.000Z' };
    bench.dose('p0', '2026-03-01T10:59:00.000Z', late);
    bench.endJob({ endedAt: '2026-03-01T10:59:00.000Z' });
    await bench.run(asked(HOUR_10, 'jobs'));
    const after = await bench.run(asked(DAY, 'reminders', 'jobs'));
    expect(after.metrics['jobs'].total.ended).toBe(1);
    // One more than before would tell what one person did, so nothing of people is told until the day is settled.
    expect([before.metrics['reminders'].due, after.metrics['reminders'].due]).toEqual([null, null]);
    const { revision } = expectedOf('RU-03');
    expect(bench.revisions('hour#2026-03-01T10:00:00.000Z#reminders')).toEqual({
      'hour#2026-03-01T10:00:00.000Z#reminders': revision,
    });
    expect(bench.revisions('day#2026-03-01T00:00:00.000Z#reminders')).toEqual({
      'day#2026-03-01T00:00:00.000Z#reminders': revision,
    });
    expect(after.result['roll_up']).toMatchObject({ revision });
    bench.now = '2026-03-03T12:16:00.000Z';
    const settled = await bench.run(asked(DAY, 'reminders'));
    expect(settled.metrics['reminders'].due).toBe(21);
    expect(settled.result).toMatchObject({ roll_up: { revision }, coverage: { late_events: null } });
  });

  it(`RU-04 ${vector('RU-04').title}`, async () => {
    const bench = new RollUpBench(NOW);
    const { time_range = DAY, events = [] } = vector('RU-04') as unknown as {
      time_range: typeof DAY;
      events: string[];
    };
    for (const event of events) bench.endJob({ endedAt: new Date(event).toISOString() });
    const { metrics } = await bench.run(asked(time_range, 'jobs'));
    expect(metrics['jobs'].total.ended).toBe(expectedOf('RU-04')['count']);
  });

  it(`RU-05 ${vector('RU-05').title}`, async () => {
    const bench = new RollUpBench(NOW);
    const { event_ids = [] } = vector('RU-05') as unknown as { event_ids: string[] };
    for (const [index, id] of event_ids.entries()) {
      bench.endJob({ jobId: id });
      // The same row under another key: a reader that gives it twice.
      const row = bench.db.outcomes.get(`${id}#1`);
      if (row) bench.db.outcomes.set(`again-${index}`, row);
    }
    const { metrics } = await bench.run(asked(HOUR_10, 'jobs'));
    expect(metrics['jobs'].total.ended).toBe(expectedOf('RU-05')['count']);
  });

  it(`RU-06 ${vector('RU-06').title}`, async () => {
    const types = ['reminders', 'adherence', 'refills', 'supply', 'interactions', 'jobs', 'security'];
    const { metrics, summary } = await new RollUpBench(NOW).run(asked(DAY, ...types));
    const { count, ack_rate, p95 } = expectedOf('RU-06');
    expect(metrics['reminders']).toMatchObject({
      due: count,
      published: count,
      people: count,
      ack_rate,
      time_to_acknowledge_ms: { samples: count, p95 },
      suppressed: [],
    });
    expect(metrics['jobs'].total).toMatchObject({
      ended: count,
      success_rate: null,
      execution_time_ms: { p95 },
    });
    expect(metrics['adherence']).toMatchObject({ people: count, pdc_mean: null, share_at_least_80: null });
    expect(metrics['interactions']).toMatchObject({ checks: count, incomplete_share: null });
    expect(metrics['security']).toEqual({ refusals: count, by_step: [], break_glass: count });
    expect(JSON.stringify(metrics)).not.toContain('NaN');
    expect(summary).toContain('0 doses due');
  });

  it(`RU-07 ${vector('RU-07').title}`, async () => {
    const bench = new RollUpBench(NOW);
    const { hour1, hour2 } = vector('RU-07') as unknown as Record<string, { ack: number; sent: number }>;
    for (const [index, hour] of [hour1, hour2].entries())
      for (let dose = 0; dose < (hour?.sent ?? 0); dose += 1) {
        const isTaken = dose < (hour?.ack ?? 0);
        // Nobody is a small cell: fifty people, and eleven of them do not answer further doses of theirs.
        bench.dose(
          `p${index}-${dose}`,
          `2026-03-01T1${index}:15:00.000Z`,
          isTaken ? {} : { status: 'published' },
        );
      }
    const { metrics } = await bench.run(asked(DAY, 'reminders'));
    // 99 of 102 were answered by 99 people, and the other three people are a small cell: the rate would tell them.
    expect(metrics['reminders'].ack_rate).toBeNull();
    const larger = new RollUpBench(NOW);
    for (const [index, hour] of [hour1, hour2].entries())
      for (let copy = 0; copy < 10; copy += 1)
        for (let dose = 0; dose < (hour?.sent ?? 0); dose += 1)
          larger.dose(
            `p${index}-${copy}-${dose}`,
            `2026-03-01T1${index}:15:00.000Z`,
            dose < (hour?.ack ?? 0) ? {} : { status: 'published' },
          );
    const answer = await larger.run(asked(DAY, 'reminders'));
    expect(answer.metrics['reminders'].ack_rate).toBe(expectedOf('RU-07')['ack_rate']);
  });

  it(`RU-07 rates of jobs, too`, async () => {
    const bench = new RollUpBench(NOW);
    const { hour1, hour2 } = vector('RU-07') as unknown as Record<string, { ack: number; sent: number }>;
    for (const [index, hour] of [hour1, hour2].entries())
      for (let job = 0; job < (hour?.sent ?? 0); job += 1)
        bench.endJob({
          status: job < (hour?.ack ?? 0) ? 'succeeded' : 'failed',
          endedAt: `2026-03-01T1${index}:30:00.000Z`,
        });
    const { metrics } = await bench.run(asked(DAY, 'jobs'));
    expect(metrics['jobs'].total.success_rate).toBe(expectedOf('RU-07')['ack_rate']);
  });

  it(`RU-08 ${vector('RU-08').title}`, async () => {
    const bench = new RollUpBench(NOW);
    const { groups } = vector('RU-08') as unknown as { groups: Record<string, number> };
    for (const [urgency, people] of Object.entries(groups))
      if (urgency !== 'total')
        for (const user of crowd(people, urgency))
          bench.endJob({ userRef: bench.refs.user(user), facts: { urgency }, endedAt: DOSE_AT });
    const { metrics } = await bench.run(asked(DAY, 'refills'));
    expect(metrics['refills']).toEqual({
      people: groups['total'],
      checks: groups['total'],
      by_urgency: { A: expectedOf('RU-08')['A'], B: null, C: groups['C'] },
      suppressed: ['by_urgency.A', 'by_urgency.B'],
    });
  });

  it.each(['RU-09', 'RU-10'])('%s local days of 23 and 25 hours', async (id) => {
    const { time_zone, expected } = vector(id) as unknown as {
      time_zone: string;
      expected: { start: string; end: string; hours: number };
    };
    const bench = new RollUpBench('2026-12-01T00:00:00.000Z');
    const minute = (text: string, offset: number) =>
      new Date(Date.parse(text) + offset * 60_000).toISOString();
    for (const user of crowd(12)) {
      bench.dose(user, minute(expected.start, -1));
      bench.dose(user, minute(expected.start, 0));
      bench.dose(user, minute(expected.end, -1));
      bench.dose(user, minute(expected.end, 0));
    }
    const body = { ...asked(range(expected.start, expected.end), 'reminders'), time_zone };
    const { metrics, result } = await bench.run(body);
    expect(metrics['reminders'].due).toBe(24);
    expect(result['coverage']).toMatchObject({ hours: expected.hours });
    const shorter = { ...body, time_range: range(expected.start, minute(expected.end, -60)) };
    await expect(bench.run(shorter)).rejects.toThrow('not_start_of_local_day');
  });

  it.each([
    ['start after end', range(DAY.end, DAY.start), 'start_not_before_end'],
    ['equal start and end', range(DAY.start, DAY.start), 'start_not_before_end'],
    ['missing offset', range('2026-03-01T00:00:00', DAY.end), 'wrong_format'],
    ['2026-02-30', range('2026-02-30T00:00:00Z', DAY.end), 'invalid_instant'],
  ])('RU-11 is a validation error: %s', async (_, time_range, code) => {
    await expect(new RollUpBench(NOW).run(asked(time_range, 'jobs'))).rejects.toThrow(code);
  });

  it(`RU-12 ${vector('RU-12').title}`, async () => {
    const bench = new RollUpBench(NOW);
    const { day1, day2, expected } = vector('RU-12') as unknown as {
      day1: string[];
      day2: string[];
      expected: { distinct: number };
    };
    const others = crowd(20, 'other');
    for (const user of [...day1, ...others]) bench.dose(user, DOSE_AT);
    for (const user of [...day2, ...others]) bench.dose(user, '2026-03-02T10:15:00.000Z');
    await bench.run(asked(DAY, 'jobs'));
    await bench.run(asked(range(DAY.end, '2026-03-03T00:00:00Z'), 'jobs'));
    const { metrics } = await bench.run(asked(range(DAY.start, '2026-03-03T00:00:00Z'), 'reminders'));
    expect(metrics['reminders'].people).toBe(expected.distinct + others.length);
  });
});
