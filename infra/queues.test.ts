import { describe, expect, it } from 'vitest';
import { TIMING_PROFILES } from '#shared/lifecycle/priority.ts';
import { synthesiseStage } from './constructs/testing/synthesise-stage.ts';
import { STAGES, type StageName } from './stages.ts';

const PRIORITY_QUEUE = {
  CRITICAL: 'QueuesCRITICAL',
  HIGH: 'QueuesHIGH',
  MEDIUM: 'QueuesMEDIUM',
  LOW: 'QueuesLOW',
};

/** The specification's numbers, once more and by hand: the table must not check itself. */
const EXACT = {
  CRITICAL: { visibility: 60, workerTimeout: 10, receives: 6 },
  HIGH: { visibility: 300, workerTimeout: 50, receives: 4 },
  MEDIUM: { visibility: 600, workerTimeout: 100, receives: 4 },
  LOW: { visibility: 1800, workerTimeout: 300, receives: 3 },
} as const;

const queuesOf = (stage: StageName) => synthesiseStage(stage).service.findResources('AWS::SQS::Queue');
const functionsOf = (stage: StageName) =>
  synthesiseStage(stage).service.findResources('AWS::Lambda::Function');
const mappingsOf = (stage: StageName) =>
  synthesiseStage(stage).service.findResources('AWS::Lambda::EventSourceMapping');

function byPrefix(stage: StageName, prefix: string) {
  const found = Object.entries(queuesOf(stage)).filter(([id]) =>
    new RegExp(`^${prefix}[0-9A-F]{8}$`).test(id),
  );
  expect(found).toHaveLength(1);
  return { id: found[0]?.[0] ?? '', ...found[0]?.[1]?.['Properties'] };
}

/** Every queue that a function consumes, with both timeouts. */
const consumed = (stage: StageName) =>
  Object.values(mappingsOf(stage))
    .filter(({ Properties }) => Properties['ScalingConfig'] !== undefined)
    .map(({ Properties }) => ({
      queue: queuesOf(stage)[Properties.EventSourceArn['Fn::GetAtt'][0]]?.['Properties'],
      fn: functionsOf(stage)[Properties.FunctionName.Ref]?.['Properties'],
      mapping: Properties,
    }));

describe.each(['dev', 'prod'] as const)('the queues of %s', (stage) => {
  it.each(Object.entries(EXACT))('%s has exactly the specified numbers', (priority, numbers) => {
    const queue = byPrefix(stage, PRIORITY_QUEUE[priority as keyof typeof EXACT]); // Object.entries forgets the key's type.
    expect(queue.VisibilityTimeout).toBe(numbers.visibility);
    expect(queue.RedrivePolicy.maxReceiveCount).toBe(numbers.receives);
    const worker = consumed(stage).find(({ fn }) => fn?.Environment.Variables.PRIORITY === priority);
    expect(worker?.fn?.Timeout).toBe(numbers.workerTimeout);
    expect(worker?.queue?.VisibilityTimeout).toBe(numbers.visibility);
  });

  it('are visible again only after six timeouts of their consumer', () => {
    expect(consumed(stage)).toHaveLength(9);
    for (const { queue, fn } of consumed(stage))
      expect(queue?.VisibilityTimeout).toBeGreaterThanOrEqual(6 * fn?.Timeout);
  });
});

