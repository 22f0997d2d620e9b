import { describe, expect, it } from 'vitest';
import { RollUpBench } from '#test/builders/roll-up-bench.ts';
import type { JsonObject } from '../ports.ts';
import { METRICS_TYPES } from './metrics-types.ts';

const HOUR_MS = 3_600_000;
const at = (text: string, hours = 0): string => new Date(Date.parse(text) + hours * HOUR_MS).toISOString();
const asked = (
  start: string,
  end: string,
  metrics_types: readonly string[] = ['jobs'],
  time_zone?: string,
): JsonObject => ({
  time_range: { start, end },
  metrics_types,
  ...(time_zone !== undefined && { time_zone }),
});
const DAY = '2026-03-03T00:00:00.000Z';
const ALL = METRICS_TYPES.filter((type) => !/_/.test(type));

/** Jobs, checks and doses of thirty people in every hour of five days, in no regular pattern. */
function busyBench(now: string): RollUpBench {
  const bench = new RollUpBench(now);
  for (let hour = 0; hour < 120; hour += 1)
    for (let user = 0; user < 30; user += 1) {
      const moment = at('2026-03-01T00:00:00.000Z', hour + ((user * 7) % 60) / 60);
      if ((user + hour) % 3 === 0)
        bench.dose(`u${user}`, moment, (user * hour) % 5 === 0 ? { status: 'published' } : {});
      const executionMs = (user * 37 + hour * 11) % 1000;
      const facts = { urgency: (user + hour) % 4 === 0 ? 'soon' : 'ok' };
      bench.endJob({ endedAt: moment, executionMs, facts, userRef: bench.refs.user(`u${user}`) });
    }
  return bench;
}

async function rollUpDays(bench: RollUpBench, days: number): Promise<void> {
  for (let day = 0; day < days; day += 1) {
    const start = at('2026-03-01T00:00:00.000Z', 24 * day);
    bench.now = at(start, 24.4);
    await bench.run(asked(start, at(start, 24)));
  }
}

