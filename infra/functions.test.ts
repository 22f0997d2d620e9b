import { describe, expect, it } from 'vitest';
import { FUNCTION_VARIABLES, type FunctionName } from '#shared/contract/functions.ts';
import { JOB_KINDS, PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { PRIORITY_NAMES } from '#shared/lifecycle/priority.ts';
import { synthesiseStage } from './constructs/testing/synthesise-stage.ts';
import { functionId } from './outputs.ts';
import { STAGES, type StageName } from './stages.ts';

const ALL_STAGES = Object.keys(STAGES) as StageName[]; // Object.keys forgets the literal type.
const service = (stage: StageName) => synthesiseStage(stage).service;

/** Every function that must be deployed: name and variant. */
const DEPLOYED: readonly (readonly [FunctionName, string])[] = [
  ...PUBLIC_KINDS.map((kind) => ['submit-job', kind.name] as const),
  ...PRIORITY_NAMES.map((priority) => ['worker', priority] as const),
  ...(Object.keys(FUNCTION_VARIABLES) as FunctionName[])
    .filter((name) => name !== 'submit-job' && name !== 'worker')
    .map((name) => [name, ''] as const),
];

const logicalPrefix = (name: FunctionName, variant: string) =>
  `Functions${functionId(name, variant).replaceAll('-', '')}`;

function functionOf(stage: StageName, name: FunctionName, variant: string) {
  const found = Object.entries(service(stage).findResources('AWS::Lambda::Function')).filter(([id]) =>
    new RegExp(`^${logicalPrefix(name, variant)}Function[0-9A-F]{8}$`).test(id),
  );
  expect(found).toHaveLength(1);
  return found[0]?.[1]?.['Properties'];
}

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** What a function may do. */
function statementsOf(stage: StageName, name: FunctionName, variant = ''): readonly Statement[] {
  const found = Object.entries(service(stage).findResources('AWS::IAM::ManagedPolicy')).filter(([id]) =>
    new RegExp(`^${logicalPrefix(name, variant)}RolePolicy[0-9A-F]{8}$`).test(id),
  );
  expect(found).toHaveLength(1);
  return found[0]?.[1]?.['Properties'].PolicyDocument.Statement;
}

/** Actions on resources whose name contains `part`. */
const actionsOn = (statements: readonly Statement[], part: string): string[] =>
  statements
    .filter(({ Resource }) => JSON.stringify(Resource).includes(part))
    .flatMap(({ Action }) => Action)
    .filter((action) => !action.startsWith('kms:'));

it('there are the six public kinds', () => {
  expect(PUBLIC_KINDS.length).toBeGreaterThanOrEqual(6);
});

describe.each(ALL_STAGES)('the functions of %s', (stage) => {
  it('are exactly those that the registry and the contract name', () => {
    expect(Object.keys(service(stage).findResources('AWS::Lambda::Function'))).toHaveLength(DEPLOYED.length);
  });

  it.each(DEPLOYED)('%s %s reads exactly the variables of its contract', (name, variant) => {
    const { Variables } = functionOf(stage, name, variant).Environment;
    const product = Object.keys(Variables).filter((variable) => !variable.startsWith('LAPTOP_'));
    expect(product.sort()).toEqual([...FUNCTION_VARIABLES[name]].sort());
    expect(Variables.STAGE).toBe(stage);
    if (name === 'submit-job') expect(Variables.JOB_KIND).toBe(variant);
    if (name === 'worker') expect(Variables.PRIORITY).toBe(variant);
  });

  it.each(DEPLOYED)(
    '%s %s runs on Node 24, is traced, and has a role and a log group of its own',
    (name, variant) => {
      const properties = functionOf(stage, name, variant);
      const prefix = logicalPrefix(name, variant);
      expect(properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        TracingConfig: { Mode: 'Active' },
        Role: { 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^${prefix}Role`)), 'Arn'] },
        LoggingConfig: { LogGroup: { Ref: expect.stringMatching(new RegExp(`^${prefix}Logs`)) } },
      });
      expect(properties.ReservedConcurrentExecutions).toBeUndefined();
    },
  );

  it('an endpoint ends before API Gateway gives up on it, and its variables fit', () => {
    for (const [name, variant] of DEPLOYED) {
      const { Timeout, Environment } = functionOf(stage, name, variant);
      // Both limits are AWS's: 29 seconds for an integration, 4 KB for all variables together.
      if (name === 'submit-job' || name === 'not-found' || name.endsWith('-api'))
        expect(Timeout).toBeLessThan(29);
      // A reference becomes a name or an ARN, which is shorter than what stands for it here.
      expect(JSON.stringify(Environment.Variables).length).toBeLessThan(4_096);
    }
  });

  it('every log group is kept for 30 days and encrypted', () => {
    const groups = Object.values(service(stage).findResources('AWS::Logs::LogGroup'));
    expect(groups.length).toBeGreaterThanOrEqual(DEPLOYED.length + 2);
    for (const { Properties } of groups) {
      expect(Properties.RetentionInDays).toBe(30);
      expect(JSON.stringify(Properties.KmsKeyId)).toContain('KeysLogs');
    }
  });
});

describe.each(['dev', 'prod'] as const)('the roles of %s', (stage) => {
  it('no statement has a wildcard but those that write traces, name objects of one bucket, or list streams of one table', () => {
    const policies = Object.entries(service(stage).findResources('AWS::IAM::ManagedPolicy')).flatMap(
      ([id, policy]) => (id.startsWith('Functions') ? [policy] : []),
    );
    expect(policies).toHaveLength(DEPLOYED.length);
    for (const { Properties } of policies)
      for (const { Action, Resource } of Properties.PolicyDocument.Statement as Statement[]) {
        const actions = [Action].flat();
        expect(actions.filter((action) => action.includes('*'))).toEqual([]);
        const text = JSON.stringify(Resource);
        if (!text.includes('*')) continue;
        const traces = actions.every((action) => action.startsWith('xray:Put')) && text === '"*"';
        const objects =
          actions.every((action) => /^s3:(Get|Put)Object$/.test(action)) &&
          /Buckets\w+"\},"\/(seals\/|leaves\/)?\*"/.test(text);
        const streams =
          actions.join() === 'dynamodb:ListStreams' &&
          /Tables(Jobs|Records)Table\w+"\},"\/stream\/\*"/.test(text);
        expect({ actions, text, allowed: traces || objects || streams }).toMatchObject({ allowed: true });
      }
  });

  it('nobody may change or delete an audit entry, or read one without need', () => {
    for (const [name, variant] of DEPLOYED)
      for (const action of actionsOn(statementsOf(stage, name, variant), 'TablesAuditTable'))
        expect(['dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:BatchGetItem']).toContain(
          action,
        );
    // Who seals lists hours, who shows jobs reads single entries of their chains, who shows the trail lists it.
    const readers = DEPLOYED.flatMap(([name, variant]) => {
      const actions = actionsOn(statementsOf(stage, name, variant), 'TablesAuditTable');
      const reads = actions.filter((action) => action !== 'dynamodb:PutItem');
      return reads.length === 0 ? [] : [`${name}: ${reads.sort().join(' ')}`];
    });
    expect(readers.sort()).toEqual([
      'audit-api: dynamodb:Query',
      'audit-seal: dynamodb:Query',
      'jobs-api: dynamodb:BatchGetItem dynamodb:GetItem',
      'rights-api: dynamodb:Query',
    ]);
  });

  it('sealed lines, which tell what everybody did, are read by nobody but who seals', () => {
    const readers = DEPLOYED.flatMap(([name, variant]) => {
      const keys = statementsOf(stage, name, variant)
        .filter(({ Action }) => [Action].flat().includes('s3:GetObject'))
        .flatMap(({ Resource }) => Resource)
        .map((one) => JSON.stringify(one))
        .filter((one) => one.includes('BucketsAudit'))
        .map((one) => /"(\/[^"]*\*)"\]\]\}$/.exec(one)?.[1]);
      return keys.length === 0 ? [] : [[name, ...keys.sort()]];
    });
    expect(readers.sort()).toEqual([
      ['audit-seal', '/*'],
      ['jobs-api', '/leaves/*', '/seals/*'],
    ]);
  });

  it('whoever reads large results may list them: else one that is lost looks like one that is forbidden', () => {
    const readers = DEPLOYED.flatMap(([name, variant]) => {
      const actions = actionsOn(statementsOf(stage, name, variant), 'BucketsResults');
      return actions.includes('s3:GetObject')
        ? [[`${name} ${variant}`, actions.includes('s3:ListBucket')]]
        : [];
    });
    expect(readers.length).toBeGreaterThan(5);
    expect(readers.filter(([, lists]) => !lists)).toEqual([]);
  });

  it('the function that shows the audit trail can open no field, and lists by index only', () => {
    const statements = statementsOf(stage, 'audit-api');
    const text = JSON.stringify(statements);
    for (const part of ['TablesSecrets', 'TablesRecords', 'Buckets', 'Queues', 'KeysSeal'])
      expect(text).not.toContain(part);
    const fields = statements.filter(({ Resource }) => JSON.stringify(Resource).includes('KeysFields'));
    for (const { Condition } of fields)
      expect(Object(Condition).StringEquals['kms:EncryptionContext:purpose']).toEqual(['hash', 'audit-hash']);
    const queries = statements.filter(({ Action }) => [Action].flat().includes('dynamodb:Query'));
    const resources = queries.flatMap(({ Resource }) => Resource).map((one) => JSON.stringify(one));
    expect(resources.map((one) => /\/index\/([\w-]+)/.exec(one)?.[1]).sort()).toEqual([
      'by-actor',
      'by-job',
      'by-subject',
    ]);
  });

  it('nobody may delete an item, or update a user’s secret, but who erases users', () => {
    for (const [name, variant] of DEPLOYED.filter(([one]) => one !== 'erasure')) {
      const statements = statementsOf(stage, name, variant);
      expect(statements.flatMap(({ Action }) => Action)).not.toContain('dynamodb:DeleteItem');
      expect(actionsOn(statements, 'TablesSecretsTable')).not.toContain('dynamodb:UpdateItem');
    }
  });

  it('who erases users deletes what is theirs, makes no secret, and deletes no secret, job or outcome', () => {
    const statements = statementsOf(stage, 'erasure');
    const deletes = statements.filter(({ Action }) => [Action].flat().includes('dynamodb:DeleteItem'));
    const byTable = deletes.map(({ Resource, Condition }) => [
      /Tables(\w+?)Table/.exec(JSON.stringify(Resource))?.[1],
      Object(Condition)['ForAllValues:StringLike']['dynamodb:LeadingKeys'],
    ]);
    expect(Object.fromEntries(byTable)).toEqual({
      Records: ['OWNER#*', 'USERS', 'GRANTEE#*', 'ERASURES', 'DUE#*'],
      Jobs: ['RECALL#*'],
    });
    expect(actionsOn(statements, 'TablesSecretsTable').sort()).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:UpdateItem',
    ]);
  });

  it('a worker makes no secret of a patient, which could have been erased: only the system’s own', () => {
    for (const [name, variant] of DEPLOYED.filter(([name]) => name === 'worker')) {
      const puts = statementsOf(stage, name, variant).filter(
        ({ Action, Resource }) =>
          [Action].flat().includes('dynamodb:PutItem') &&
          JSON.stringify(Resource).includes('TablesSecretsTable'),
      );
      expect(puts.map(({ Condition }) => Condition)).toEqual([
        {
          'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['SYSTEM'] },
          Null: { 'dynamodb:LeadingKeys': 'false' },
        },
      ]);
    }
  });

  it('who writes no chain cannot put an entry in the place of one of a chain, nor anything but keys among jobs', () => {
    const keysOf = (name: FunctionName, table: string) =>
      statementsOf(stage, name)
        .filter(
          ({ Action, Resource }) =>
            [Action].flat().includes('dynamodb:PutItem') && JSON.stringify(Resource).includes(table),
        )
        .map(({ Condition }) => Object(Condition)['ForAllValues:StringLike']?.['dynamodb:LeadingKeys']);
    for (const name of ['audit-api', 'rights-api', 'operations-api'] as const)
      expect(keysOf(name, 'TablesAuditTable')).toEqual([['DAY#*', 'REFUSAL#*']]);
    expect(keysOf('not-found', 'TablesAuditTable')).toEqual([['REFUSAL#*']]);
    expect(keysOf('audit-api', 'TablesJobsTable')).toEqual([['KEY#HASH#*'], ['KEY#AUDIT#*']]);
    expect(keysOf('operations-api', 'TablesJobsTable')).toEqual([
      ['KEY#HASH#*'],
      ['KEY#AUDIT#*'],
      ['CONTROL#*'],
    ]);
    expect(keysOf('tick', 'TablesJobsTable')).toEqual([['KEY#AUDIT#*']]);
    expect(keysOf('rights-api', 'TablesJobsTable')).toEqual([['KEY#*']]);
    expect(keysOf('recurring', 'TablesSecretsTable')).toEqual([['SYSTEM']]);
  });

  it('of the field key, who moves jobs has the names in the audit trail only, and who names nobody has them not', () => {
    const purposesOf = (name: FunctionName) =>
      statementsOf(stage, name)
        .filter(({ Action, Resource }) => {
          const looks = [Action].flat().every((action) => action === 'kms:DescribeKey');
          return !looks && JSON.stringify(Resource).includes('KeysFields');
        })
        .flatMap(({ Condition }) => Object(Condition).StringEquals['kms:EncryptionContext:purpose']);
    for (const name of ['tick', 'reconciler', 'dead-letter'] as const)
      expect([name, ...new Set(purposesOf(name))]).toEqual([name, 'audit-hash']);
    expect([...new Set(purposesOf('recurring'))]).toEqual(['field']);
    for (const name of ['not-found', 'audit-seal', 'change-log', 'operations-widget'] as const)
      expect([name, ...purposesOf(name)]).toEqual([name]);
  });

  it('the field key is used for a named purpose only, the data key through services only', () => {
    for (const [name, variant] of DEPLOYED)
      for (const { Action, Resource, Condition } of statementsOf(stage, name, variant)) {
        const text = JSON.stringify(Resource);
        // In which state a key is tells nothing of what it encrypts.
        if (Action === 'kms:DescribeKey') {
          expect(name).toBe('reconciler');
          continue;
        }
        if (text.includes('KeysFields')) {
          for (const action of [Action].flat())
            expect(['kms:Decrypt', 'kms:GenerateDataKeyWithoutPlaintext']).toContain(action);
          expect([
            ['field'],
            ['hash', 'audit-hash'],
            ['field', 'audit-hash'],
            ['field', 'hash', 'audit-hash'],
            ['audit-hash'],
          ]).toContainEqual(Object(Condition).StringEquals['kms:EncryptionContext:purpose']);
        }
        if (text.includes('KeysData'))
          expect([name, Action, JSON.stringify(Condition)]).toEqual([
            name,
            Action,
            expect.stringContaining('kms:ViaService'),
          ]);
      }
  });

  it('an endpoint reaches only the queues of its kind’s priorities', () => {
    for (const kind of PUBLIC_KINDS) {
      const text = JSON.stringify(statementsOf(stage, 'submit-job', kind.name));
      const reached = PRIORITY_NAMES.filter((priority) => text.includes(`"Queues${priority}`));
      expect(reached.sort()).toEqual([...kind.priorities].sort());
    }
  });

  it('who keeps the change log reads two streams and large results, and can change nothing that stands', () => {
    const statements = statementsOf(stage, 'change-log');
    const actions = statements.flatMap(({ Action }) => Action);
    expect(actions.filter((action) => !/^(logs|xray):/.test(action)).toSorted()).toEqual([
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:GenerateDataKey',
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
      'sqs:SendMessage',
    ]);
    // It can read none of what it has written, nor write where it reads.
    expect(actionsOn(statements, 'BucketsResults').sort()).toEqual(['s3:GetObject', 's3:ListBucket']);
    expect(actionsOn(statements, 'BucketsBackup')).toEqual(['s3:PutObject']);
    expect(JSON.stringify(statements)).not.toMatch(/KeysFields|Tables(Audit|Secrets)/);
    const mappings = Object.values(service(stage).findResources('AWS::Lambda::EventSourceMapping'))
      .map(({ Properties }) => Properties)
      .filter(({ FunctionName }) => /^Functionschangelog/.test(FunctionName.Ref));
    expect(mappings.map(({ EventSourceArn }) => JSON.stringify(EventSourceArn))).toEqual([
      expect.stringMatching(/TablesJobsTable\w+StreamArn/),
      expect.stringMatching(/TablesRecordsTable\w+StreamArn/),
    ]);
    for (const mapping of mappings) {
      expect(mapping).toMatchObject({ StartingPosition: 'TRIM_HORIZON', BatchSize: 1_000 });
      // Tried until the stream forgets it, whole, and then told.
      expect(mapping.MaximumRetryAttempts ?? -1).toBe(-1);
      expect(mapping.BisectBatchOnFunctionError ?? false).toBe(false);
      expect(JSON.stringify(mapping.DestinationConfig.OnFailure)).toContain('QueuesLostEvents');
    }
  });

  it('a worker publishes or archives only where a kind of its priority does', () => {
    const may = (action: string) =>
      PRIORITY_NAMES.filter((priority) =>
        statementsOf(stage, 'worker', priority)
          .flatMap(({ Action }) => Action)
          .includes(action),
      );
    const runs = (...names: string[]) =>
      PRIORITY_NAMES.filter((priority) =>
        JOB_KINDS.some((kind) => names.includes(kind.name) && kind.priorities.includes(priority)),
      );
    expect(may('sns:Publish')).toEqual(runs('reminder-delivery', 'supply-monitor'));
    expect(may('events:PutEvents')).toEqual(runs('reminder-delivery', 'supply-monitor'));
    expect(may('dynamodb:Scan')).toEqual(runs('backup-segment'));
  });

  it('restore-drill writes into the tables of drills and nowhere else, and knows no other table', () => {
    const own = statementsOf(stage, 'restore-drill').flatMap(({ Action, Resource }) =>
      [Action]
        .flat()
        .flatMap((action) => [Resource].flat().map((resource) => [action, JSON.stringify(resource)])),
    );
    const names = (action: string) =>
      own
        .filter(([one]) => one === action)
        .map(([, resource = '']) => /(?:Drill|Buckets|Keys|Tables|Queues)[A-Za-z]+/.exec(resource)?.[0])
        .sort();
    const tables = ['DrillDrillJobsTable', 'DrillDrillRecordsTable'].map((name) =>
      expect.stringContaining(name),
    );
    expect([...new Set(own.map(([action]) => action))].sort()).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:GetItem',
      'dynamodb:Scan',
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:GetPublicKey',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:GetObject',
      's3:ListBucket',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
    for (const action of ['BatchGetItem', 'BatchWriteItem', 'GetItem', 'Scan'])
      expect(names(`dynamodb:${action}`)).toEqual(tables);
    for (const action of ['s3:GetObject', 's3:ListBucket'])
      expect(names(action)).toEqual([expect.stringContaining('BucketsBackup')]);
    expect(names('kms:GetPublicKey')).toEqual([expect.stringContaining('KeysBackup')]);
    expect(JSON.stringify(own)).not.toMatch(/Tables(Jobs|Records|Audit|Secrets)Table/);
  });

  it('nobody else reaches the tables of drills, and only the worker at LOW asks for a drill', () => {
    const mayOn = (part: string) =>
      DEPLOYED.filter(([name, variant]) => actionsOn(statementsOf(stage, name, variant), part).length > 0);
    expect(mayOn('DrillDrill')).toEqual([['restore-drill', '']]);
    const asks = DEPLOYED.filter(([name, variant]) =>
      statementsOf(stage, name, variant).some(({ Action }) =>
        [Action].flat().includes('lambda:InvokeFunction'),
      ),
    );
    expect(asks).toEqual([['worker', 'LOW']]);
    expect(actionsOn(statementsOf(stage, 'worker', 'LOW'), 'Functionsrestoredrill')).toEqual([
      'lambda:InvokeFunction',
    ]);
  });

  it('only who pauses priorities, and the reconciler, may switch mappings: those of the four workers', () => {
    const workers = Object.entries(service(stage).findResources('AWS::Lambda::EventSourceMapping'))
      .filter(([, { Properties }]) => /^Functionsworker/.test(Properties.FunctionName.Ref))
      .map(([id]) => id);
    expect(workers).toHaveLength(PRIORITY_NAMES.length);
    /** The functions that may do it, each with the ids of the mappings with which it may. */
    const mayOn = (action: string) =>
      Object.fromEntries(
        DEPLOYED.flatMap(([name, variant]) => {
          const arns = statementsOf(stage, name, variant)
            .filter(({ Action }) => [Action].flat().includes(action))
            .flatMap(({ Resource }) => Resource);
          const ids = arns.map((arn) => /"Ref":"(\w+)"\}\]\]\}$/.exec(JSON.stringify(arn))?.[1]);
          return arns.length === 0 ? [] : [[name, ids.sort()]];
        }),
      );
    const all = workers.sort();
    expect(mayOn('lambda:UpdateEventSourceMapping')).toEqual({ 'operations-api': all, reconciler: all });
    expect(mayOn('lambda:GetEventSourceMapping')).toEqual({ reconciler: all });
  });

  it('a job endpoint updates counters only: of refused requests, and of a user’s open jobs', () => {
    for (const [name, variant] of DEPLOYED.filter(([name]) => name === 'submit-job')) {
      const updates = statementsOf(stage, name, variant).filter(({ Action }) =>
        [Action].flat().includes('dynamodb:UpdateItem'),
      );
      expect(updates.map(({ Condition }) => Condition)).toEqual(
        [['REFUSALS#*'], ['OPEN#*']].map((keys) => ({
          'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys },
          Null: { 'dynamodb:LeadingKeys': 'false' },
        })),
      );
    }
  });

  it('the function for unknown routes may do nothing but log, put entries into the audit trail, and count', () => {
    const statements = statementsOf(stage, 'not-found');
    const actions = statements.flatMap(({ Action }) => Action);
    expect(actions.filter((action) => !/^(logs|xray|kms):/.test(action))).toEqual([
      'dynamodb:UpdateItem',
      'dynamodb:PutItem',
    ]);
    expect(actionsOn(statements, 'TablesAuditTable')).toEqual(['dynamodb:PutItem']);
    expect(actionsOn(statements, 'TablesJobsTable')).toEqual(['dynamodb:UpdateItem']);
    expect(statements.find(({ Action }) => Action === 'dynamodb:UpdateItem')?.Condition).toEqual({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['REFUSALS#*'] },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    });
    expect(JSON.stringify(statements)).not.toContain('KeysFields');
  });

  it('a consumer may receive, hide and delete messages of its queue, and decrypt them', () => {
    for (const priority of PRIORITY_NAMES) {
      const statements = statementsOf(stage, 'worker', priority);
      const own = statements.filter(({ Action }) => [Action].flat().includes('sqs:ReceiveMessage'));
      expect(own).toHaveLength(1);
      expect(JSON.stringify(own[0]?.Resource)).toMatch(
        new RegExp(`^{"Fn::GetAtt":\\["Queues${priority}[0-9A-F]{8}","Arn"\\]}$`),
      );
      expect([own[0]?.Action].flat()).toEqual(
        expect.arrayContaining(['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage']),
      );
      const decrypts = statements.filter(({ Action }) => [Action].flat().includes('kms:Decrypt'));
      const through = decrypts.map(({ Condition }) => JSON.stringify(Condition));
      expect(through).toContainEqual(expect.stringMatching(/kms:ViaService.*"sqs\./));
    }
  });
});
