import { afterEach, expect, test, vi } from 'vitest';
import { createMetricSink } from './metric-sink.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Lines that are written to the log while `work` runs. */
function linesOf(work: () => void): Record<string, unknown>[] {
  const lines: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  work();
  vi.restoreAllMocks();
  return lines.map((line) => JSON.parse(line));
}

interface EmfBlock {
  readonly CloudWatchMetrics: readonly { Namespace: string; Dimensions: string[][]; Metrics: object[] }[];
}

/** What the line tells CloudWatch about its metrics. */
const metricsOf = (line: Record<string, unknown> = {}) =>
  (line['_aws'] as EmfBlock | undefined)?.CloudWatchMetrics[0];

test('each set of dimensions is one line in the embedded metric format', () => {
  const sink = createMetricSink('dev');
  const lines = linesOf(() => {
    sink.add('execution_time', 12, 'Milliseconds', { kind: 'backup', priority: 'LOW' });
    sink.add('execution_time', 30, 'Milliseconds', { priority: 'LOW', kind: 'backup' });
    sink.add('error_rate', 0, 'Count', { kind: 'backup', priority: 'LOW' });
    sink.add('request_time', 7, 'Milliseconds', { kind: 'refill-check' });
    sink.flush();
  });

  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatchObject({
    kind: 'backup',
    priority: 'LOW',
    execution_time: [12, 30],
    error_rate: 0,
  });
  expect(metricsOf(lines[0])).toEqual({
    Namespace: 'MedicationJobs/dev',
    Dimensions: [['kind', 'priority']],
    Metrics: [
      { Name: 'execution_time', Unit: 'Milliseconds' },
      { Name: 'error_rate', Unit: 'Count' },
    ],
  });
  expect(metricsOf(lines[1])?.Dimensions).toEqual([['kind']]);
});

test('a metric without dimensions has one empty set, and no dimension that costs extra', () => {
  const sink = createMetricSink('dev');
  const lines = linesOf(() => {
    sink.add('reconciler_repairs', 3, 'Count');
    sink.flush();
  });
  expect(metricsOf(lines[0])?.Dimensions).toEqual([[]]);
  expect(lines[0]).not.toHaveProperty('service');
});

test('what was flushed is not written again, and an empty flush writes nothing', () => {
  const sink = createMetricSink('dev');
  const lines = linesOf(() => {
    sink.add('refusals', 1, 'Count');
    sink.flush();
    sink.flush();
  });
  expect(lines).toHaveLength(1);
});

test('more values than one line takes go into further lines, and none is lost', () => {
  const sink = createMetricSink('dev');
  const lines = linesOf(() => {
    for (let count = 0; count < 250; count += 1)
      sink.add('reconciler_repairs', 1, 'Count', { kind: 'backup' });
    sink.flush();
  });
  expect(lines.map((line) => metricsOf(line)?.Dimensions)).toEqual([[['kind']], [['kind']], [['kind']]]);
  const values = lines.flatMap((line) => line['reconciler_repairs']);
  expect(values).toHaveLength(250);
});