describe('stored numbers', () => {
  it('give every window the same answer as its rows', async () => {
    const now = '2026-03-08T00:00:00.000Z';
    const stored = busyBench(now);
    await rollUpDays(stored, 7);
    stored.now = now;
    const windows = [
      asked('2026-03-01T00:00:00Z', '2026-03-06T00:00:00Z', ALL),
      asked('2026-03-01T18:30:00Z', '2026-03-03T18:30:00Z', ALL, 'Asia/Kolkata'),
      asked('2026-03-01T05:00:00Z', '2026-03-04T05:00:00Z', ALL, 'America/New_York'),
      asked('2026-03-01T10:20:00Z', '2026-03-02T13:40:00Z'),
    ];
    for (const body of windows) {
      const fromRows = await busyBench(now).run(body);
      const fromRecords = await stored.run(body);
      // What was shown of one window may keep a number of the next one from being shown; totals of jobs are always there.
      expect(fromRecords.metrics['jobs']).toEqual(fromRows.metrics['jobs']);
      if (body === windows[0]) expect(fromRecords.metrics).toEqual(fromRows.metrics);
      const { coverage } = fromRecords.result as { coverage: { hours_from_records: number } };
      expect(coverage.hours_from_records).toBeGreaterThan(24);
    }
  }, 60_000);

  it('are only used once nothing changes without a mark, and are read instead of rows from then on', async () => {
    const bench = busyBench(at(DAY, 24.4));
    const body = asked(DAY, at(DAY, 24));
    const first = await bench.run(body);
    bench.reads.length = 0;
    bench.now = at(DAY, 24 + 60);
    await bench.run(body);
    expect(bench.reads.filter((read) => read === 'outcomes row').length).toBeGreaterThan(0);
    bench.reads.length = 0;
    const last = await bench.run(body);
    expect(bench.reads.some((read) => read.endsWith(' row'))).toBe(false);
    expect(last.metrics).toEqual(first.metrics);
    // Doses that nobody answered were open at first and are missed now; jobs stay as they were.
    expect(bench.revisions(`day#${DAY}`)).toMatchObject({
      [`day#${DAY}#jobs`]: 1,
      [`day#${DAY}#reminders`]: 2,
    });
  });

  it('of a month are put together from its days, and follow a correction of one of them', async () => {
    const bench = busyBench(at('2026-04-03T12:00:00.000Z'));
    const month = asked('2026-03-01T00:00:00Z', '2026-04-01T00:00:00Z');
    const before = await bench.run(month);
    expect(bench.revisions('month#')['month#2026-03-01T00:00:00.000Z#jobs']).toBe(1);
    const first = await bench.run({ ...month, metrics_types: ['reminders'] });
    const lateBefore = Number((first.result['coverage'] as JsonObject)['late_events']);
    for (let user = 0; user < 12; user += 1)
      bench.dose(`late${user}`, at(DAY, 10.5), { recordedAt: '2026-04-04T09:00:00.000Z' });
    bench.now = '2026-04-05T00:20:00.000Z';
    await bench.run(asked('2026-04-04T00:00:00Z', '2026-04-05T00:00:00Z'));
    for (const unit of [`hour#${at(DAY, 10)}`, `day#${DAY}`, 'month#2026-03-01T00:00:00.000Z'])
      expect(bench.revisions(`${unit}#reminders`)).toEqual({ [`${unit}#reminders`]: 2 });
    bench.reads.length = 0;
    const after = await bench.run({ ...month, metrics_types: ['jobs', 'reminders'] });
    expect(bench.reads.some((read) => read.endsWith(' row'))).toBe(false);
    expect(after.metrics['jobs']).toEqual(before.metrics['jobs']);
    expect(after.result['coverage']).toMatchObject({
      corrections: [{ id: 'month#2026-03-01T00:00:00.000Z#reminders', revision: 2 }],
      late_events: lateBefore + 12,
    });
  });

  it('of people take on what came late for more than ten of them, once, and before it for none', async () => {
    const bench = busyBench(at('2026-04-03T12:00:00.000Z'));
    const month = asked('2026-03-01T00:00:00Z', '2026-04-01T00:00:00Z', ['reminders']);
    const dueAfter = async (first: number, people: number, date: string): Promise<unknown> => {
      for (let user = first; user < first + people; user += 1)
        bench.dose(`late${user}`, at(DAY, 10.5), { recordedAt: `${date}T09:00:00.000Z` });
      bench.now = at(`${date}T00:00:00.000Z`, 24.4);
      await bench.run(asked(`${date}T00:00:00Z`, at(`${date}T00:00:00.000Z`, 24)));
      return (await bench.run(month)).metrics['reminders'].due;
    };
    const before = (await bench.run(month)).metrics['reminders'].due;
    expect(await dueAfter(0, 1, '2026-04-20')).toBe(before);
    expect(await dueAfter(1, 9, '2026-04-21')).toBe(before);
    expect(await dueAfter(10, 1, '2026-04-22')).toBe(before + 11);
    expect(await dueAfter(11, 12, '2026-04-23')).toBe(before + 11);
    const hour = `hour#${at(DAY, 10)}#reminders`;
    expect(bench.revisions(hour)).toEqual({ [hour]: 2 });
  });

  it('follow late data however long roll-ups of days failed, and a whole year of them bit by bit', async () => {
    const bench = busyBench(at('2026-04-03T12:00:00.000Z'));
    await bench.run(asked('2026-03-01T00:00:00Z', '2026-04-01T00:00:00Z'));
    for (let user = 0; user < 12; user += 1) {
      bench.dose(`late${user}`, at(DAY, 10.5), { recordedAt: '2026-04-04T09:00:00.000Z' });
      for (let hour = 0; hour < 600; hour += 1)
        bench.dose(`year${user}`, at(DAY, hour), { recordedAt: '2026-04-05T09:00:00.000Z' });
    }
    const revisions = async (date: string): Promise<unknown[]> => {
      bench.now = at(`${date}T00:00:00.000Z`, 24.4);
      await bench.run(asked(`${date}T00:00:00Z`, at(`${date}T00:00:00.000Z`, 24)));
      return [10, 100, 599].map((hour) =>
        Object.values(bench.revisions(`hour#${at(DAY, hour)}#reminders`)).at(0),
      );
    };
    expect(await revisions('2026-06-01')).toEqual([2, 2, 1]);
    expect(await revisions('2026-06-02')).toEqual([2, 2, 2]);
  }, 60_000);

  it('of a run that found nothing new stay as they are, late marks or not', async () => {
    const bench = busyBench(at(DAY, 24.4));
    bench.dose('u1', '2026-03-01T10:30:00.000Z', { occurrenceId: 'late', recordedAt: at(DAY, 23.5) });
    const body = asked(DAY, at(DAY, 24));
    const first = await bench.run(body);
    const versions = bench.all('rollup').map(({ id, version, state }) => ({ id, version, state }));
    expect((await bench.run(body)).result).toEqual(first.result);
    expect(bench.all('rollup').map(({ id, version, state }) => ({ id, version, state }))).toEqual(versions);
    expect(first.result['roll_up']).toMatchObject({ revision: 1 });
  });

  it('that do not fit into one item are cut into parts, and parts that a dead attempt left are not used', async () => {
    const bench = new RollUpBench(at(DAY, 60));
    for (let user = 0; user < 25_000; user += 1) bench.dose(`many-${user}`, at(DAY, 10));
    const body = asked(at(DAY, 10), at(DAY, 11));
    await bench.run(body);
    const parts = bench.all('rollup').filter(({ id }) => id.startsWith('part#'));
    expect(parts.length).toBeGreaterThan(1);
    const longest = Math.max(...bench.all('rollup').map((record) => JSON.stringify(record).length));
    expect(longest).toBeLessThan(300_000);

    for (let user = 0; user < 12; user += 1)
      bench.dose(`more-${user}`, at(DAY, 10.5), { recordedAt: at(DAY, 61) });
    bench.now = at(DAY, 24.4 + 48);
    bench.failIntent = (id) => {
      if (id.startsWith('part#') && id.endsWith('#1')) throw new Error('The attempt dies between two parts.');
    };
    const day = asked(at(DAY, 48), at(DAY, 72));
    await expect(bench.run(day)).rejects.toThrow('dies between');
    bench.failIntent = undefined;
    const answer = await bench.run(asked(DAY, at(DAY, 24), ['reminders']));
    expect(answer.metrics['reminders'].due).toBe(25_012);
  }, 60_000);
});

