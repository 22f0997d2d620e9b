import { expect, test } from 'vitest';
import { transformTemplate } from './transform.ts';

const template = {
  Resources: {
    Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 6 } },
    PlainAlarm: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: { MetricName: 'dead_letters', Namespace: 'MedicationJobs', Threshold: 1 },
      DependsOn: ['Queue', 'MathAlarm'],
    },
    MathAlarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { Metrics: [{ Expression: 'a / b' }] } },
    Composite: {
      Type: 'AWS::CloudWatch::CompositeAlarm',
      Properties: {
        AlarmRule: { 'Fn::Join': ['', ['ALARM(', { 'Fn::GetAtt': ['MathAlarm', 'Arn'] }, ')']] },
      },
    },
    Board: {
      Type: 'AWS::CloudWatch::Dashboard',
      Properties: {
        DashboardBody: {
          'Fn::Join': ['', [{ 'Fn::GetAtt': ['MathAlarm', 'Arn'] }, { 'Fn::GetAtt': ['PlainAlarm', 'Arn'] }]],
        },
      },
      DependsOn: 'MathAlarm',
    },
  },
  Outputs: {
    Kept: { Value: { Ref: 'Queue' } },
    Gone: { Value: { 'Fn::GetAtt': ['Composite', 'Arn'] } },
  },
};

test('what the emulator refuses is left out and named with its reason', () => {
  const { dropped } = transformTemplate(template);
  expect(dropped).toEqual([
    {
      logicalId: 'MathAlarm',
      type: 'AWS::CloudWatch::Alarm',
      reason: 'alarm with metric math',
      properties: template.Resources.MathAlarm.Properties,
    },
    {
      logicalId: 'Composite',
      type: 'AWS::CloudWatch::CompositeAlarm',
      reason: 'type unknown to the emulator',
      properties: template.Resources.Composite.Properties,
    },
  ]);
});

test('nothing that is left mentions what is gone', () => {
  const { template: left } = transformTemplate(template);
  expect(Object.keys(left.Resources)).toEqual(['Queue', 'PlainAlarm', 'Board']);
  expect(left.Resources['PlainAlarm']?.DependsOn).toEqual(['Queue']);
  expect(left.Resources['Board']).not.toHaveProperty('DependsOn');
  expect(left.Resources['Board']?.Properties?.['DashboardBody']).toEqual({
    'Fn::Join': ['', ['dropped-on-the-laptop:MathAlarm', { 'Fn::GetAtt': ['PlainAlarm', 'Arn'] }]],
  });
  expect(left.Outputs).toEqual({ Kept: { Value: { Ref: 'Queue' } } });
});

test('a template of which everything is taken stays as it is', () => {
  const taken = { Resources: { Queue: template.Resources.Queue }, Outputs: { Kept: template.Outputs.Kept } };
  expect(transformTemplate(taken)).toEqual({ template: taken, dropped: [] });
});
