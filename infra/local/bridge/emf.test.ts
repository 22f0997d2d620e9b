import { expect, test } from 'vitest';
import { metricsOfLine } from './emf.ts';

const line = (more: object = {}) =>
  JSON.stringify({
    _aws: {
      Timestamp: 1_795_469_807_000,
      CloudWatchMetrics: [
        {
          Namespace: 'MedicationJobs',
          Dimensions: [['service', 'kind'], ['service']],
          Metrics: [{ Name: 'execution_time', Unit: 'Milliseconds' }, { Name: 'error_rate' }],
        },
      ],
    },
    service: 'medication-jobs',
    kind: 'refill-check',
    execution_time: [12, 30],
    error_rate: 0,
    job_id: 'never a dimension',
    ...more,
  });

test('every metric is there once per set of dimensions, with all its values', () => {
  const metrics = metricsOfLine(line());
  expect(metrics).toHaveLength(4);
  expect(metrics[0]).toEqual({
    namespace: 'MedicationJobs',
    name: 'execution_time',
    unit: 'Milliseconds',
    epochMs: 1_795_469_807_000,
    dimensions: { service: 'medication-jobs', kind: 'refill-check' },
    values: [12, 30],
  });
  expect(metrics[3]).toMatchObject({
    name: 'error_rate',
    dimensions: { service: 'medication-jobs' },
    values: [0],
  });
});

test.each([
  ['an ordinary log line', '{"level":"INFO","message":"A job was accepted."}'],
  ['a line that only speaks of metrics', 'START "CloudWatchMetrics"'],
  ['half a line', line().slice(0, -20)],
  ['a metric without a number', line({ execution_time: 'fast', error_rate: null })],
])('%s carries none', (_, text) => {
  expect(metricsOfLine(text)).toEqual([]);
});
