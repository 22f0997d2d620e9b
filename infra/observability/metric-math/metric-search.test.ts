import { expect, it } from 'vitest';
import { foundBy, readSearch } from './metric-search.ts';

const SEARCH = `SEARCH('{"MedicationJobs/dev",kind,priority} MetricName="execution_time" kind="backup"', 'p99', 300)`;

it('reads schema, terms, statistic and period', () => {
  expect(readSearch(SEARCH)).toEqual({
    namespace: 'MedicationJobs/dev',
    dimensionNames: ['kind', 'priority'],
    metricName: 'execution_time',
    dimensions: { kind: 'backup' },
    statistic: 'p99',
    periodSeconds: 300,
  });
});

it('finds the metrics with exactly the dimensions of the schema and the values of the terms', () => {
  const metric = (dimensions: Record<string, string>, name = 'execution_time') => ({
    namespace: 'MedicationJobs/dev',
    name,
    dimensions,
  });
  const found = [metric({ kind: 'backup', priority: 'LOW' }), metric({ priority: 'HIGH', kind: 'backup' })];
  const others = [
    metric({ kind: 'refill-check', priority: 'LOW' }),
    metric({ kind: 'backup' }),
    metric({ kind: 'backup', priority: 'LOW', more: 'x' }),
    metric({ kind: 'backup', priority: 'LOW' }, 'retry_count'),
    { ...metric({ kind: 'backup', priority: 'LOW' }), namespace: 'MedicationJobs/prod' },
  ];
  expect(foundBy(readSearch(SEARCH), [...others, ...found])).toEqual(found);
});

it.each([
  [`SEARCH('{AWS/Lambda,FunctionName} Errors', 'Sum', 300)`],
  [`SEARCH('{AWS/Lambda,FunctionName} MetricName="Errors" OR MetricName="Duration"', 'Sum', 300)`],
  [`SEARCH('{AWS/Lambda,FunctionName} MetricName="Errors" kind="backup"', 'Sum', 300)`],
  [`SEARCH('MetricName="Errors"', 'Sum', 300)`],
  [`SUM(SEARCH('{AWS/Lambda,FunctionName} MetricName="Errors"', 'Sum', 300))`],
])('refuses what it would read wrongly: %s', (expression) => {
  expect(() => readSearch(expression)).toThrow('Not evaluated');
});
