/**
 * Measures what a number of people costs that is asked for each day about the last 31 days, in a deployment of few people:
 * `node test/benchmarks/rolling-month.bench.ts`. Prints milliseconds; no test depends on them. Every answer is held against all before it.
 */
import { RollUpBench } from '#test/builders/roll-up-bench.ts';

const HOUR_MS = 3_600_000;
const PEOPLE = 60;
const WINDOW_DAYS = 31;
const ANSWERS = 150;
const FIRST = Date.UTC(2026, 0, 1);
const at = (day: number, hours = 0): string =>
  new Date(FIRST + day * 24 * HOUR_MS + hours * HOUR_MS).toISOString();

const bench = new RollUpBench(at(0));
for (let day = 0; day < ANSWERS + WINDOW_DAYS; day += 1)
  for (let user = 0; user < PEOPLE; user += 1) {
    if ((user * 7 + day * 3) % 5 === 0) continue;
    const late = (user * day) % 13 === 0 ? { told: { at: at(day, 9), late: true } } : {};
    const status = (user + day) % 9 === 0 ? 'published' : (user + day) % 11 === 0 ? 'skipped' : 'taken';
    bench.dose(`u${user}`, at(day, 8 + user / 60), { status, ...late });
  }

const times: number[] = [];
for (let day = 0; day < ANSWERS; day += 1) {
  bench.now = at(day + WINDOW_DAYS, 40);
  const began = performance.now();
  await bench.run({
    time_range: { start: at(day), end: at(day + WINDOW_DAYS) },
    metrics_types: ['reminders'],
  });
  times.push(Math.round(performance.now() - began));
}
const thirds = [0, 1, 2].map((third) => times.slice((third * ANSWERS) / 3, ((third + 1) * ANSWERS) / 3));
console.log(
  JSON.stringify({ answers: ANSWERS, longest_ms_by_third: thirds.map((part) => Math.max(...part)) }),
);
