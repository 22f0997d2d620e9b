import { expect, test } from 'vitest';
import { NOT_EVALUATED, shownAlarm } from './alarm-states.ts';

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
const known = (more: object = {}) => new Map([[ARN, { ...alarm, ...more }]]);
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

test.each(['dropped-on-the-laptop:WatchSummaryapifailingAlarmBC47C575', ARN])(
  'an alarm that is not deployed is no OK: %s',
  (arn) => {
    expect(shownAlarm(arn, new Map(), listed).state).toBe(NOT_EVALUATED);
  },
);
