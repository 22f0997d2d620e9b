import { describe, expect, it } from 'vitest';
import { withStackOutputs } from './stack-outputs.ts';

const OUTPUTS = new Map([['service', { Topic: 'arn:topic', Queue: 'jobs' }]]);
const output = (name: string, stack = 'service') => ({
  'Fn::GetStackOutput': { StackName: stack, OutputName: name, Region: { Ref: 'AWS::Region' } },
});

describe('outputs of other stacks', () => {
  it('are filled in wherever they are asked for', () => {
    const template = {
      Resources: {
        Alarm: {
          Type: 'AWS::CloudWatch::Alarm',
          Properties: { AlarmActions: [output('Topic')], Period: 60 },
        },
        Board: {
          Type: 'AWS::CloudWatch::Dashboard',
          Properties: { DashboardBody: { 'Fn::Join': ['', ['{', output('Queue'), { Ref: 'Alarm' }, '}']] } },
        },
      },
    };
    expect(withStackOutputs(template, OUTPUTS)).toEqual({
      Resources: {
        Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmActions: ['arn:topic'], Period: 60 } },
        Board: {
          Type: 'AWS::CloudWatch::Dashboard',
          Properties: { DashboardBody: { 'Fn::Join': ['', ['{', 'jobs', { Ref: 'Alarm' }, '}']] } },
        },
      },
    });
  });

  it.each([
    ['Other', 'service'],
    ['Topic', 'elsewhere'],
  ])('that do not exist are named: %s of %s', (name, stack) => {
    const template = { Resources: { A: { Type: 'X', Properties: { Value: output(name, stack) } } } };
    expect(() => withStackOutputs(template, OUTPUTS)).toThrow(`The stack ${stack} has no output ${name}.`);
  });
});
