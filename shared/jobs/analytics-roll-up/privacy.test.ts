import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RollUpBench } from '#test/builders/roll-up-bench.ts';
import type { JsonObject } from '../ports.ts';

const NOW = '2026-05-01T00:00:00.000Z';
const DAY_MS = 86_400_000;
const day = (index: number): string => new Date(Date.UTC(2026, 2, 1) + index * DAY_MS).toISOString();
const asked = (from: number, until: number, metrics_types: string[], time_zone?: string): JsonObject => ({
  time_range: { start: day(from), end: day(until) },
  metrics_types,
  ...(time_zone !== undefined && { time_zone }),
});

/** `count` people whose refill check on that day had that urgency. */
function checks(
  bench: RollUpBench,
  index: number,
  urgency: string,
  count: number,
  from = 0,
  name = 'first',
): void {
  for (let user = from; user < from + count; user += 1) {
    const userRef = bench.refs.user(`u${user}`);
    bench.endJob({
      userRef,
      facts: { urgency },
      endedAt: day(index + 0.5),
      jobId: `${index}-${urgency}-${user}-${name}`,
    });
  }
}

describe('small cells', () => {
  it.each([
    [0, 0],
    [1, null],
    [10, null],
    [11, 11],
  ])('of %s people are told as %s', async (people, told) => {
    const bench = new RollUpBench(NOW);
    checks(bench, 0, 'now', people);
    const { metrics } = await bench.run(asked(0, 1, ['refills']));
    expect(metrics['refills'].checks).toBe(told);
    expect(metrics['refills'].people).toBe(told);
    expect(metrics['refills'].suppressed.includes('checks')).toBe(told === null);
  });

  it('are counted by people, not by what happened to them', async () => {
    const bench = new RollUpBench(NOW);
    for (let hour = 0; hour < 24; hour += 1) bench.dose('one', day(hour / 24));
    const { metrics, summary } = await bench.run(asked(0, 1, ['reminders', 'adherence']));
    expect(metrics['reminders']).toMatchObject({ due: null, taken: null, people: null, ack_rate: null });
    expect(metrics['reminders'].time_to_acknowledge_ms).toBeNull();
    expect(metrics['adherence'].doses).toMatchObject({ due: null, taken_share: null });
    expect(summary).toContain('suppressed');
  });

  it('take with them a number whose rest would be small: doses that were not late, or not answered', async () => {
    const bench = new RollUpBench(NOW);
    for (let user = 0; user < 40; user += 1)
      bench.dose(`u${user}`, day(0.5), user < 37 ? { told: { at: day(0.52), late: true } } : {});
    const { metrics } = await bench.run(asked(0, 1, ['reminders']));
    expect(metrics['reminders']).toMatchObject({ due: 40, published: 40, late: null, taken: 40 });
  });

  it.each([
    ['exactly one person has two checks', 1, null],
    ['ten checks are more than one for each', 10, null],
    ['nobody has two', 0, 30],
    ['more than ten checks are', 11, 30],
  ])('are those who have several, too: when %s, people are told as so', async (_, more, told) => {
    const bench = new RollUpBench(NOW);
    checks(bench, 0, 'ok', 30);
    checks(bench, 0, 'ok', more, 0, 'again');
    for (let user = 0; user < 30; user += 1) bench.dose(`u${user}`, day(0.5));
    for (let user = 0; user < more; user += 1) bench.dose(`u${user}`, day(0.6));
    const { metrics } = await bench.run(asked(0, 1, ['refills', 'reminders']));
    expect(metrics['refills']).toMatchObject({ checks: 30 + more, people: told });
    expect(metrics['reminders']).toMatchObject({ due: 30 + more, people: told });
    expect(metrics['refills'].suppressed.includes('people')).toBe(told === null);
  });

  it('are those who come again on another day: a longer window does not tell of one person with two', async () => {
    const bench = new RollUpBench(NOW);
    checks(bench, 0, 'ok', 30);
    checks(bench, 1, 'ok', 30, 100);
    checks(bench, 1, 'ok', 1, 100, 'again');
    expect((await bench.run(asked(0, 1, ['refills']))).metrics['refills'].people).toBe(30);
    const { metrics } = await bench.run(asked(0, 2, ['refills']));
    expect(metrics['refills']).toMatchObject({ checks: 61, people: null });
  });

  it('of jobs and security are no cells of people', async () => {
    const bench = new RollUpBench(NOW);
    checks(bench, 0, 'now', 3);
    const { metrics } = await bench.run(asked(0, 1, ['jobs']));
    expect(metrics['jobs'].total.ended).toBe(3);
  });
});

