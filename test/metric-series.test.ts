import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { type MetricDatum, metricsOfLine } from '#infra/local/bridge/emf.ts';
import { createMetricSink } from '#shared/adapters/metric-sink.ts';
import { METRICS } from '#shared/contract/metrics.ts';
import { RetryableError } from '#shared/errors/attempt-error.ts';
import type { JobKind } from '#shared/jobs/define-job-kind.ts';
import { JOB_KINDS } from '#shared/jobs/registry.ts';
import { PRIORITY_NAMES, type Priority } from '#shared/lifecycle/priority.ts';
import { reconcile } from '#shared/operations/reconcile.ts';
import { createTestEngine, deliverAll, submitted } from '#test/builders/test-engine.ts';

const ROOT = join(import.meta.dirname, '..');

// Each combination of a metric's name and its dimensions is a series of its own, which costs $0.30 a month.

/** Of what each priority has, whatever its kinds are: how long jobs wait, and by how much they are overdue. */
const OF_PRIORITIES = ['oldest_overdue', 'queue_wait'];
/** What a job tells that goes well, and what one tells beside it that does not. */
const WELL = ['error_rate', 'execution_time', 'success_rate'];
const ILL = ['dead_letters', 'reconciler_repairs', 'retry_count'];

afterEach(() => {
  vi.restoreAllMocks();
});

/** The series that CloudWatch finds in the log lines which `work` leaves. */
async function seriesOf(
  work: (metrics: ReturnType<typeof createMetricSink>) => Promise<void>,
): Promise<string[]> {
  const lines: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  const metrics = createMetricSink('prod');
  await work(metrics);
  metrics.flush();
  vi.restoreAllMocks();
  const data: MetricDatum[] = lines.flatMap(metricsOfLine);
  return [
    ...new Set(
      data.map(({ name, dimensions }) =>
        [name, ...Object.entries(dimensions).map((one) => one.join('='))].join(' '),
      ),
    ),
  ].sort();
}

const withDimensions = (series: readonly string[]) => series.filter((one) => one.includes('='));

type Fate = 'well' | 'ill';

/** Jobs of each kind at the priorities in question through the engine, of which only the kinds' own work is left out. */
const fullRun = (prioritiesOf: (kind: JobKind) => readonly Priority[], fate: Fate) =>
  seriesOf(async (metrics) => {
    const engine = {
      ...createTestEngine(JOB_KINDS),
      metrics: Object.assign(metrics, { all: [] }),
      aroundProcess: async <T>(): Promise<T> => {
        if (fate === 'ill') throw new RetryableError('dependency_unavailable', 'made to fail');
        return { end: 'succeeded', result: {}, summary: 'done' } as T; // what every kind's work may end with
      },
    };
    for (const kind of JOB_KINDS)
      for (const priority of prioritiesOf(kind)) await submitted(engine, kind, { priority });
    if (fate === 'ill') await loseAll(engine);
    for (let tries = 0; tries < 10; tries += 1) {
      await deliverAll(engine);
      await reconcile(engine);
      engine.time.advance(3_600);
    }
  });

/** Every message is lost once, and found missing. */
async function loseAll(engine: ReturnType<typeof createTestEngine>): Promise<void> {
  engine.queue.held.length = 0;
  engine.time.advance(1_800);
  await reconcile(engine);
}

/** Once a month, or only where the deployer has chosen DynamoDB's own exports. */
const NOT_DAILY: readonly string[] = ['restore-drill', 'backup-export', 'backup-export-files'];

const ofDefaults = (kind: JobKind) => (NOT_DAILY.includes(kind.name) ? [] : [kind.defaultPriority]);
const ofAll = (kind: JobKind) => kind.priorities;

const expected = (names: readonly string[], prioritiesOf: (kind: JobKind) => readonly Priority[]) =>
  [
    ...JOB_KINDS.flatMap((kind) =>
      prioritiesOf(kind).flatMap((priority) =>
        names.map((name) => `${name} kind=${kind.name} priority=${priority}`),
      ),
    ),
    ...PRIORITY_NAMES.flatMap((priority) => OF_PRIORITIES.map((name) => `${name} priority=${priority}`)),
  ].sort();

it('on a day on which all goes well there are 50 series with dimensions, each kind at its own priority', async () => {
  const series = withDimensions(await fullRun(ofDefaults, 'well'));
  expect(series).toEqual(expected(WELL, ofDefaults));
  expect(series).toHaveLength(50);
});

it('where every kind is used at each priority that it may have, there are 95', async () => {
  const series = withDimensions(await fullRun(ofAll, 'well'));
  expect(series).toEqual(expected(WELL, ofAll));
  expect(series).toHaveLength(95);
});

it('what goes wrong adds three for each kind and priority, in the hours in which it does', async () => {
  const series = withDimensions(await fullRun(ofAll, 'ill'));
  expect(series).toEqual(expected([...WELL, ...ILL], ofAll));
  expect(series).toHaveLength(182);
});

it('nothing else has a dimension: what a source adds under one is counted above, or in single cases', () => {
  // An attempt that has lost its job is an accident of the moment.
  const counted = new Set([...OF_PRIORITIES, ...WELL, ...ILL, 'discarded_attempts']);
  const underOne = globSync('{shared,functions}/**/*.ts', { cwd: ROOT })
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) => [
      ...readFileSync(join(ROOT, file), 'utf8').matchAll(
        /metrics\.add\(\s*METRICS\.(\w+),(?:(?!\);)[\s\S])*?(?:dimensions|\{[^}]*\}),?\s*\);/g,
      ),
    ])
    .map(([, member = '']) => METRICS[member as keyof typeof METRICS]); // A typo would not compile there.
  expect([...new Set(underOne)].sort()).toEqual([...counted].sort());
});

it('the metrics without dimensions are one series each, and 60 at most', () => {
  const under = new Set<string>([...OF_PRIORITIES, ...WELL, ...ILL, 'discarded_attempts']);
  expect(Object.values(METRICS).filter((name) => !under.has(name)).length).toBeLessThanOrEqual(60);
});
