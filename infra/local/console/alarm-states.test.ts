import { expect, test } from 'vitest';
import { NOT_EVALUATED, shownAlarm, stateOfPart } from './alarm-states.ts';

const ARN =
  'arn:aws:cloudwatch:us-east-1:000000000000:alarm:local-WatchFlowoverduehighAlarmF8CA2E2F-08FDECC080BCD';
const alarm = {
  AlarmArn: ARN,
  AlarmDescription: 'Severity: high.',
  StateValue: 'OK' as const,
  StateReason: 'Threshold Crossed',
  Namespace: 'MedicationJobs/local',
  MetricName: 'oldest_overdue',
};
const known = (more: object = {}) => ({
  deployed: new Map([[ARN, { ...alarm, ...more }]]),
  evaluated: new Map(),
  composites: new Map(),
});
const listed = ['HIGH', 'LOW'].map((priority) => ({
  namespace: 'MedicationJobs/local',
  name: 'oldest_overdue',
  dimensions: { priority },
}));

test('shows state, reason and description under a short name', () => {
  expect(shownAlarm(ARN, known(), listed)).toEqual({
    name: 'Flowoverduehigh',
    state: 'OK',
    description: 'Severity: high.',
    reason: 'Threshold Crossed',
    series: 1,
  });
  expect(shownAlarm(ARN, known({ StateValue: 'INSUFFICIENT_DATA' }), listed).state).toBe('no data');
});

test('says of an alarm with dimensions how many series the emulator evaluated together', () => {
  const Dimensions = [{ Name: 'priority', Value: 'HIGH' }];
  expect(shownAlarm(ARN, known({ Dimensions }), listed).series).toBe(2);
  expect(shownAlarm(ARN, known({ Dimensions }), []).series).toBe(1);
});

test('shows an alarm with metric math as the page has evaluated it', () => {
  const evaluated = new Map([
    ['WatchFlowdeadAlarmBC47C575', { state: 'ALARM' as const, description: 'Severity: high.' }],
  ]);
  const shown = shownAlarm(
    'dropped-on-the-laptop:WatchFlowdeadAlarmBC47C575',
    { deployed: new Map(), evaluated, composites: new Map() },
    [],
  );
  expect(shown).toMatchObject({
    name: 'Flowdead',
    state: 'ALARM',
    description: 'Severity: high.',
    series: 1,
  });
});

test.each(['dropped-on-the-laptop:WatchSummaryapifailingAlarmBC47C575', ARN])(
  'an alarm that is not deployed is no OK: %s',
  (arn) => {
    expect(
      shownAlarm(arn, { deployed: new Map(), evaluated: new Map(), composites: new Map() }, listed).state,
    ).toBe(NOT_EVALUATED);
  },
);

test('shows a composite alarm as its rule has it, and by how many of its parts', () => {
  const whole = 'WatchSummarykindfailingAlarmBC47C575';
  const evaluated = { state: 'ALARM' as const, description: 'Severity: high.', parts: { known: 2, all: 3 } };
  const shown = shownAlarm(
    `dropped-on-the-laptop:${whole}`,
    { deployed: new Map(), evaluated: new Map(), composites: new Map([[whole, evaluated]]) },
    [],
  );
  expect(shown).toMatchObject({ name: 'Summarykindfailing', state: 'ALARM', parts: { known: 2, all: 3 } });
  expect(shown.reason).toContain('1 of 3 are not evaluated here and count as not ringing');
});

test('finds the state of a part, whoever evaluates it', () => {
  const { deployed } = known({ StateValue: 'ALARM' });
  const evaluated = new Map([['WatchHere', { state: 'no data' as const, description: '' }]]);
  const stateOf = stateOfPart({ deployed, evaluated });
  expect(stateOf('WatchFlowoverduehighAlarmF8CA2E2F')).toBe('ALARM');
  expect(stateOf('WatchHere')).toBe('no data');
  // Part of another one's name.
  expect(stateOf('WatchFlowoverdue')).toBeUndefined();
});