describe('local days and months', () => {
  const NEW_YORK = 'America/New_York';

  it('look after the UTC days behind them, until their hours are final', async () => {
    const bench = busyBench(at(DAY, 29.4));
    const daily = (day: number) => asked(at(DAY, 24 * day + 5), at(DAY, 24 * day + 29), ALL, NEW_YORK);
    const { result } = await bench.run(daily(0));
    expect(result['roll_up']).toEqual({ days_looked_after: 3 });
    const finalDays = () =>
      bench
        .all('rollup')
        .filter(({ id, body }) => /^day#.*#jobs$/.test(id) && body['final'] === true)
        .map(({ id }) => id.slice(4, 14))
        .sort();
    expect(finalDays()).toEqual(['2026-03-01']);
    for (const day of [1, 2]) {
      bench.now = at(DAY, 24 * day + 29.4);
      await bench.run(daily(day));
    }
    expect(finalDays()).toEqual(['2026-03-01', '2026-03-02', '2026-03-03']);
  });

  it('of a month make the record of the UTC month, which becomes final with its last day', async () => {
    const bench = busyBench('2026-04-01T13:50:00.000Z');
    await bench.run(asked('2026-03-01T05:00:00Z', '2026-04-01T04:00:00Z', ['jobs'], NEW_YORK));
    const month = () => bench.all('rollup').find(({ id }) => id === 'month#2026-03-01T00:00:00.000Z#jobs');
    expect(month()?.body['final']).toBe(false);
    bench.now = '2026-04-03T05:20:00.000Z';
    await bench.run(asked('2026-04-02T04:00:00Z', '2026-04-03T04:00:00Z', ['jobs'], NEW_YORK));
    expect(month()).toMatchObject({ state: { revision: 1 }, body: { final: true } });
  }, 60_000);

  it('of long ago only answer', async () => {
    const bench = busyBench('2026-03-20T00:00:00.000Z');
    const { result } = await bench.run(asked(at(DAY, 5), at(DAY, 29), ['jobs'], NEW_YORK));
    expect(result['roll_up']).toEqual({});
    expect(bench.all('rollup')).toEqual([]);
  });
});

describe('what is read', () => {
  it('for an hour is its own rows and records, whatever came before', async () => {
    const readsAfter = async (hoursBefore: number): Promise<readonly string[]> => {
      const bench = new RollUpBench(DAY);
      for (let hour = 0; hour <= hoursBefore; hour += 1)
        for (let user = 0; user < 15; user += 1) {
          bench.dose(`u${user}`, at(DAY, -hour - 0.5));
          bench.endJob({ endedAt: at(DAY, -hour - 0.5), userRef: bench.refs.user(`u${user}`) });
        }
      for (let hour = hoursBefore; hour > 0; hour -= 1) {
        bench.now = at(DAY, 0.1 - hour);
        await bench.run(asked(at(DAY, -hour - 1), at(DAY, -hour)));
      }
      bench.now = at(DAY, 0.1);
      bench.reads.length = 0;
      await bench.run(asked(at(DAY, -1), DAY));
      return bench.reads;
    };
    const first = await readsAfter(0);
    expect(first).toContain(`doses ${at(DAY, -1)} ${DAY}`);
    expect(first.filter((read) => read === 'doses row')).toHaveLength(15);
    expect([...(await readsAfter(50))].sort()).toEqual([...first].sort());
  });

  it('of hours whose rows may be gone is nothing: their records stand, and the answer says what is missing', async () => {
    const bench = busyBench('2027-04-20T00:00:00.000Z');
    const { result, metrics } = await bench.run(asked(DAY, at(DAY, 24)));
    expect(result).toMatchObject({ complete: false, coverage: { hours: 24, hours_expired: 24 } });
    expect(metrics['jobs'].total.ended).toBe(0);
    expect(bench.reads.some((read) => read.startsWith('outcomes'))).toBe(false);
  });
});

describe('the answer', () => {
  it('says whether the window is over, and whether its numbers can still change', async () => {
    const bench = new RollUpBench(at(DAY, 1));
    const body = asked(DAY, at(DAY, 1));
    expect((await bench.run(body)).result).toMatchObject({ complete: true, final: false });
    bench.now = at(DAY, 40);
    expect((await bench.run(body)).result).toMatchObject({ complete: true, final: true });
    bench.now = at(DAY, 0.5);
    expect((await bench.run(body)).result).toMatchObject({ complete: false, final: false });
  });

  it('names window, zone, coverage and method', async () => {
    const { result, metrics } = await busyBench(at(DAY, 24)).run(
      asked(at(DAY, 10.5), at(DAY, 12), ['jobs'], 'Asia/Tokyo'),
    );
    expect(result).toMatchObject({
      time_range: { start: at(DAY, 10.5), end: at(DAY, 12) },
      time_zone: 'Asia/Tokyo',
      coverage: {
        hours: 1.5,
        hours_from_records: 0,
        hours_from_rows: 1.5,
        rows_read: metrics['jobs'].total.ended,
        late_events: 0,
      },
      percentiles: { method: 'nearest_rank', exact_up_to_samples: 1000, relative_error_above: 0.01 },
    });
  });
});
