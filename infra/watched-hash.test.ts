import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { buildStacks } from './build-stacks.ts';
import { buildStage } from './constructs/testing/synthesise-stage.ts';
import { hashOfWatched, type WatchedTemplate } from './watched-hash.ts';

const reads = (StackName: string, OutputName: string) => ({
  'Fn::GetStackOutput': { StackName, OutputName },
});

describe('the hash of what is watched', () => {
  const watching: WatchedTemplate = {
    Resources: { Alarm: { Type: 'alarm', Properties: { of: { deep: [reads('service', 'Name')] } } } },
  };
  const service = (more: object = {}, others: object = {}) => ({
    Outputs: { Name: { Value: { Ref: 'Fn' } }, Other: { Value: { 'Fn::GetAtt': ['Queue', 'Arn'] } } },
    Resources: {
      Fn: { Type: 'function', Properties: { MemorySize: 1, Code: 'a', ...more } },
      Queue: { Type: 'queue', Properties: { ...others } },
    },
  });
  const hashOf = (one: WatchedTemplate) => hashOfWatched(watching, new Map([['service', one]]));

  it('is another one when the definition of something that is read is', () => {
    expect(hashOf(service({ FunctionName: 'named' }))).not.toBe(hashOf(service()));
    expect(hashOf(service())).toMatch(/^[0-9a-f]{12}$/);
  });

  it('stays when only its code changes, or what nobody reads', () => {
    expect(hashOf(service({ Code: 'b', Environment: { Variables: {} } }))).toBe(hashOf(service()));
    expect(hashOf(service({}, { QueueName: 'other' }))).toBe(hashOf(service()));
  });

  it('is refused where an output is read that no stack has', () => {
    expect(() => hashOfWatched(watching, new Map())).toThrow('service has no output Name.');
  });
});

describe.each(['dev', 'prod'] as const)('the watch stack of %s', (stage) => {
  const built = (watched: string) => {
    const { stage: wishes, app } = buildStage(stage);
    const context = app.node.getAllContext();
    const stacks = buildStacks(new App({ context }), { ...wishes, rulePacks: false }, [], watched);
    return Template.fromStack(stacks.watch).toJSON()['Resources'];
  };

  it('has the hash in each resource that reads of other stacks: none is passed over', () => {
    const resources = Object.entries<object>(built('hash-of-watched'));
    const reading = resources.filter(([, one]) => JSON.stringify(one).includes('Fn::GetStackOutput'));
    expect(reading.length).toBeGreaterThan(50);
    const deaf = reading.filter(([, one]) => !JSON.stringify(one).includes('hash-of-watched'));
    expect(deaf.map(([id]) => id)).toEqual([]);
  });
});
