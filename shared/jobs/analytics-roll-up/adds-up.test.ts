import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RollUpBench } from '#test/builders/roll-up-bench.ts';

// Counted anew by means that the kind does not use: plain filters over the rows, and the stored texts themselves.

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BEGIN = Date.parse('2026-03-01T00:00:00.000Z');
const END = BEGIN + 31 * DAY_MS;
const at = (ms: number): string => new Date(ms).toISOString();

/** Many rows stand exactly where windows begin and end. */
const moment = fc.oneof(
  fc.integer({ min: BEGIN, max: END - 1 }),
  fc.nat(31 * 48 - 1).map((halfHours) => BEGIN + (halfHours * HOUR_MS) / 2),
);
const row = fc.record({
  ms: moment,
  kind: fc.constantFrom('refill-check', 'supply-monitor', 'interaction-check', 'backup'),
  priority: fc.constantFrom('HIGH' as const, 'MEDIUM' as const, 'LOW' as const),
  status: fc.constantFrom('succeeded' as const, 'failed' as const, 'cancelled' as const, 'expired' as const),
  executionMs: fc.nat(100_000),
  attempts: fc.nat(4),
  user: fc.nat(40),
});
type Row = typeof row extends fc.Arbitrary<infer T> ? T : never;

const zoned = (start: string, end: string, time_zone: string) => ({
  startMs: Date.parse(start),
  endMs: Date.parse(end),
  time_zone,
});
const windows = fc.oneof(
  fc
    .tuple(fc.nat(31 * 1440 - 1), fc.integer({ min: 1, max: 31 * 1440 }))
    .map(([from, minutes]) => ({ from: BEGIN + from * 60_000, minutes }))
    .map(({ from, minutes }) => ({ startMs: from, endMs: Math.min(from + minutes * 60_000, END) })),
  fc.constantFrom(
    { startMs: BEGIN, endMs: END },
    zoned('2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z', 'America/New_York'),
    zoned('2026-03-07T18:30:00Z', '2026-03-08T18:30:00Z', 'Asia/Kolkata'),
    zoned('2026-03-01T00:00:00Z', '2026-03-29T23:00:00Z', 'Europe/London'),
  ),
);

function recount(rows: readonly Row[], { startMs, endMs }: { startMs: number; endMs: number }) {
  const own = rows.filter(({ ms }) => ms >= startMs && ms < endMs);
  const ended = (status: string) => own.filter((each) => each.status === status).length;
  const sorted = own.map(({ executionMs }) => executionMs).sort((a, b) => a - b);
  const rank = (percent: number) => sorted[Math.ceil((percent * sorted.length) / 100) - 1] ?? null;
  return {
    ended: own.length,
    succeeded: ended('succeeded'),
    failed: ended('failed'),
    cancelled: ended('cancelled'),
    expired: ended('expired'),
    attempts: own.reduce((sum, { attempts }) => sum + attempts, 0),
    retries: own.reduce((sum, { attempts }) => sum + Math.max(attempts - 1, 0), 0),
    execution_time_ms: { samples: own.length, p50: rank(50), p95: rank(95), p99: rank(99), exact: true },
  };
}

/** The numbers of a stored record as their text has them, each person with each key as `<person> <key>`. */
function stored(body: Readonly<Record<string, unknown>>) {
  const text = gunzipSync(Buffer.from(String(body['data']), 'base64')).toString();
  const { rows, sums, samples, people } = JSON.parse(text) as {
    rows: number;
    sums: Record<string, number>;
    samples: Record<string, { exact: number[] }>;
    people: { keys: string[][]; people: string[] };
  };
  const marks = people.keys.flatMap((keys, index) =>
    (people.people[index]?.match(/.{16}/g) ?? []).flatMap((person) => keys.map((key) => `${person} ${key}`)),
  );
  return { rows, sums, samples, marks };
}

function together(parts: readonly ReturnType<typeof stored>[]) {
  const sums: Record<string, number> = {};
  const samples: Record<string, { exact: number[] }> = {};
  for (const part of parts) {
    for (const [key, count] of Object.entries(part.sums)) sums[key] = (sums[key] ?? 0) + count;
    for (const [key, { exact }] of Object.entries(part.samples))
      samples[key] = { exact: [...(samples[key]?.exact ?? []), ...exact].sort((a, b) => a - b) };
  }
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  return { rows, sums, samples, marks: [...new Set(parts.flatMap(({ marks }) => marks))].sort() };
}

it('any window after any others is a recount of its rows, a second run changes no byte, and months are their days and hours', async () => {
  const asks = fc.array(fc.tuple(windows, fc.nat(80)), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 300 }), asks, async (rows, asked) => {
      const bench = new RollUpBench(at(BEGIN));
      for (const [index, { ms, user, ...own }] of rows.entries()) {
        const facts = { urgency: user % 2 === 0 ? 'ok' : 'soon', outcome: 'none_found', entries: 2 };
        const userRef = bench.refs.user(`u${user}`);
        bench.endJob({ ...own, jobId: `job-${index}`, endedAt: at(ms), userRef, facts });
      }
      const all = () => JSON.stringify(bench.all('rollup'));
      for (const [{ startMs, endMs, ...zone }, later] of asked) {
        bench.now = at(endMs + later * HOUR_MS);
        const body = { time_range: { start: at(startMs), end: at(endMs) }, metrics_types: ['jobs'], ...zone };
        const first = await bench.run(body);
        expect(first.metrics['jobs'].total).toMatchObject(recount(rows, { startMs, endMs }));
        const bytes = all();
        expect((await bench.run(body)).metrics).toEqual(first.metrics);
        expect(all()).toBe(bytes);
      }
      bench.now = at(END + 40 * HOUR_MS);
      await bench.run({ time_range: { start: at(BEGIN), end: at(END) }, metrics_types: ['jobs'] });
      const records = bench.all('rollup').map(({ id, body }) => ({ id, body }));
      for (const family of ['jobs', 'refills', 'supply', 'interactions']) {
        const of = (grain: string) =>
          records
            .filter(({ id }) => id.startsWith(`${grain}#2026-03`) && id.endsWith(`#${family}`))
            .map(({ body }) => stored(body));
        expect([of('month').length, of('day').length, of('hour').length]).toEqual([1, 31, 744]);
        const month = together(of('month'));
        expect(together(of('day'))).toEqual(month);
        expect(together(of('hour'))).toEqual(month);
      }
    }),
    { numRuns: 6 },
  );
}, 120_000);