describe.each(Object.keys(STAGES) as StageName[])('the queues of %s', (stage) => {
  it('keep dead letters longer than their source keeps messages', () => {
    for (const prefix of Object.values(PRIORITY_QUEUE)) {
      const source = byPrefix(stage, prefix);
      const dead = byPrefix(stage, `${prefix}DeadLetters`);
      expect(source.MessageRetentionPeriod).toBe(4 * 86_400);
      expect(dead.MessageRetentionPeriod).toBe(14 * 86_400);
      expect(source.RedrivePolicy.deadLetterTargetArn).toEqual({ 'Fn::GetAtt': [dead.id, 'Arn'] });
    }
  });

  it('keep a message of the tick until its last receive has failed, so that it becomes a dead letter', () => {
    const { MessageRetentionPeriod, RedrivePolicy, VisibilityTimeout } = byPrefix(stage, 'QueuesTick');
    expect(RedrivePolicy.deadLetterTargetArn['Fn::GetAtt'][0]).toBe(
      byPrefix(stage, 'QueuesTickDeadLetters').id,
    );
    expect(MessageRetentionPeriod).toBeGreaterThanOrEqual(
      2 * RedrivePolicy.maxReceiveCount * VisibilityTimeout,
    );
    expect(byPrefix(stage, 'QueuesTickDeadLetters').MessageRetentionPeriod).toBeGreaterThan(
      MessageRetentionPeriod,
    );
  });

  it('are encrypted with the stage’s own key and refuse plain connections', () => {
    const queues = Object.entries(queuesOf(stage));
    const policies = Object.values(synthesiseStage(stage).service.findResources('AWS::SQS::QueuePolicy'));
    expect(queues).toHaveLength(11);
    for (const [id, { Properties }] of queues) {
      expect(JSON.stringify(Properties.KmsMasterKeyId)).toContain('KeysData');
      const own = policies.filter(
        ({ Properties: { Queues } }) => JSON.stringify(Queues) === JSON.stringify([{ Ref: id }]),
      );
      expect(own).toHaveLength(1);
      expect(own[0]?.['Properties'].PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
    }
  });

  it('let services of AWS in by name of the very rule or bus of this stage, and only to leave lost events', () => {
    const { service } = synthesiseStage(stage);
    const own = [...Object.keys(service.findResources('AWS::Events::Rule')), ':event-bus/'];
    const found: string[] = [];
    for (const { Properties } of Object.values(service.findResources('AWS::SQS::QueuePolicy')))
      for (const { Effect, Action, Principal, Condition, Resource } of Properties.PolicyDocument.Statement) {
        if (Effect !== 'Allow') continue;
        // Nobody of this account needs a queue's policy: roles have their rights, and nobody else gets any.
        expect([Action, Principal]).toEqual(['sqs:SendMessage', { Service: 'events.amazonaws.com' }]);
        expect(Resource['Fn::GetAtt'][0]).toMatch(/^QueuesLostEvents/);
        // An ARN names its account: EventBridge in another one comes from another ARN.
        expect(Object.keys(Condition)).toEqual(['ArnEquals']);
        expect(Object.keys(Condition.ArnEquals)).toEqual(['aws:SourceArn']);
        const source = JSON.stringify(Condition.ArnEquals['aws:SourceArn']);
        expect(source).not.toContain('*');
        found.push(own.find((one) => source.includes(one)) ?? source);
      }
    expect(found).toHaveLength(new Set(found).size);
    expect(found.every((one) => own.includes(one))).toBe(true);
    expect(found.length).toBeGreaterThan(10);
  });

  it('are consumed one message at a time, with a limit, and with partial answers', () => {
    for (const { mapping } of consumed(stage)) {
      expect(mapping.BatchSize).toBe(1);
      expect(mapping.MaximumBatchingWindowInSeconds).toBeUndefined();
      expect(mapping.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
      expect(mapping.ScalingConfig.MaximumConcurrency).toBeGreaterThanOrEqual(2);
    }
  });

  it('all four dead-letter queues lead to the dead-letter function', () => {
    const consumers = consumed(stage).filter(({ queue }) => queue?.MessageRetentionPeriod === 14 * 86_400);
    expect(consumers).toHaveLength(4);
    expect(new Set(consumers.map(({ mapping }) => mapping.FunctionName.Ref))).toEqual(
      new Set([expect.stringMatching(/^Functionsdeadletter/)]),
    );
  });
});

it('a laptop shows retries within seconds, and no message comes back before its worker has ended', () => {
  for (const [priority, timing] of Object.entries(TIMING_PROFILES.laptop)) {
    const worker = consumed('local').find(({ fn }) => fn?.Environment.Variables.PRIORITY === priority);
    expect(worker?.queue?.VisibilityTimeout).toBe(timing.visibilitySeconds);
    expect(worker?.queue?.VisibilityTimeout).toBeGreaterThanOrEqual(worker?.fn?.Timeout);
  }
});
