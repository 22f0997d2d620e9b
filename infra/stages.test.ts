import { describe, expect, it } from 'vitest';
import { FUNCTION_VARIABLES, type FunctionName } from '#shared/contract/functions.ts';
import type { IssuerConfig } from '#shared/contract/issuers.ts';
import { TABLES, type TableName } from '#shared/contract/tables.ts';
import { PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { PRIORITY_NAMES } from '#shared/lifecycle/priority.ts';
import { ROLES } from '#shared/lifecycle/role.ts';
import { buildStage, synthesiseStage } from './constructs/testing/synthesise-stage.ts';
import { deadLetterQueueOutput, functionOutput, OUTPUTS, queueOutput, tableOutput } from './outputs.ts';
import { readStage } from './stage-context.ts';
import { STAGES, type StageName } from './stages.ts';

const ALL_STAGES = Object.keys(STAGES) as StageName[]; // Object.keys forgets the literal type.

const read = (values: Readonly<Record<string, unknown>>) => readStage((key) => values[key]);

const variablesOf = (stage: StageName): Record<string, unknown>[] =>
  Object.values(synthesiseStage(stage).service.findResources('AWS::Lambda::Function')).map(
    ({ Properties }) => Properties.Environment.Variables,
  );

/** `ISSUERS` as text, with a mark wherever CloudFormation fills something in. */
function issuersOf(stage: StageName, more: Readonly<Record<string, unknown>> = {}): IssuerConfig[] {
  const functions = Object.values(
    synthesiseStage(stage, more).service.findResources('AWS::Lambda::Function'),
  );
  const value = functions.map(({ Properties }) => Properties.Environment.Variables.ISSUERS).find(Boolean);
  const text =
    typeof value === 'string'
      ? value
      : value['Fn::Join'][1].map((part: unknown) => (typeof part === 'string' ? part : '§')).join('');
  return JSON.parse(text);
}

describe.each(ALL_STAGES)('the templates of %s', (stage) => {
  // CloudFormation takes 500. A route or a function with all that belongs to it takes about ten.
  it('stay under 450 resources each, and say less than 200 outputs', () => {
    const { data, service, watch } = synthesiseStage(stage);
    const sizes = [data, service, watch].map((template) => {
      const { Resources, Outputs } = template.toJSON();
      return [Object.keys(Resources).length, Object.keys(Outputs).length] as const;
    });
    for (const [resources, outputs] of sizes) {
      expect(resources).toBeGreaterThan(10);
      expect(resources).toBeLessThan(450);
      expect(outputs).toBeLessThan(200);
    }
  });

  it('stay under 900 KB each: CloudFormation takes 1 MB', () => {
    const { data, service, watch } = synthesiseStage(stage);
    for (const template of [data, service, watch])
      expect(Buffer.byteLength(JSON.stringify(template.toJSON(), null, 1))).toBeLessThan(900_000);
  });

  it('are named after the stage, and protected where stores are kept', () => {
    const { stacks } = buildStage(stage);
    const found = Object.entries(stacks).map(([part, { stackName, terminationProtection }]) => [
      part,
      { stackName, protected: terminationProtection ?? false },
    ]);
    expect(Object.fromEntries(found)).toEqual({
      data: { stackName: `medication-jobs-${stage}-data`, protected: stage === 'prod' },
      service: { stackName: `medication-jobs-${stage}-service`, protected: stage === 'prod' },
      watch: { stackName: `medication-jobs-${stage}-watch`, protected: stage === 'prod' },
    });
  });

  it('name everything that others have to find', () => {
    const { data, service, watch } = synthesiseStage(stage);
    const found = [data, service, watch].flatMap((template) => Object.keys(template.toJSON()['Outputs']));
    const plain = (Object.keys(FUNCTION_VARIABLES) as FunctionName[]).filter(
      (name) => name !== 'submit-job' && name !== 'worker',
    );
    expect(found).toEqual(
      expect.arrayContaining([
        ...Object.values(OUTPUTS),
        ...(Object.keys(TABLES) as TableName[]).map(tableOutput),
        ...PRIORITY_NAMES.flatMap((priority) => [queueOutput(priority), deadLetterQueueOutput(priority)]),
        ...PUBLIC_KINDS.map(({ name }) => functionOutput('submit-job', name)),
        ...PRIORITY_NAMES.map((priority) => functionOutput('worker', priority)),
        ...plain.map((name) => functionOutput(name)),
      ]),
    );
  });
});

describe('what exists only on a laptop', () => {
  it('its functions know the folder of the hooks', () => {
    for (const variables of variablesOf('local')) expect(variables['LAPTOP_HOOKS_DIR']).toBe('/tmp/hooks');
  });

  it('it trusts its own issuer, for every role', () => {
    expect(issuersOf('local')).toEqual([
      {
        issuer: 'http://127.0.0.1:4711/issuer',
        jwksUri: 'http://127.0.0.1:4711/issuer/.well-known/jwks.json',
        clients: ['medication-jobs-laptop'],
        tokenUse: 'access',
        groupsClaim: 'cognito:groups',
        roles: [...ROLES],
      },
    ]);
  });

  it.each(['dev', 'prod'] as const)(
    '%s has no hook, no plain connection, no laptop timing, no laptop bundle',
    (stage) => {
      const { data, service, watch } = synthesiseStage(stage);
      const text = JSON.stringify([data, service, watch].map((template) => template.toJSON()));
      expect(text).not.toMatch(/LAPTOP_|http:\/\/|127\.0\.0\.1|laptop/);
      expect(STAGES[stage].flavour).toBe('lambda');
      for (const variables of variablesOf(stage))
        expect(variables['TIMING_PROFILE'] ?? 'standard').toBe('standard');
    },
  );
});

/** Everything that a deployer may add, at once. */
const WITH_ALL = {
  issuers: JSON.stringify([
    {
      issuer: 'https://login.example.org',
      jwksUri: 'https://login.example.org/keys',
      clients: ['backend'],
      groupsClaim: 'groups',
      roles: ['service'],
    },
  ]),
  reservedConcurrency: '7',
  alarmEmail: 'operations@example.org',
};

describe('whose tokens are accepted', () => {
  it('two pools on AWS, each for its own roles only', () => {
    const issuer = 'https://cognito-idp.§.amazonaws.com/§';
    const pool = {
      issuer,
      jwksUri: `${issuer}/.well-known/jwks.json`,
      clients: ['§'],
      tokenUse: 'access',
      groupsClaim: 'cognito:groups',
    };
    expect(issuersOf('prod')).toEqual([
      { ...pool, roles: ['patient', 'caregiver'] },
      { ...pool, roles: ['clinician', 'pharmacist', 'analyst', 'operator', 'auditor', 'admin'] },
    ]);
  });

  const EXTRA = JSON.parse(WITH_ALL.issuers)[0];

  it('an issuer of the deployer’s, given as text', () => {
    expect(issuersOf('dev', WITH_ALL)[2]).toEqual(EXTRA);
  });

  it.each([
    [{ ...EXTRA, jwksUri: 'http://login.example.org/keys' }, 'jwksUri does not begin with https://'],
    [{ ...EXTRA, issuer: 'nonsense' }, 'issuer is not a URL'],
    [{ ...EXTRA, clients: [] }, 'clients is not a list of at least one text'],
    [{ ...EXTRA, roles: ['root'] }, 'roles are not known: root'],
    [{ ...EXTRA, groupsClaim: '' }, 'groupsClaim is not a text'],
    [{ ...EXTRA, tokenUse: 'id' }, 'tokenUse is neither absent nor "access"'],
    [EXTRA, 'names an issuer once more'],
    [{ ...EXTRA, audience: 'x' }, 'has members that mean nothing: audience'],
    ['text', 'is not an object'],
  ])('refuses %j', (entry, message) => {
    expect(() => read({ stage: 'dev', issuers: [EXTRA, entry] })).toThrow(
      `Entry 1 of the context issuers: ${message}`,
    );
  });

  it('refuses what is no list', () => {
    expect(() => read({ stage: 'dev', issuers: {} })).toThrow('The context issuers is not a JSON array.');
  });
});

describe('the context', () => {
  it('must name a stage', () => {
    expect(() => read({})).toThrow('Say which stage: -c stage=<name>, one of dev, prod, local.');
    expect(() => read({ stage: 'toString' })).toThrow('one of dev, prod, local');
  });

  /** What prod is not made without. */
  const PROD = { stage: 'prod', defaultTimeZone: 'America/New_York', alarmsElsewhere: 'true' };

  it('must name a time zone for prod', () => {
    const { defaultTimeZone, ...rest } = PROD;
    expect(() => read(rest)).toThrow('-c defaultTimeZone=<IANA zone>');
    expect(() => read({ ...PROD, defaultTimeZone: 'Mars/Base' })).toThrow('not an IANA time zone');
    expect(read(PROD).stage.defaultTimeZone).toBe(defaultTimeZone);
    expect(read({ stage: 'dev' }).stage.defaultTimeZone).toBe('');
  });

  it('must say for prod who hears the alarms', () => {
    for (const elsewhere of [undefined, '', 'false', false])
      expect(() => read({ ...PROD, alarmsElsewhere: elsewhere })).toThrow(
        'Stage prod needs somebody who hears its alarms: -c alarmEmail=<address>, or -c alarmsElsewhere=true',
      );
    expect(() => read({ ...PROD, alarmsElsewhere: 'ops@example.org' })).toThrow('neither true nor false');
    expect(() => read({ stage: 'dev', alarmEmail: 'operations' })).toThrow('not an address like');
    expect(read(PROD).stage.alarmEmail).toBeUndefined();
    const alarmEmail = 'operations@example.org';
    expect(read({ ...PROD, alarmsElsewhere: '', alarmEmail }).stage.alarmEmail).toBe(alarmEmail);
    expect(read({ stage: 'dev' }).stage.alarmEmail).toBeUndefined();
  });

  it('releases findings to patients only where the deployer says so', () => {
    expect(read(PROD).stage.patientRelease).toBe(false);
    for (const [said, means] of [
      [true, true],
      ['true', true],
      ['false', false],
      ['', false],
    ])
      expect(read({ stage: 'dev', patientRelease: said }).stage.patientRelease).toBe(means);
    expect(() => read({ stage: 'dev', patientRelease: 'yes' })).toThrow(
      'patientRelease is neither true nor false',
    );
  });

  it('asks for a purpose of each request only where the deployer says so', () => {
    expect(read({ stage: 'dev' }).stage.requirePurpose).toBe(false);
    expect(read({ stage: 'dev', requirePurpose: 'true' }).stage.requirePurpose).toBe(true);
    expect(() => read({ stage: 'dev', requirePurpose: 'on' })).toThrow('requirePurpose is neither');
  });

  it('emergency access lasts an hour unless the deployer says less', () => {
    const minutes = (said?: unknown) =>
      read({ stage: 'dev', breakGlassMinutes: said }).stage.breakGlassMinutes;
    expect([minutes(), minutes('15'), minutes('60')]).toEqual([60, 15, 60]);
    expect(() => minutes('61')).toThrow('breakGlassMinutes is more than 60');
    expect(() => minutes('0')).toThrow('breakGlassMinutes is not a whole number');
  });

  it('may say default clock times, which are checked', () => {
    const defaultTimes = '{"BID":["09:00","21:00"]}';
    expect(read({ stage: 'dev' }).stage.defaultTimes).toBe('');
    expect(read({ stage: 'dev', defaultTimes }).stage.defaultTimes).toBe(defaultTimes);
    expect(() => read({ stage: 'dev', defaultTimes: '{"BID":["09:00"]}' })).toThrow('"BID" needs 2 times');
  });

  it('says what a deployer says about refills and orders, and else the defaults', () => {
    const settings = (more: object) => read({ stage: 'dev', ...more }).stage.supply;
    expect(settings({})).toEqual({
      refillThreshold: 0.8,
      leadTimeDays: 5,
      safetyDays: 2,
      closedWeekdays: [],
      holidays: [],
    });
    const said = {
      refillThreshold: '0.75',
      leadTimeDays: 3,
      safetyDays: '0',
      closedWeekdays: 'SA, SU',
      holidays: '2027-01-01,2026-12-25',
    };
    expect(settings(said)).toEqual({
      refillThreshold: 0.75,
      leadTimeDays: 3,
      safetyDays: 0,
      closedWeekdays: ['SA', 'SU'],
      holidays: ['2026-12-25', '2027-01-01'],
    });
    for (const [name, value] of [
      ['refillThreshold', '80'],
      ['leadTimeDays', 'some'],
      ['safetyDays', '-1'],
      ['closedWeekdays', 'weekend'],
      ['holidays', 'Christmas'],
    ] as const)
      expect(() => settings({ [name]: value })).toThrow(`The setting ${name}`);
  });

  it('sets reserved concurrency only when asked', () => {
    const { service } = synthesiseStage('dev', WITH_ALL);
    const functions = service.findResources('AWS::Lambda::Function');
    const started = new Map<string, number>();
    const mappings = Object.values(service.findResources('AWS::Lambda::EventSourceMapping'));
    for (const { Properties } of mappings.filter((one) => one['Properties'].ScalingConfig)) {
      const { FunctionName, ScalingConfig } = Properties;
      started.set(FunctionName.Ref, (started.get(FunctionName.Ref) ?? 0) + ScalingConfig.MaximumConcurrency);
    }
    // What a queue starts and Lambda refuses burns a receive: a consumer has room for all that its queues start.
    expect([...started.values()].sort((a, b) => a - b)).toEqual([5, 8, 10, 10, 16, 20]);
    for (const [id, { Properties }] of Object.entries(functions)) {
      const round = /^Functions(tick|reconciler|recurring|erasure|auditseal|restoredrill)Function/.test(id);
      const others = /^Functionschangelog/.test(id) ? 20 : 7;
      expect([id, Properties.ReservedConcurrentExecutions]).toEqual([
        id,
        started.get(id) ?? (round ? 2 : others),
      ]);
    }
    expect(() => read({ stage: 'dev', reservedConcurrency: 'many' })).toThrow(
      'reservedConcurrency is not a whole number',
    );
  });

  it('sends alarms to an address when one is given', () => {
    const { service } = synthesiseStage('dev', WITH_ALL);
    service.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'operations@example.org',
    });
    expect(synthesiseStage('dev').service.findResources('AWS::SNS::Subscription')).toEqual({});
  });
});
