import { Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { MAPPING_VARIABLES } from '#shared/contract/environment.ts';
import { FUNCTION_VARIABLES } from '#shared/contract/functions.ts';
import { INDEXES } from '#shared/contract/tables.ts';
import { JOB_KINDS } from '#shared/jobs/registry.ts';
import { PRIORITY_NAMES } from '#shared/lifecycle/priority.ts';
import { acknowledge } from '../acknowledge.ts';
import type { FIELD_KEY_PURPOSES } from './encryption-keys.ts';
import type { WorkerMappings } from './event-sources.ts';
import { type FieldKeyUse, type FunctionAccess, MAKES_ONLY } from './function-access.ts';
import type { JobFunction } from './job-function.ts';
import { streamedTables } from './job-tables.ts';
import type { Resources } from './resources.ts';
import { BOUND_TO_KEYS, isBound, TABLE_ACTIONS } from './table-access.ts';

type Service = 'dynamodb' | 'sqs' | 'sns' | 's3';
type Purpose = (typeof FIELD_KEY_PURPOSES)[number];

/** Permission and variables together: a function that may use a resource knows its name, and the other way round. */
export class FunctionGrants {
  readonly #resources: Resources;
  readonly #fn: JobFunction;
  readonly #services = new Set<Service>();
  #writesTables = false;
  readonly #environment = new Map<string, string>();

  constructor(resources: Resources, fn: JobFunction) {
    this.#resources = resources;
    this.#fn = fn;
  }

  /** Sets variables behind which no resource stands. */
  settings(values: Readonly<Record<string, string>>): this {
    for (const [name, value] of Object.entries(values)) this.#environment.set(name, value);
    return this;
  }

  /** Sets those of the variables that the function's contract names. */
  settingsAskedFor(values: Readonly<Record<string, string>>): this {
    const wanted: readonly string[] = FUNCTION_VARIABLES[this.#fn.name];
    return this.settings(
      Object.fromEntries(Object.entries(values).filter(([name]) => wanted.includes(name))),
    );
  }

  /** @param access more of it may be given in further calls: permissions add up */
  access(access: FunctionAccess, queues = this.#queues()): this {
    const { tables, drillTables, channels, buckets, queues: all } = this.#resources;
    const { byName } = tables;
    if (access.JOBS_TABLE) this.#table('JOBS_TABLE', byName.jobs, access.JOBS_TABLE);
    if (access.RECORDS_TABLE) this.#table('RECORDS_TABLE', byName.records, access.RECORDS_TABLE);
    if (access.AUDIT_TABLE) this.#table('AUDIT_TABLE', byName.audit, access.AUDIT_TABLE);
    if (access.SECRETS_TABLE) this.#table('SECRETS_TABLE', byName.secrets, access.SECRETS_TABLE);
    if (access.DRILL_JOBS_TABLE)
      this.#table('DRILL_JOBS_TABLE', drillTables.byName.jobs, access.DRILL_JOBS_TABLE);
    if (access.DRILL_RECORDS_TABLE)
      this.#table('DRILL_RECORDS_TABLE', drillTables.byName.records, access.DRILL_RECORDS_TABLE);
    if (access.FIELD_KEY_ARN) this.#fieldKey(access.FIELD_KEY_ARN);
    if (access.QUEUES) {
      for (const [priority, { source }] of Object.entries(all.byPriority))
        this.#environment.set(`${priority}_QUEUE_URL`, source.queueUrl);
      const arns = queues.map((queue) => queue.queueArn);
      if (access.QUEUES.includes('send')) this.#allow(['sqs:SendMessage'], arns, {}, 'sqs');
      if (access.QUEUES.includes('depth')) this.#allow(['sqs:GetQueueAttributes'], arns);
    }
    if (access.TICK_QUEUE_URL) {
      this.#environment.set('TICK_QUEUE_URL', all.tick.queueUrl);
      this.#allow(['sqs:SendMessage'], [all.tick.queueArn], {}, 'sqs');
    }
    if (access.TOPIC_ARN) {
      this.#environment.set('TOPIC_ARN', channels.topic.topicArn);
      const arns = [channels.topic.topicArn];
      if (access.TOPIC_ARN.includes('publish')) this.#allow(['sns:Publish'], arns, {}, 'sns');
      if (access.TOPIC_ARN.includes('look')) this.#allow(['sns:GetTopicAttributes'], arns);
    }
    if (access.BUS_NAME) {
      this.#environment.set('BUS_NAME', channels.bus.eventBusName);
      if (access.BUS_NAME.length > 0) this.#allow(['events:PutEvents'], [channels.bus.eventBusArn]);
    }
    if (access.BACKUP_BUCKET) this.#bucket('BACKUP_BUCKET', buckets.backup, access.BACKUP_BUCKET);
    if (access.RESULTS_BUCKET) this.#bucket('RESULTS_BUCKET', buckets.results, access.RESULTS_BUCKET);
    if (access.REFERENCE_BUCKET) this.#bucket('REFERENCE_BUCKET', buckets.reference, access.REFERENCE_BUCKET);
    if (access.AUDIT_BUCKET) this.#bucket('AUDIT_BUCKET', buckets.audit, access.AUDIT_BUCKET);
    const { seal, backup } = this.#resources.keys;
    if (access.SEAL_KEY_ARN) this.#signingKey('SEAL_KEY_ARN', seal.keyArn, access.SEAL_KEY_ARN);
    if (access.BACKUP_KEY_ARN) this.#signingKey('BACKUP_KEY_ARN', backup.keyArn, access.BACKUP_KEY_ARN);
    if (access.KEYS) {
      const keys = Object.entries(this.#resources.keys.byName).map(
        ([name, { keyArn }]) => [name, keyArn] as const,
      );
      this.#environment.set('KEYS', keys.map((key) => key.join('=')).join());
      this.#allow(
        ['kms:DescribeKey'],
        keys.map(([, arn]) => arn),
      );
    }
    if (access.BACKUP_EXPORTS) this.#exports(access.BACKUP_EXPORTS);
    return this;
  }

  /** A function is no part of the resources: it is made with rights of its own. */
  drill({ lambda }: JobFunction, access: FunctionAccess['DRILL_FUNCTION']): this {
    this.#environment.set('DRILL_FUNCTION', lambda.functionName);
    if (access?.includes('ask')) this.#allow(['lambda:InvokeFunction'], [lambda.functionArn]);
    return this;
  }

  /** Reading the streams of tables. Which batch could not be read in a day is told by a message. */
  streams(): this {
    const { tables, queues } = this.#resources;
    for (const [, { table, streamArn }] of streamedTables(tables)) {
      this.#allow(STREAM_ACTIONS, [streamArn], {}, 'dynamodb');
      // Lambda lists the streams of the table, whatever they are named.
      this.#allow(['dynamodb:ListStreams'], [`${table.tableArn}/stream/*`]);
      acknowledgeWildcard(
        this.#fn,
        table,
        table.tableArn,
        'stream/*',
        'Streams are named by DynamoDB when they are made; the table whose streams are listed is named exactly.',
      );
    }
    this.#allow(['sqs:SendMessage'], [queues.lostEvents.queueArn], {}, 'sqs');
    return this;
  }

  /** What the function could not do is sent away by Lambda, with the function's rights, into an encrypted queue. */
  lostEvents(): this {
    this.#services.add('sqs');
    return this;
  }

  /** The mappings are made between workers and queues, so they come after both and are no part of the resources. */
  mappings(mappings: WorkerMappings, access: FunctionAccess['MAPPINGS']): this {
    if (!access) return this;
    for (const priority of PRIORITY_NAMES)
      this.#environment.set(MAPPING_VARIABLES[priority], mappings[priority].eventSourceMappingId);
    const arns = PRIORITY_NAMES.map((priority) => mappings[priority].eventSourceMappingArn);
    if (access.includes('look')) this.#allow(['lambda:GetEventSourceMapping'], arns);
    if (access.includes('switch')) this.#allow(['lambda:UpdateEventSourceMapping'], arns);
    return this;
  }

  /**
   * Ends the list: sets the variables, and lets the function use the data key through the services that it may call.
   * @throws Error when the variables are not exactly those of the contract
   */
  done(extra: Readonly<Record<string, string>> = {}): void {
    const wanted: readonly string[] = FUNCTION_VARIABLES[this.#fn.name];
    const missing = wanted.filter((name) => !this.#environment.has(name));
    const surplus = [...this.#environment.keys()].filter((name) => !wanted.includes(name));
    if (missing.length + surplus.length > 0)
      throw new Error(
        `Function ${this.#fn.name}: missing variables [${missing.join()}], variables of no use [${surplus.join()}].`,
      );
    for (const [name, value] of [...this.#environment, ...Object.entries(extra)])
      this.#fn.lambda.addEnvironment(name, value);
    this.#dataKey();
  }

  /** The queues to which a function may send when nothing else is said. */
  #queues() {
    const { queues } = this.#resources;
    const made = MAKES_ONLY[this.#fn.name];
    if (!made) return queues.sources();
    const kinds = JOB_KINDS.filter((kind) => made.includes(kind.name));
    const priorities = new Set(kinds.map((kind) => kind.defaultPriority));
    return [...priorities].map((priority) => queues.byPriority[priority].source);
  }

  #fieldKey(uses: readonly FieldKeyUse[]): void {
    const { keyArn } = this.#resources.keys.fields;
    this.#environment.set('FIELD_KEY_ARN', keyArn);
    const hashes: readonly Purpose[] = [
      ...(uses.includes('hash') ? (['hash'] as const) : []),
      ...(uses.includes('name') ? (['audit-hash'] as const) : []),
    ];
    const opens = uses.includes('open') || uses.includes('seal');
    const unwraps: readonly Purpose[] = opens ? ['field', ...hashes] : hashes;
    const makes: readonly Purpose[] = uses.includes('seal') ? ['field', ...hashes] : hashes;
    const allow = (action: string, purposes: readonly Purpose[]) => {
      if (purposes.length > 0)
        this.#allow([action], [keyArn], {
          StringEquals: { 'kms:EncryptionContext:purpose': [...purposes] },
        });
    };
    allow('kms:Decrypt', unwraps);
    allow('kms:GenerateDataKeyWithoutPlaintext', makes);
  }

  #signingKey(variable: string, keyArn: string, uses: readonly ('sign' | 'look')[]): void {
    this.#environment.set(variable, keyArn);
    // With a digest only, and by the one algorithm that verification expects.
    if (uses.includes('look')) this.#allow(['kms:GetPublicKey'], [keyArn]);
    if (uses.includes('sign'))
      this.#allow(['kms:Sign'], [keyArn], {
        StringEquals: { 'kms:MessageType': 'DIGEST', 'kms:SigningAlgorithm': 'ECDSA_SHA_256' },
      });
  }

  #table(variable: string, table: Table, access: readonly string[]): void {
    this.#environment.set(variable, table.tableName);
    const actions = Object.entries(TABLE_ACTIONS).flatMap(([name, list]) =>
      access.includes(name) && !isBound(name) ? list : [],
    );
    for (const name of Object.keys(BOUND_TO_KEYS))
      if (isBound(name) && access.includes(name))
        this.#allow(TABLE_ACTIONS[name], [table.tableArn], onlyKeys(BOUND_TO_KEYS[name]), 'dynamodb');
    if (actions.length > 0) this.#allow([...new Set(actions)], [table.tableArn], {}, 'dynamodb');
    const indexes = Object.values(INDEXES).filter(({ name }) => access.includes(name));
    if (indexes.length > 0)
      this.#allow(
        ['dynamodb:Query'],
        indexes.map(({ name }) => `${table.tableArn}/index/${name}`),
        {},
        'dynamodb',
      );
  }

  /** DynamoDB writes with the rights of whoever asks for the export, as a multipart upload. */
  #exports(uses: readonly 'export'[]): void {
    if (uses.length === 0) {
      this.#environment.set('BACKUP_EXPORTS', '');
      return;
    }
    const { tables, buckets, keys } = this.#resources;
    const arns = streamedTables(tables).map(([name, { table }]) => [name, table.tableArn] as const);
    this.#environment.set(
      'BACKUP_EXPORTS',
      JSON.stringify({ tables: Object.fromEntries(arns), key: keys.data.keyArn }),
    );
    this.#allow(
      ['dynamodb:ExportTableToPointInTime'],
      arns.map(([, arn]) => arn),
      {},
      'dynamodb',
    );
    for (const [, { table }] of streamedTables(tables)) {
      this.#allow(['dynamodb:DescribeExport'], [`${table.tableArn}/export/*`]);
      acknowledgeWildcard(
        this.#fn,
        table,
        table.tableArn,
        'export/*',
        'Exports are named by DynamoDB when they begin; the table whose exports they are is named exactly.',
      );
    }
    this.#objects(buckets.backup, ['s3:AbortMultipartUpload', 's3:PutObjectAcl'], '*');
  }

  #bucket(variable: string, bucket: Bucket, access: readonly string[]): void {
    this.#environment.set(variable, bucket.bucketName);
    const actions = [...access.filter((name) => name === 'put').map(() => 's3:PutObject')];
    if (access.includes('get')) actions.push('s3:GetObject');
    if (access.includes('list')) this.#allow(['s3:ListBucket'], [bucket.bucketArn]);
    if (actions.length > 0) this.#objects(bucket, actions, '*');
    if (access.includes('proofs'))
      for (const prefix of PROOFS) this.#objects(bucket, ['s3:GetObject'], `${prefix}*`);
  }

  #objects(bucket: Bucket, actions: readonly string[], keys: string): void {
    this.#allow(actions, [bucket.arnForObjects(keys)], {}, 's3');
    acknowledgeWildcard(
      this.#fn,
      bucket,
      bucket.bucketArn,
      keys,
      'Objects are named by job ids or hours, which nobody can know beforehand; the bucket itself is named exactly.',
    );
  }

  #dataKey(): void {
    if (this.#services.size === 0) return;
    const { region } = Stack.of(this.#fn);
    const through = [...this.#services].sort().map((service) => `${service}.${region}.amazonaws.com`);
    const forWriting = this.#writesTables ? ['kms:Encrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'] : [];
    const forTables = ['kms:DescribeKey', ...forWriting];
    // Whoever only reads tables makes no data key.
    const makes = this.#writesTables || [...this.#services].some((service) => service !== 'dynamodb');
    this.#allow(
      [
        'kms:Decrypt',
        ...(makes ? ['kms:GenerateDataKey'] : []),
        ...(this.#services.has('dynamodb') ? forTables : []),
      ],
      [this.#resources.keys.data.keyArn],
      { StringEquals: { 'kms:ViaService': through } },
    );
  }

  #allow(
    actions: readonly string[],
    resources: readonly string[],
    conditions: object = {},
    service?: Service,
  ): void {
    if (service) this.#services.add(service);
    if (actions.some((action) => /^dynamodb:(Put|Update|Delete|BatchWrite)Item$/.test(action)))
      this.#writesTables = true;
    this.#fn.role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [...actions],
        resources: [...resources],
        ...(Object.keys(conditions).length > 0 && { conditions: { ...conditions } }),
      }),
    );
  }
}

const STREAM_ACTIONS = [
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
] as const;

/** Where seals, and hashes of what they stand for, lie in the audit bucket. */
const PROOFS = ['seals/', 'leaves/'] as const;

/** `ForAllValues` alone also holds for a request without any such key. */
const onlyKeys = (keys: readonly string[]) => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...keys] },
  Null: { 'dynamodb:LeadingKeys': 'false' },
});

/** The rule pack names a finding by the name under which the data stack exports the ARN. */
function acknowledgeWildcard(
  fn: JobFunction,
  owner: IConstruct,
  arn: string,
  rest: string,
  reason: string,
): void {
  const stack = Stack.of(owner);
  const imported: unknown = stack.resolve(stack.exportValue(arn));
  const exported = /"Fn::ImportValue":"([^"]+)"/.exec(JSON.stringify(imported))?.[1] ?? '';
  acknowledge(fn, { [`AwsSolutions-IAM5[Resource::${exported}/${rest}]`]: reason });
}
