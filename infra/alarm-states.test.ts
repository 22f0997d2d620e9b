import { describe, expect, it } from 'vitest';
import { synthesiseStage } from './constructs/testing/synthesise-stage.ts';
import { ruleHolds } from './observability/metric-math/alarm-rule.ts';
import { type AlarmTemplate, alarmState } from './observability/metric-math/alarm-state.ts';
import type { Series } from './observability/metric-math/evaluate-math.ts';

const alarms: [string, AlarmTemplate][] = Object.entries(
  synthesiseStage('prod').watch.findResources('AWS::CloudWatch::Alarm'),
).map(([id, { Properties }]) => [id.replace(/^Watch(\w+)Alarm[0-9A-F]{8}$/, '$1'), Properties]);

type Inputs = Readonly<Record<string, number | undefined>>;

/** What the metrics of an alarm say in one period. */
interface Case {
  /** Ids of the metrics of its expression; `value` stands for an alarm without one. */
  readonly ids: string;
  readonly healthy: Inputs;
  readonly breaching: Inputs;
  /** Few samples, as on a quiet night: no reason to wake anybody. */
  readonly sparse: Inputs;
}

/** Every form of expression, with the smallest values that are too much. */
function caseOf(alarm: AlarmTemplate): Case {
  const { Metrics = [], Threshold: limit } = alarm;
  const ids = Metrics.flatMap(({ Id, MetricStat }) => (MetricStat ? [Id] : []))
    .sort()
    .join();
  const expression = Metrics.find(({ Expression }) => Expression)?.Expression ?? '';
  const floor = Number(/n >= (\d+)/.exec(expression)?.[1] ?? 0);
  const few = Number(/(?:e|s|\)) >= (\d+)/.exec(expression)?.[1] ?? 0);
  switch (ids) {
    case 'e,n':
      return {
        ids,
        healthy: { n: 1000, e: 10 * limit },
        breaching: { n: 1000, e: 10 * limit + 1 },
        sparse: { n: 5, e: few - 1 },
      };
    case 'n,t':
      return {
        ids,
        healthy: { n: 100, t: limit },
        breaching: { n: Math.max(floor, 1), t: limit + 1 },
        sparse: { n: floor - 1, t: limit * 50 },
      };
    case 'n,s':
      return {
        ids,
        healthy: { n: 100_000, s: 100_000 - Math.floor(limit * 100) },
        breaching: { n: 100_000, s: 100_000 - Math.floor(limit * 100) - 1 },
        sparse: { n: 4, s: 4 - (few - 1) },
      };
    case 'e0,e1,e2,e3':
    case 'e0,e1,e2,e3,e4,e5':
    case 'e0,e1,e2,e3,e4,e5,e6,e7,e8': {
      // The others were not called in that time.
      const silent = Object.fromEntries(ids.split(',').map((one) => [one, undefined]));
      return {
        ids,
        healthy: { ...silent, e0: 0, e1: 0 },
        breaching: { ...silent, e2: 1 },
        sparse: { ...silent, e3: 0 },
      };
    }
    case 'e,e0,e1,e2,e3,e4,e5,n': {
      // One endpoint fails wholly; what fails beside it decides.
      const one = { n: 1000, e0: 300, e1: 0, e2: undefined, e3: undefined, e4: undefined, e5: undefined };
      return {
        ids,
        healthy: { ...one, e: 300 + 10 * limit },
        breaching: { ...one, e: 300 + 10 * limit + 1 },
        sparse: { ...one, n: 5, e0: 2, e: 2 + few - 1 },
      };
    }
    case 'v,w':
      return { ids, healthy: { v: 0, w: 0 }, breaching: { v: 0, w: 1 }, sparse: { v: 0, w: 0 } };
    default: {
      const beyond = alarm.ComparisonOperator === 'LessThanThreshold' ? limit - 1 : limit + 1;
      return { ids, healthy: { value: limit }, breaching: { value: beyond }, sparse: { value: limit } };
    }
  }
}

/** `good` in every period but the last `count` of them. */
function periods(alarm: AlarmTemplate, good: Inputs, bad: Inputs, count: number): Record<string, Series> {
  const length = alarm.EvaluationPeriods;
  return Object.fromEntries(
    Object.keys(good).map((id) => [
      id,
      Array.from({ length }, (_, period) => (period < length - count ? good[id] : bad[id])),
    ]),
  );
}

describe('every alarm', () => {
  it('is of a form that is evaluated here', () => {
    const forms = new Set(alarms.map(([, alarm]) => caseOf(alarm).ids));
    expect([...forms].sort()).toEqual([
      '',
      'e,e0,e1,e2,e3,e4,e5,n',
      'e,n',
      'e0,e1,e2,e3',
      'e0,e1,e2,e3,e4,e5',
      'e0,e1,e2,e3,e4,e5,e6,e7,e8',
      'n,s',
      'n,t',
      'v,w',
    ]);
    expect(alarms.length).toBeGreaterThan(60);
  });

  it.each(alarms)('%s: OK while all is well and up to the limit', (_id, alarm) => {
    const { healthy, sparse } = caseOf(alarm);
    expect(alarmState(alarm, periods(alarm, healthy, healthy, 0))).toBe('OK');
    expect(alarmState(alarm, periods(alarm, sparse, sparse, 0))).toBe('OK');
  });

  it.each(alarms)('%s: rings when it has lasted long enough, and not before', (_id, alarm) => {
    const { breaching, healthy } = caseOf(alarm);
    const enough = alarm.DatapointsToAlarm;
    expect(alarmState(alarm, periods(alarm, healthy, breaching, enough))).toBe('ALARM');
    expect(alarmState(alarm, periods(alarm, healthy, breaching, enough - 1))).toBe('OK');
  });

  it.each(alarms)('%s: silence rings exactly where it is the failure', (_id, alarm) => {
    const silent = Object.fromEntries(Object.keys(caseOf(alarm).healthy).map((id) => [id, []]));
    expect(alarmState(alarm, silent)).toBe(alarm.TreatMissingData === 'breaching' ? 'ALARM' : 'OK');
  });
});

