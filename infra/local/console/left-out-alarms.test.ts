import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluateLeftOut, type LeftOutAlarm, readLeftOutAlarms } from './left-out-alarms.ts';
import type { MetricQuery, MetricSource } from './metric-source.ts';

const NOW = Date.parse('2026-11-29T09:02:00Z');
const PERIOD = 300;
const current = Date.parse('2026-11-29T09:00:00Z') / 1000;

const shape = {
  Threshold: 0,
  ComparisonOperator: 'GreaterThanThreshold',
  EvaluationPeriods: 1,
  DatapointsToAlarm: 1,
  TreatMissingData: 'notBreaching',
  AlarmDescription: 'Severity: high.',
};

const ofPriority: LeftOutAlarm = {
  ...shape,
  Metrics: [
    {
      Id: 'q',
      Period: PERIOD,
      Expression: `SELECT SUM(dead_letters) FROM SCHEMA("Jobs", kind, priority) WHERE priority = 'HIGH'`,
    },
  ],
};

const series = (name: string, dimensions: Record<string, string>, namespace = 'Jobs') => ({
  namespace,
  name,
  dimensions,
});
const DEAD = [
  series('dead_letters', { kind: 'a', priority: 'HIGH' }),
  series('dead_letters', { kind: 'b', priority: 'HIGH' }),
  series('dead_letters', { kind: 'a', priority: 'LOW' }),
];

/** Values of the current period by what the query names. */
const source = (value: (query: MetricQuery) => number | undefined): MetricSource => ({
  list: async () => DEAD,
  read: async (queries) =>
    queries.map((query) => {
      const found = value(query);
      return new Map(found === undefined ? [] : [[current, found]]);
    }),
});

const stateOf = async (
  alarm: LeftOutAlarm,
  value: (query: MetricQuery) => number | undefined,
  listed = DEAD,
) => {
  const states = await evaluateLeftOut(new Map([['it', alarm]]), {
    listed,
    nowMs: NOW,
    source: source(value),
  });
  return states.get('it')?.state;
};

describe('an alarm with a query', () => {
  it('adds up the series of its priority, and no other', async () => {
    expect(await stateOf(ofPriority, ({ dimensions }) => (dimensions['kind'] === 'b' ? 1 : 0))).toBe('ALARM');
    expect(await stateOf(ofPriority, ({ dimensions }) => (dimensions['priority'] === 'LOW' ? 9 : 0))).toBe(
      'OK',
    );
  });

  it('has no data where nothing was written', async () => {
    expect(await stateOf(ofPriority, () => undefined)).toBe('no data');
    expect(await stateOf({ ...ofPriority, TreatMissingData: 'breaching' }, () => undefined)).toBe('ALARM');
  });
});

describe('an alarm with an expression', () => {
  const stat = (MetricName: string, Namespace = 'Jobs', Value: unknown = 'a') => ({
    MetricStat: {
      Metric: { Namespace, MetricName, Dimensions: [{ Name: 'kind', Value }] },
      Period: PERIOD,
      Stat: 'Sum',
    },
    ReturnData: false,
  });
  const rate = (more: Partial<ReturnType<typeof stat>> = {}): LeftOutAlarm => ({
    ...shape,
    Threshold: 0.5,
    Metrics: [
      { Id: 'r', Expression: 'e / n' },
      { Id: 'e', ...stat('errors'), ...more },
      { Id: 'n', ...stat('runs') },
    ],
  });

  it('is computed from its metrics', async () => {
    const errors = (count: number) => (query: MetricQuery) => (query.name === 'errors' ? count : 10);
    expect(await stateOf(rate(), errors(6))).toBe('ALARM');
    expect(await stateOf(rate(), errors(4))).toBe('OK');
  });

  it.each([
    ['a namespace that the emulator does not measure', stat('errors', 'AWS/ApiGateway')],
    ['a reference that nobody has filled in', stat('errors', 'Jobs', { Ref: 'Api' })],
  ])('is not evaluated with %s: that would look as if all were well', async (_, more) => {
    expect(await stateOf(rate(more), () => 0)).toBeUndefined();
  });
});

describe('what the deployment left out', () => {
  it('is read as far as it is an alarm with metric math, whole', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'left-out-')), 'left-out.json');
    const { Threshold, ...withoutThreshold } = ofPriority;
    const left = (logicalId: string, properties?: object) => ({
      logicalId,
      type: 'x',
      reason: 'y',
      properties,
    });
    const all = [
      left('Math', ofPriority),
      left('Composite', { AlarmRule: 'ALARM(a)' }),
      left('Broken', withoutThreshold),
      left('Bare'),
    ];
    writeFileSync(file, JSON.stringify(all));
    expect([...readLeftOutAlarms(file)]).toEqual([['Math', ofPriority]]);
  });

  it('is nothing before the first deployment', () => {
    expect(readLeftOutAlarms(join(tmpdir(), 'no', 'such', 'file.json')).size).toBe(0);
  });
});