describe('between two answers', () => {
  it('a longer range that adds a small cell is withheld, one that adds eleven people is not', async () => {
    for (const [added, told] of [
      [5, null],
      [11, 51],
    ] as const) {
      const bench = new RollUpBench(NOW);
      checks(bench, 0, 'ok', 40);
      checks(bench, 9, 'ok', added, 100);
      expect((await bench.run(asked(0, 9, ['refills']))).metrics['refills'].checks).toBe(40);
      expect((await bench.run(asked(0, 10, ['refills']))).metrics['refills'].checks).toBe(told);
    }
  });

  it('nor is what is left of a range by another zone’s day, or by three answers together', async () => {
    const bench = new RollUpBench(NOW);
    checks(bench, 0, 'ok', 30);
    checks(bench, 1, 'ok', 4, 200);
    checks(bench, 2, 'ok', 30);
    for (const [from, until] of [
      [0, 1],
      [2, 3],
    ] as const)
      expect((await bench.run(asked(from, until, ['refills']))).metrics['refills'].checks).toBe(30);
    expect((await bench.run(asked(0, 3, ['refills']))).metrics['refills'].checks).toBeNull();

    const zones = new RollUpBench(NOW);
    checks(zones, 0, 'ok', 30);
    const userRef = zones.refs.user('early');
    zones.endJob({ userRef, facts: { urgency: 'ok' }, endedAt: day(-1 / 48) });
    expect((await zones.run(asked(0, 1, ['refills']))).metrics['refills'].checks).toBe(30);
    const lagos = {
      ...asked(0, 1, ['refills'], 'Africa/Lagos'),
      time_range: { start: day(-1 / 24), end: day(23 / 24) },
    };
    expect((await zones.run(lagos)).metrics['refills'].checks).toBeNull();
  });

  it('a month is held against all its days at once: the one that was withheld must not be what is left', async () => {
    const bench = new RollUpBench(NOW);
    for (let index = 0; index < 31; index += 1) {
      checks(bench, index, 'ok', 40);
      checks(bench, index, 'now', index === 17 ? 5 : 12, 50);
      checks(bench, index, 'soon', 12, 70);
    }
    const told = [];
    for (let index = 0; index < 31; index += 1)
      told.push((await bench.run(asked(index, index + 1, ['refills']))).metrics['refills'].by_urgency);
    expect(told[17]).toEqual({ ok: 40, now: null, soon: null });
    expect(told[16]).toEqual({ ok: 40, now: 12, soon: 12 });
    const { metrics } = await bench.run(asked(0, 31, ['refills']));
    expect(metrics['refills']).toMatchObject({
      checks: 31 * 64 - 7,
      by_urgency: { ok: 31 * 40, now: null, soon: null },
    });
  }, 60_000);

  it('distinct people are not told when few more of them are in the longer range', async () => {
    for (const [newcomers, told] of [
      [3, null],
      [11, 41],
    ] as const) {
      const bench = new RollUpBench(NOW);
      checks(bench, 0, 'ok', 30);
      checks(bench, 1, 'ok', 30 + newcomers);
      expect((await bench.run(asked(0, 1, ['refills']))).metrics['refills'].people).toBe(30);
      const { metrics } = await bench.run(asked(0, 2, ['refills']));
      expect(metrics['refills']).toMatchObject({ checks: 60 + newcomers, people: told });
    }
  });

  it.each([
    [
      [0, 2],
      [0, 1],
      [1, 2],
    ],
    [
      [0, 1],
      [1, 2],
      [0, 2],
    ],
    [
      [1, 2],
      [0, 2],
      [0, 1],
    ],
  ] as const)(
    'no order of ranges tells that three people were there on two days: %j %j %j',
    async (...ranges) => {
      const bench = new RollUpBench(NOW);
      checks(bench, 0, 'ok', 30);
      // Three of the first day, and 27 others.
      checks(bench, 1, 'ok', 30, 27);
      // On both days twelve come again, so that what is more than one for each tells of nobody by itself.
      checks(bench, 0, 'ok', 12, 0, 'again');
      checks(bench, 1, 'ok', 12, 40, 'again');
      const told: (number | null)[] = [];
      for (const [from, until] of ranges)
        told.push((await bench.run(asked(from, until, ['refills']))).metrics['refills'].people);
      expect(told.filter((people) => people === null)).toHaveLength(1);
      expect(told.at(-1)).toBeNull();
    },
  );

  it('the same range is told again as before', async () => {
    const bench = new RollUpBench(NOW);
    checks(bench, 0, 'ok', 40);
    checks(bench, 1, 'soon', 12);
    const first = await bench.run(asked(0, 2, ['refills']));
    const writes = bench.all('rollup').length;
    expect((await bench.run(asked(0, 2, ['refills']))).metrics).toEqual(first.metrics);
    expect(bench.all('rollup')).toHaveLength(writes);
  });

  it('two jobs at the same time see each other: the second one is made again', async () => {
    const bench = new RollUpBench(NOW);
    checks(bench, 0, 'ok', 40);
    checks(bench, 9, 'ok', 5, 100);
    const both = await Promise.allSettled([
      bench.run(asked(0, 9, ['refills'])),
      bench.run(asked(0, 10, ['refills'])),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('no total, nor any by urgency, tells of 1 to 10 people by adding and subtracting', async () => {
    const row = fc.record({
      day: fc.nat(4),
      urgency: fc.constantFrom('ok', 'soon', 'now'),
      first: fc.nat(30),
      count: fc.integer({ min: 1, max: 25 }),
    });
    const range = fc
      .tuple(fc.nat(4), fc.nat(4))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b) + 1] as const);
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 14 }),
        fc.array(range, { minLength: 2, maxLength: 3 }),
        async (rows, ranges) => {
          const bench = new RollUpBench(NOW);
          for (const { day: index, urgency, first, count } of rows)
            checks(bench, index, urgency, count, first);
          const shown: (readonly string[])[] = [];
          for (const [from, until] of ranges) {
            const { metrics } = await bench.run(asked(from, until, ['refills']));
            const { checks: total, by_urgency } = metrics['refills'];
            const days = Array.from({ length: until - from }, (_, index) => from + index);
            const columns = (urgencies: string[]) =>
              days.flatMap((at) => urgencies.map((name) => `${at}-${name}`));
            if (total !== null) shown.push(columns(['ok', 'soon', 'now']));
            for (const [name, number] of Object.entries(by_urgency))
              if (number !== null) shown.push(columns([name]));
          }
          expect(smallestTold(bench, shown)).toBeUndefined();
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);
});

describe('one window, asked again', () => {
  const METRICS = ['reminders', 'adherence'];

  it('tells nothing of people before it is settled: neither open nor just over', async () => {
    const bench = new RollUpBench(day(0.6));
    const told: unknown[] = [];
    for (const now of [day(0.6), day(0.65), day(1.1), day(2.5), day(2.52)]) {
      bench.now = now;
      if (now < day(2)) bench.dose(`new-${now}`, day(0.5));
      for (let user = 0; user < 40; user += 1) bench.dose(`u${user}`, day(0.5));
      const { metrics, result } = await bench.run(asked(0, 1, METRICS));
      told.push([metrics['reminders'].due, metrics['adherence'].doses.due, metrics['reminders'].people]);
      expect(result['suppression']).toMatchObject({ people_told_after: '2026-03-03T12:15:00.000Z' });
    }
    expect(told).toEqual([...Array.from({ length: 4 }, () => [null, null, null]), [43, 43, 43]]);
    bench.now = day(0.6);
    const { roll_up } = (await bench.run(asked(0, 1, ['jobs']))).result as { roll_up: JsonObject };
    expect(JSON.stringify(roll_up)).not.toContain('reminders');
  });

  it.each([1, 10])('stays as it was told when %s people’s doses came late, in every window', async (late) => {
    const bench = new RollUpBench(day(20));
    for (let index = 0; index < 4; index += 1)
      for (let user = 0; user < 40; user += 1) bench.dose(`u${user}`, day(index + 0.5));
    const windows: [number, number, string?][] = [
      [0, 1],
      [0, 4],
      [1, 3],
    ];
    const tell = async () => {
      const told: unknown[] = [];
      for (const [from, until, zone] of windows)
        told.push((await bench.run(asked(from, until, ['reminders'], zone))).metrics['reminders']);
      return told;
    };
    const before = await tell();
    for (let user = 0; user < late; user += 1) bench.dose(`late${user}`, day(0.5), { recordedAt: day(20.1) });
    expect(await tell()).toEqual(before);
    bench.now = day(21.01);
    await bench.run(asked(20, 21, ['jobs']));
    expect(await tell()).toEqual(before);
    expect((await bench.run(asked(0, 2, ['reminders']))).metrics['reminders'].due).toBe(80);
  });

  it('is withheld in zones that divide an hour of which a correction waits', async () => {
    const due = async (lateAt: number | undefined): Promise<unknown> => {
      const bench = new RollUpBench(day(20));
      for (let user = 0; user < 40; user += 1) bench.dose(`u${user}`, day(0.5));
      await bench.run(asked(0, 1, ['reminders']));
      if (lateAt !== undefined) bench.dose('late', day(lateAt), { recordedAt: day(20.1) });
      const kolkata = {
        ...asked(0, 1, ['reminders'], 'Asia/Kolkata'),
        time_range: { start: day(-5.5 / 24), end: day(18.5 / 24) },
      };
      return (await bench.run(kolkata)).metrics['reminders'].due;
    };
    expect(await due(undefined)).toBe(40);
    expect(await due(0.5)).toBe(40);
    expect(await due(18.2 / 24)).toBeNull();
  });

  it('of therapies stays as it was told until more than ten people’s fills came late', async () => {
    const bench = new RollUpBench(day(60));
    const fill = (user: string, date: string, recordedAt: string) =>
      bench.db.events.putFillRow({
        userRef: bench.refs.user(user),
        medicationRef: bench.refs.medication(user, 'm'),
        date,
        daysSupply: 40,
        recordedAt,
      });
    for (let user = 0; user < 40; user += 1)
      for (const date of ['2026-01-01', '2026-02-20']) fill(`u${user}`, date, `${date}T12:00:00.000Z`);
    const tell = async (until: number) => {
      const { metrics, result } = await bench.run(asked(-59, until, ['adherence']));
      const { fills_read } = result['coverage'] as JsonObject;
      return [metrics['adherence'].people, metrics['adherence'].pdc_mean, fills_read];
    };
    const first = await tell(40);
    expect(first[0]).toBe(40);
    // It changes nobody's membership, and still the mean would tell of one person.
    fill('u0', '2026-03-20', day(60.5));
    bench.now = day(61);
    expect(await tell(40)).toEqual(first);
    expect(await tell(41)).toEqual([null, null, null]);
    for (let user = 1; user < 11; user += 1) fill(`u${user}`, '2026-03-20', day(61.5));
    bench.now = day(62);
    const then = await tell(40);
    expect(then[0]).toBe(40);
    expect(then[1]).toBeGreaterThan(Number(first[1]));
  }, 60_000);
});

/** Whoever adds and subtracts up to four of the numbers: the fewest people (1 to 10) that a difference is about. */
function smallestTold(bench: RollUpBench, shown: readonly (readonly string[])[]): number | undefined {
  const people = new Map<string, Set<string>>();
  for (const { jobId, userRef = '' } of bench.db.outcomes.values()) {
    const column = jobId.split('-').slice(0, 2).join('-');
    people.set(column, (people.get(column) ?? new Set()).add(userRef));
  }
  let told: number | undefined;
  const visit = (from: number, taken: number, sum: ReadonlyMap<string, number>): void => {
    const left = [...sum]
      .filter(([, value]) => value !== 0)
      .flatMap(([column]) => [...(people.get(column) ?? [])]);
    const size = new Set(left).size;
    if (size >= 1 && size <= 10) told = Math.min(told ?? size, size);
    if (taken === 4) return;
    for (let index = from; index < shown.length; index += 1)
      for (const sign of [1, -1]) {
        const next = new Map(sum);
        for (const column of shown[index] ?? []) next.set(column, (next.get(column) ?? 0) + sign);
        visit(index + 1, taken + 1, next);
      }
  };
  visit(0, 0, new Map());
  return told;
}
