import { describe, expect, it } from 'vitest';
import { synthesiseStage } from './constructs/testing/synthesise-stage.ts';
import { STAGES, type StageName } from './stages.ts';

const ALL_STAGES = Object.keys(STAGES) as StageName[]; // Object.keys forgets the literal type.

describe.each(ALL_STAGES)('the schedules of %s', (stage) => {
  const all = (type: string) =>
    Object.entries(synthesiseStage(stage).service.findResources(type)).map(([id, { Properties }]) => ({
      id,
      ...Properties,
    }));
  /** The one target of each rule, with the function that it starts. */
  const targets = () =>
    all('AWS::Events::Rule').flatMap(({ id, Targets, ScheduleExpression }) => {
      if (ScheduleExpression === undefined) return [];
      expect(Targets).toHaveLength(1);
      const [target] = Targets;
      return { rule: id, fn: functionName(target.Arn['Fn::GetAtt'][0]), when: ScheduleExpression, ...target };
    });
  const functionName = (logicalId: string) => /^Functions([a-z]+)Function/.exec(logicalId)?.[1];
  const [lostEvents] = all('AWS::SQS::Queue').flatMap(({ id }) =>
    id.startsWith('QueuesLostEvents') ? id : [],
  );
  const mayFill = (sourceArn: (condition: string) => boolean) =>
    all('AWS::SQS::QueuePolicy')
      .filter(({ Queues }) => Queues[0].Ref === lostEvents)
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(
        ({ Effect, Action, Principal, Condition }) =>
          Effect === 'Allow' &&
          Action === 'sqs:SendMessage' &&
          Principal.Service === 'events.amazonaws.com' &&
          sourceArn(JSON.stringify(Condition.ArnEquals['aws:SourceArn'])),
      );

  it('tick and reconciler run each minute, and no event outlives its minute', () => {
    const rounds = targets().filter(({ when }) => when === 'rate(1 minute)');
    expect(rounds.map(({ fn }) => fn).sort()).toEqual(['reconciler', 'tick']);
    for (const { rule, RetryPolicy, DeadLetterConfig } of rounds) {
      expect(RetryPolicy).toEqual({ MaximumEventAgeInSeconds: 60 });
      expect(DeadLetterConfig.Arn['Fn::GetAtt'][0]).toBe(lostEvents);
      expect(mayFill((arn) => arn.includes(rule))).toHaveLength(1);
    }
  });

  it('roll-ups, backup and supply sweep are submitted with the time of the event itself', () => {
    const inputs = targets().flatMap(({ InputTransformer }) => InputTransformer ?? []);
    expect(inputs.map(({ InputTemplate }) => InputTemplate).sort()).toEqual([
      '{"run":"daily-backup","time":<time>}',
      '{"run":"daily-people-roll-up","time":<time>}',
      '{"run":"daily-roll-up","time":<time>}',
      '{"run":"daily-supply-sweep","time":<time>}',
      '{"run":"hourly-roll-up","time":<time>}',
      '{"run":"monthly-restore-drill","time":<time>}',
      '{"run":"monthly-roll-up","time":<time>}',
      '{"run":"weekly-backup","time":<time>}',
    ]);
    for (const { InputPathsMap } of inputs) expect(InputPathsMap).toEqual({ time: '$.time' });
  });

  it('a roll-up or backup that cannot be handed over is tried for hours and then kept', () => {
    const recurring = targets().filter(({ fn }) => fn === 'recurring');
    expect(recurring).toHaveLength(8);
    for (const { rule, RetryPolicy, DeadLetterConfig } of recurring) {
      expect(RetryPolicy).toEqual({ MaximumEventAgeInSeconds: 6 * 3_600 });
      expect(DeadLetterConfig.Arn['Fn::GetAtt'][0]).toBe(lostEvents);
      expect(mayFill((arn) => arn.includes(rule))).toHaveLength(1);
    }
  });

  it('the audit trail is sealed 20 minutes after each hour', () => {
    const [seal, ...more] = targets().filter(({ fn }) => fn === 'auditseal');
    expect([seal?.when, more]).toEqual(['cron(20 * * * ? *)', []]);
    expect(seal?.DeadLetterConfig.Arn['Fn::GetAtt'][0]).toBe(lostEvents);
  });

  it('users whose time has come are erased within a quarter of an hour', () => {
    const [erase, ...more] = targets().filter(({ fn }) => fn === 'erasure');
    expect([erase?.when, more]).toEqual(['rate(15 minutes)', []]);
    expect(erase?.DeadLetterConfig.Arn['Fn::GetAtt'][0]).toBe(lostEvents);
  });

  it('what the bus has taken and cannot decrypt any more is kept', () => {
    const [bus] = all('AWS::Events::EventBus');
    expect(bus?.DeadLetterConfig.Arn['Fn::GetAtt'][0]).toBe(lostEvents);
    expect(mayFill((arn) => arn.includes(`:event-bus/${bus?.Name}`))).toHaveLength(1);
  });

  it('what a function could not do is kept, and a round is not repeated when the next has begun', () => {
    const retries = all('AWS::Lambda::EventInvokeConfig').map(
      ({ FunctionName, MaximumRetryAttempts, MaximumEventAgeInSeconds }) => [
        functionName(FunctionName.Ref),
        { MaximumRetryAttempts, MaximumEventAgeInSeconds },
      ],
    );
    const round = { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 };
    expect(Object.fromEntries(retries)).toEqual({
      tick: round,
      reconciler: round,
      recurring: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 6 * 3_600 },
      auditseal: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 1_800 },
      erasure: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 900 },
    });
    const keepers = all('AWS::Lambda::Function').filter(({ DeadLetterConfig }) => DeadLetterConfig);
    expect(keepers.map(({ id }) => functionName(id)).sort()).toEqual([
      'auditseal',
      'erasure',
      'reconciler',
      'recurring',
      'tick',
    ]);
    for (const { DeadLetterConfig } of keepers)
      expect(DeadLetterConfig.TargetArn['Fn::GetAtt'][0]).toBe(lostEvents);
  });
});
