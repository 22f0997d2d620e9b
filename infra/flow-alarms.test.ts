import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { METRICS } from '#shared/contract/metrics.ts';
import { JOB_KINDS } from '#shared/jobs/registry.ts';
import { synthesiseStage } from './constructs/testing/synthesise-stage.ts';
import { STAGES, type StageName } from './stages.ts';

const ROOT = join(import.meta.dirname, '..');
const SUM_OVER_KINDS = /^SELECT SUM\((\w+)\) FROM SCHEMA\("([^"]+)", kind, priority\)/;

interface Look {
  readonly namespace: string;
  readonly name: string;
  readonly statistic: string;
  readonly seconds: number;
  readonly dimensions: Readonly<Record<string, unknown>>;
}

interface MetricStat {
  readonly Metric: {
    readonly Namespace: string;
    readonly MetricName: string;
    readonly Dimensions?: { Name: string; Value: unknown }[];
  };
  readonly Stat: string;
  readonly Period: number;
}

/** Each alarm by the id of its construct, with its template properties and every metric that it looks at. */
function alarmsOf(stage: StageName) {
  const dimensionsOf = (list: { Name: string; Value: unknown }[] = []) =>
    Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]));
  return Object.entries(synthesiseStage(stage).watch.findResources('AWS::CloudWatch::Alarm')).map(
    ([id, { Properties: alarm }]) => {
      const looks: Look[] = (alarm.Metrics ?? []).flatMap(
        ({ MetricStat, Expression }: { MetricStat?: MetricStat; Expression?: string }) =>
          MetricStat ? [lookOf(MetricStat)] : queried(Expression ?? ''),
      );
      if (alarm.MetricName)
        looks.push(lookOf({ Metric: alarm, Stat: alarm.Statistic, Period: alarm.Period }));
      return { id: id.replace(/^Watch(\w+)Alarm[0-9A-F]{8}$/, '$1'), alarm, looks };
    },
  );

  function lookOf({ Metric, Stat, Period }: MetricStat): Look {
    const { Namespace: namespace, MetricName: name, Dimensions } = Metric;
    return { namespace, name, statistic: Stat, seconds: Period, dimensions: dimensionsOf(Dimensions) };
  }
  function queried(expression: string): Look[] {
    const [, name = '', namespace = ''] = SUM_OVER_KINDS.exec(expression) ?? [];
    const dimensions = { kind: '', priority: '' };
    return name === '' ? [] : [{ namespace, name, statistic: 'Sum', seconds: 300, dimensions }];
  }
}

