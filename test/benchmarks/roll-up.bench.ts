/**
 * Measures roll-ups: `node test/benchmarks/roll-up.bench.ts`. Prints milliseconds and memory; no test depends on them. Rows come
 * from a reader in memory that makes them while they are read, so what is measured is counting, storing and choosing.
 */
import { analyticsRollUp } from '#shared/jobs/analytics-roll-up/index.ts';
import type { DoseRow, EventReader, FillRow, JsonObject } from '#shared/jobs/ports.ts';
import { KindBench } from '#test/builders/kind-bench.ts';

const DAY_MS = 86_400_000;
const DOSES_PER_DAY = 100_000;
/** Two doses a day each. */
const PEOPLE = 50_000;
const FIRST = Date.UTC(2026, 2, 1);
const at = (day: number): string => new Date(FIRST + day * DAY_MS).toISOString();

const bench = new KindBench(at(0));
const refs = Array.from({ length: PEOPLE }, (_, index) => bench.refs.user(`u${index}`));

let highestHeap = 0;
const watchHeap = (): void => {
  highestHeap = Math.max(highestHeap, process.memoryUsage().heapUsed);
};

async function* doses(start: string, end: string): AsyncIterable<DoseRow> {
  const [from, until] = [Date.parse(start), Date.parse(end)];
  const step = DAY_MS / DOSES_PER_DAY;
  for (let index = Math.max(Math.ceil((from - FIRST) / step), 0); index * step < until - FIRST; index += 1) {
    if (index % 1000 === 0) watchHeap();
    const dueAt = new Date(FIRST + index * step).toISOString();
    const answeredAt = new Date(FIRST + index * step + 60_000 * (1 + (index % 47))).toISOString();
    const isTaken = index % 7 > 0;
    yield {
      occurrenceId: String(index),
      userRef: refs[index % PEOPLE] ?? '',
      dueAt,
      status: isTaken ? 'taken' : 'published',
      reason: null,
      told: { at: dueAt, late: index % 31 === 0 },
      ...(isTaken && { answeredAt }),
      recordedAt: answeredAt,
    };
  }
}

/** A month of supply for everybody, thirteen times a year, on days that differ. */
async function* fills(from: string, until: string): AsyncIterable<FillRow> {
  for (let ms = Date.parse(from); ms < Date.parse(until); ms += DAY_MS) {
    const date = new Date(ms).toISOString().slice(0, 10);
    watchHeap();
    const day = Math.round(ms / DAY_MS);
    for (let user = day % 28; user < PEOPLE; user += 28)
      yield {
        userRef: refs[user] ?? '',
        medicationRef: 'm',
        date,
        daysSupply: 28,
        recordedAt: `${date}T12:00:00.000Z`,
      };
  }
}

async function* nothing(): AsyncIterable<never> {}

const events: EventReader = {
  doses,
  fills,
  accepted: nothing,
  refusals: nothing,
  breakGlass: nothing,
  lateHours: async () => [],
};

async function run(body: JsonObject): Promise<JsonObject> {
  const done = await analyticsRollUp.open(body).process(bench.job(body), bench.world({ events }));
  bench.commit(done);
  if (done.end !== 'succeeded') throw new Error(`It ended ${done.end}.`);
  return done.result;
}

async function measured(what: string, body: JsonObject): Promise<JsonObject> {
  globalThis.gc?.();
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  highestHeap = 0;
  watchHeap();
  const result = await run(body);
  watchHeap();
  const used = process.cpuUsage(cpu);
  return {
    what,
    ms: Math.round(performance.now() - began),
    cpu_ms: Math.round((used.user + used.system) / 1000),
    highest_heap_mb: Math.round(highestHeap / 2 ** 20),
    coverage: result['coverage'] ?? null,
  };
}

const range = (from: number, until: number, ...metrics_types: string[]): JsonObject => ({
  time_range: { start: at(from), end: at(until) },
  metrics_types,
});

const report: JsonObject[] = [];
bench.now = at(3);
report.push(await measured('a day of 100,000 doses, from rows', range(0, 1, 'jobs')));
for (let day = 1; day < 31; day += 1) {
  bench.now = at(day + 2.6);
  await run(range(day, day + 1, 'jobs'));
}
bench.now = at(40);
report.push(await measured('that day again, from its record', range(0, 1, 'reminders')));
report.push(await measured('a month, from days', range(0, 31, 'reminders')));
report.push(await measured('26 days after the month was told, from days', range(2, 28, 'reminders')));
report.push(await measured('180 days of fills of 50,000 people', range(-149, 31, 'adherence')));
const stored = bench.all('rollup');
const largest = Math.max(...stored.map((record) => JSON.stringify(record).length));
console.log(JSON.stringify({ report, records: stored.length, largest_record: largest }, null, 2));