describe('the composite alarms', () => {
  const composites = Object.values(
    synthesiseStage('prod').watch.findResources('AWS::CloudWatch::CompositeAlarm'),
  );

  /** The rule with the ids of its alarms in the place of their ARNs. */
  const ruleOf = (rule: unknown): string =>
    JSON.stringify(rule)
      .replaceAll(/\{"Fn::GetAtt":\["Watch(\w+?)Alarm[0-9A-F]{8}","Arn"\]\}/g, '"$1"')
      .replaceAll(/Fn::Join|[",:[\]{}\\]/g, '');

  it('each notifies, and says what an alarm has to say', () => {
    expect(composites).toHaveLength(4);
    for (const { Properties } of composites) {
      // CloudWatch takes at most 100 alarms and 10,240 characters; an ARN has about 150.
      expect(ruleOf(Properties.AlarmRule).split('ALARM(').length).toBeLessThan(60);
      expect(Properties.AlarmActions).toHaveLength(1);
      expect(Properties.AlarmDescription).toMatch(
        /^Severity: \w+\. Impact: .+\. Runbook: docs\/runbook\.md#/,
      );
    }
  });

  it('a burn rings only when both windows do', () => {
    const burns = composites
      .map(({ Properties }) => ruleOf(Properties.AlarmRule))
      .filter((rule) => /burn/.test(rule));
    expect(burns).toEqual([
      '(ALARM(Objectivereminderburnfast60minutes) AND ALARM(Objectivereminderburnfast5minutes))',
      '(ALARM(Objectivereminderburnslow360minutes) AND ALARM(Objectivereminderburnslow30minutes))',
    ]);
  });

  it('tell the API that fails from kinds that fail while it works', () => {
    const [api = '', kinds = ''] = composites
      .map(({ Properties }) => ruleOf(Properties.AlarmRule))
      .filter((rule) => !/burn/.test(rule));
    expect(api).toBe('(ALARM(Endpointsapierrors))');
    expect(kinds).toContain('AND (NOT ((ALARM(Endpointsapierrors))))');
    expect(kinds).toContain('ALARM(Endpointsrefillcheckerrors)');
    expect(kinds).toContain('ALARM(Kindsrefillcheckmediumerrors)');
    expect(kinds).not.toContain('latency');
  });

  /** Which of the two ring when, in each of five periods, so many of 100 requests to each endpoint and of 400 others fail. */
  function ringing(failed: readonly number[], others: number): string[] {
    const endpoints = alarms.filter(([id]) => /^Endpoints\w+errors$/.test(id) && id !== 'Endpointsapierrors');
    const always = (value: number | undefined): Series => [value, value, value, value, value];
    const asked = failed.map((count) => (Number.isNaN(count) ? undefined : count));
    const sum = asked.reduce<number>((all, count) => all + (count ?? 0), others);
    const states = new Map(
      endpoints.map(([id, alarm], index) => {
        const n = asked[index] === undefined ? undefined : 100;
        return [id, alarmState(alarm, { n: always(n), e: always(asked[index]) })];
      }),
    );
    const whole = alarms.find(([id]) => id === 'Endpointsapierrors')?.[1];
    if (!whole) throw new Error('No alarm on the API as a whole.');
    const parts = Object.fromEntries(asked.map((count, index) => [`e${index}`, always(count)]));
    states.set('Endpointsapierrors', alarmState(whole, { n: always(1000), e: always(sum), ...parts }));
    return composites
      .map(({ Properties }) => [Properties.AlarmDescription.split('#')[1], ruleOf(Properties.AlarmRule)])
      .filter(([, rule]) => !/burn/.test(rule) && ruleHolds(rule, (id) => states.get(id) === 'ALARM'))
      .map(([name]) => name);
  }

  it.each<[string, readonly number[], number, string[]]>([
    ['nothing fails', [0, 0, 0, 0, 0, 0], 0, []],
    ['one kind fails wholly, a tenth of all requests', [0, 100, 0, 0, 0, 0], 0, ['kind-failing']],
    ['one kind fails and nobody asks for others', [NaN, 100, NaN, NaN, NaN, NaN], 0, ['kind-failing']],
    ['two kinds fail', [0, 100, 40, 0, 0, 0], 0, ['api-failing']],
    ['everything fails', [100, 100, 100, 100, 100, 100], 400, ['api-failing']],
    ['one kind fails, and reading', [0, 100, 0, 0, 0, 0], 400, ['api-failing']],
    ['only reading fails, and nobody submits', [NaN, NaN, NaN, NaN, NaN, NaN], 400, ['api-failing']],
  ])('%s', (_name, failed, others, expected) => {
    expect(ringing(failed, others)).toEqual(expected);
  });
});