const queue = (id: string) => ({
  QueueName: { 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^Queues${id}[0-9A-F]{8}$`)), 'QueueName'] },
});

describe.each(['dev', 'prod'] as const)('what stops moving in %s', (stage) => {
  const alarm = (id: string) => {
    const found = alarmsOf(stage).filter((one) => one.id === id);
    expect(found, id).toHaveLength(1);
    return { ...found[0]?.alarm, looks: found[0]?.looks };
  };
  const lasting = { EvaluationPeriods: 5, DatapointsToAlarm: 3, ComparisonOperator: 'GreaterThanThreshold' };
  const own = (name: string, statistic: string, dimensions = {}) => [
    { namespace: `MedicationJobs/${stage}`, name, statistic, seconds: 60, dimensions },
  ];

  it.each(Object.entries({ CRITICAL: 60, HIGH: 300, MEDIUM: 900, LOW: 3_600 }))(
    'a %s job may be overdue by %d seconds, by its row and not by its message',
    (priority, seconds) => {
      expect(alarm(`Flowoverdue${priority.toLowerCase()}`)).toMatchObject({
        ...lasting,
        Threshold: seconds,
        TreatMissingData: priority === 'CRITICAL' ? 'breaching' : 'notBreaching',
        looks: own('oldest_overdue', 'Maximum', { priority }),
      });
    },
  );

  it('no alarm goes by the age of messages, which begins long before they are due', () => {
    const names = alarmsOf(stage).flatMap(({ looks }) => looks.map(({ name }) => name));
    expect(names).not.toContain('ApproximateAgeOfOldestMessage');
  });

  it.each(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'])(
    'dead letters of %s that nobody takes for 15 minutes are noticed',
    (priority) => {
      const look = (name: string) => ({
        namespace: 'AWS/SQS',
        name,
        statistic: 'Minimum',
        seconds: 300,
        dimensions: queue(`${priority}DeadLetters`),
      });
      expect(alarm(`Flowdeadlettersstuck${priority.toLowerCase()}`)).toMatchObject({
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
        EvaluationPeriods: 3,
        DatapointsToAlarm: 3,
        looks: [look('ApproximateNumberOfMessagesVisible'), look('ApproximateNumberOfMessagesNotVisible')],
      });
    },
  );

  it('a run or message that fails in most minutes is noticed, though Lambda counts no error', () => {
    expect(alarm('Roundsrunsfailing')).toMatchObject({
      ...lasting,
      Threshold: 0,
      looks: own('run_failures', 'Sum'),
    });
  });

  it('rounds and the function of the dead letters that crash are noticed', () => {
    for (const id of ['tick', 'tickshard', 'reconciler', 'deadletter'])
      expect(alarm(`Rounds${id}failing`)['looks']).toMatchObject([
        {
          namespace: 'AWS/Lambda',
          name: 'Errors',
          dimensions: { FunctionName: { Ref: expect.stringMatching(new RegExp(`^Functions${id}Function`)) } },
        },
      ]);
  });

  it('each use of emergency access is noticed at once, and a review that is overdue within minutes', () => {
    expect(alarm('BreakGlassbreakglassopened')).toMatchObject({
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      looks: [{ ...own('break_glass_opened', 'Maximum')[0], seconds: 300 }],
    });
    expect(alarm('BreakGlassbreakglassreviewoverdue')).toMatchObject({
      ...lasting,
      Threshold: 0,
      looks: own('break_glass_reviews_overdue', 'Maximum'),
    });
  });

  it('each use of emergency access is told where alarms go, without the patient, also while the alarm rings', () => {
    const { service } = synthesiseStage('prod');
    const rules = Object.values(service.findResources('AWS::Events::Rule'));
    const [rule, ...others] = rules.filter(({ Properties }) => Properties['EventPattern']);
    expect(others).toEqual([]);
    const { EventBusName, EventPattern, Targets } = rule?.['Properties'] ?? {};
    expect(EventBusName.Ref).toMatch(/^RemindersBus/);
    expect(EventPattern).toEqual({ 'detail-type': ['access.break_glass'] });
    const [{ Arn, DeadLetterConfig, InputTransformer, RoleArn }, ...more] = Targets;
    expect(more).toEqual([]);
    expect(Arn.Ref).toMatch(/^AlarmTopic/);
    expect(DeadLetterConfig.Arn['Fn::GetAtt'][0]).toMatch(/^QueuesLostEvents/);
    expect(Object.values(InputTransformer.InputPathsMap).sort()).toEqual(
      ['expires_at', 'grant_id', 'granted_at', 'role'].map((name) => `$.detail.${name}`),
    );
    const policies = Object.values(service.findResources('AWS::SNS::TopicPolicy'));
    const publishers = policies
      .filter(({ Properties }) => Properties['Topics'][0].Ref === Arn.Ref)
      .flatMap(({ Properties }) => Properties['PolicyDocument'].Statement)
      .flatMap(({ Effect, Principal }) => (Effect === 'Allow' ? Principal.Service : []));
    // EventBridge as itself would bring the rules of every account with it: no condition holds for its calls of SNS.
    expect(publishers).toEqual(['cloudwatch.amazonaws.com']);
    const role = RoleArn['Fn::GetAtt'][0];
    const { AssumeRolePolicyDocument } = Object(service.findResources('AWS::IAM::Role')[role]).Properties;
    expect(AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: 'events.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
    const rights = Object.values(service.findResources('AWS::IAM::ManagedPolicy'))
      .filter(({ Properties }) => Properties['Roles'].some(({ Ref }: { Ref: string }) => Ref === role))
      .flatMap(({ Properties }) => Properties['PolicyDocument'].Statement);
    expect(rights).toEqual([
      { Effect: 'Allow', Action: 'sns:Publish', Resource: Arn },
      {
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: { 'Fn::ImportValue': expect.stringMatching(/KeysAlarms/) },
        Condition: { StringEquals: { 'kms:ViaService': { 'Fn::Join': expect.anything() } } },
      },
    ]);
  });

  it('a key that is disabled or about to be deleted is noticed within minutes, and so is that nobody looks', () => {
    expect(alarm('Keyskeysunusable')).toMatchObject({
      ...lasting,
      Threshold: 0,
      TreatMissingData: 'breaching',
      looks: own('keys_unusable', 'Maximum'),
    });
  });

  it('each key of the deployment is looked at', () => {
    const { data, service } = synthesiseStage(stage);
    const { Environment } =
      Object.entries(service.findResources('AWS::Lambda::Function')).find(([id]) =>
        id.startsWith('Functionsreconciler'),
      )?.[1]?.['Properties'] ?? {};
    const looked = [...JSON.stringify(Environment.Variables.KEYS).matchAll(/GetAtt(Keys\w+?)Arn/g)].map(
      ([, id]) => id,
    );
    expect(looked.sort()).toEqual(Object.keys(data.findResources('AWS::KMS::Key')).sort());
  });

  it('a dead letter of the tick is noticed', () => {
    expect(alarm('Roundstickdeadletters')).toMatchObject({
      Threshold: 0,
      looks: [{ name: 'ApproximateNumberOfMessagesVisible', dimensions: queue('TickDeadLetters') }],
    });
  });

  it('each lost event speaks, also while older ones lie there', () => {
    expect(alarm('Flowlostevents')).toMatchObject({
      Threshold: 0,
      looks: [{ name: 'NumberOfMessagesSent', statistic: 'Sum', dimensions: queue('LostEvents') }],
    });
  });

  it('shards of due doses that are not worked through are noticed within minutes, silence included', () => {
    expect(alarm('Remindersshardssilent')).toMatchObject({
      EvaluationPeriods: 5,
      DatapointsToAlarm: 3,
      ComparisonOperator: 'LessThanThreshold',
      Threshold: STAGES[stage].shards.due / 2,
      TreatMissingData: 'breaching',
      looks: own('tick_lag', 'SampleCount'),
    });
  });
});

describe('the product’s own metrics', () => {
  const sources = globSync('{shared,functions}/**/*.ts', { cwd: ROOT })
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(ROOT, file), 'utf8'));
  const keysOf = (members: string): string =>
    members
      .split(',')
      .map((member) => member.split(':')[0]?.trim() ?? '')
      .filter((key) => key !== '')
      .sort()
      .join();

  /** Name and dimensions of every metric that a source adds, like `error_rate(kind,priority)`. */
  const written = new Set(
    sources.flatMap((source) => {
      const named = /const dimensions = .*\{([^}]*)\};/.exec(source)?.[1] ?? '';
      const added = [...source.matchAll(/metrics\.add\(\s*METRICS\.(\w+),([\s\S]*?)\);/g)].map(
        ([, member = '', rest = '']) => {
          const last = /('(?:Count|Seconds|Milliseconds)'|dimensions|\{([^}]*)\}),?\s*$/.exec(rest);
          const keys = last?.[1] === 'dimensions' ? named : (last?.[2] ?? '');
          return `${METRICS[member as keyof typeof METRICS]}(${keysOf(keys)})`; // A typo would not compile there.
        },
      );
      // What kinds count by name is added without dimensions.
      const counted = [
        ...source.matchAll(
          /\b((?:reminders|follow_ups|escalations|supply_changes|refill_checks|findings|interaction_checks|restore)_\w+|default_time_zone_used): /g,
        ),
      ];
      // Chosen by the step that refused.
      const refused = [...source.matchAll(/: METRICS\.(refused\w+),/g)];
      return [
        ...added,
        ...counted.map(([, name]) => `${name}()`),
        ...refused.map(([, member = '']) => `${METRICS[member as keyof typeof METRICS]}()`), // As above.
      ];
    }),
  );

  it('are found in the sources, so that what follows can fail', () => {
    expect(written.size).toBeGreaterThan(15);
    expect(written).toContain('error_rate(kind,priority)');
    expect(written).not.toContain('error_rate()');
  });

  it('every alarm looks at one that is written, in the stage’s namespace, under exactly its dimensions', () => {
    const own = alarmsOf('prod')
      .flatMap(({ looks }) => looks)
      .filter(({ namespace }) => !namespace.startsWith('AWS/'));
    expect(new Set(own.map(({ namespace }) => namespace))).toEqual(new Set(['MedicationJobs/prod']));
    const watched = new Set(
      own.map(({ name, dimensions }) => `${name}(${keysOf(Object.keys(dimensions).join())})`),
    );
    expect(watched.size).toBeGreaterThan(5);
    expect([...watched].filter((one) => !written.has(one))).toEqual([]);
  });

  it('every graph shows one that is written', () => {
    const body = JSON.stringify(
      Object.values(synthesiseStage('prod').watch.findResources('AWS::CloudWatch::Dashboard')),
    ).replaceAll(/\\+"/g, '"');
    const searched = [
      ...body.matchAll(/SEARCH\('\{"MedicationJobs\/prod",([\w,]+)\} MetricName="(\w+)"/g),
    ].map(([, keys = '', name]) => `${name}(${keys})`);
    const plain = [...body.matchAll(/"MedicationJobs\/prod","(\w+)"(,"priority")?/g)].map(
      ([, name, priority]) => `${name}(${priority ? 'priority' : ''})`,
    );
    expect(searched.length).toBeGreaterThan(3 * JOB_KINDS.length);
    expect(plain.length).toBeGreaterThan(8);
    expect([...searched, ...plain].filter((one) => !written.has(one))).toEqual([]);
  });
});
