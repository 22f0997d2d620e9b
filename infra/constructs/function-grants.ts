import { MAPPING_VARIABLES } from '#shared/contract/environment.ts';
import { FUNCTION_VARIABLES } from '#shared/contract/functions.ts';
import { JOB_KINDS } from '#shared/jobs/registry.ts';
import { PRIORITY_NAMES } from '#shared/lifecycle/priority.ts';
import type { FunctionAccess } from './access-types.ts';
import type { WorkerMappings } from './event-sources.ts';
import { MAKES_ONLY } from './function-access.ts';
import type { JobFunction } from './job-function.ts';
import { streamedTables } from './job-tables.ts';
import { acknowledgeWildcard, ResourceGrants } from './resource-grants.ts';

/** Permission and variables together: a function that may use a resource knows its name, and the other way round. */
export class FunctionGrants extends ResourceGrants {
  /** Sets variables behind which no resource stands. */
  settings(values: Readonly<Record<string, string>>): this {
    for (const [name, value] of Object.entries(values)) this.environment.set(name, value);
    return this;
  }

  /** Sets those of the variables that the function's contract names. */
  settingsAskedFor(values: Readonly<Record<string, string>>): this {
    const wanted: readonly string[] = FUNCTION_VARIABLES[this.fn.name];
    return this.settings(
      Object.fromEntries(Object.entries(values).filter(([name]) => wanted.includes(name))),
    );
  }

  /** @param access more of it may be given in further calls: permissions add up */
  access(access: FunctionAccess, queues = this.#queues()): this {
    const { tables, drillTables, channels, buckets, queues: all } = this.resources;
    const { byName } = tables;
    if (access.JOBS_TABLE) this.table('JOBS_TABLE', byName.jobs, access.JOBS_TABLE);
    if (access.RECORDS_TABLE) this.table('RECORDS_TABLE', byName.records, access.RECORDS_TABLE);
    if (access.AUDIT_TABLE) this.table('AUDIT_TABLE', byName.audit, access.AUDIT_TABLE);
    if (access.SECRETS_TABLE) this.table('SECRETS_TABLE', byName.secrets, access.SECRETS_TABLE);
    if (access.DRILL_JOBS_TABLE)
      this.table('DRILL_JOBS_TABLE', drillTables.byName.jobs, access.DRILL_JOBS_TABLE);
    if (access.DRILL_RECORDS_TABLE)
      this.table('DRILL_RECORDS_TABLE', drillTables.byName.records, access.DRILL_RECORDS_TABLE);
    if (access.FIELD_KEY_ARN) this.fieldKey(access.FIELD_KEY_ARN);
    if (access.QUEUES) {
      for (const [priority, { source }] of Object.entries(all.byPriority))
        this.environment.set(`${priority}_QUEUE_URL`, source.queueUrl);
      const arns = queues.map((queue) => queue.queueArn);
      if (access.QUEUES.includes('send')) this.allow(['sqs:SendMessage'], arns, {}, 'sqs');
      if (access.QUEUES.includes('depth')) this.allow(['sqs:GetQueueAttributes'], arns);
    }
    if (access.TICK_QUEUE_URL) {
      this.environment.set('TICK_QUEUE_URL', all.tick.queueUrl);
      this.allow(['sqs:SendMessage'], [all.tick.queueArn], {}, 'sqs');
    }
    if (access.TOPIC_ARN) {
      this.environment.set('TOPIC_ARN', channels.topic.topicArn);
      const arns = [channels.topic.topicArn];
      if (access.TOPIC_ARN.includes('publish')) this.allow(['sns:Publish'], arns, {}, 'sns');
      if (access.TOPIC_ARN.includes('look')) this.allow(['sns:GetTopicAttributes'], arns);
    }
    if (access.BUS_NAME) {
      this.environment.set('BUS_NAME', channels.bus.eventBusName);
      if (access.BUS_NAME.length > 0) this.allow(['events:PutEvents'], [channels.bus.eventBusArn]);
    }
    if (access.BACKUP_BUCKET) this.bucket('BACKUP_BUCKET', buckets.backup, access.BACKUP_BUCKET);
    if (access.RESULTS_BUCKET) this.bucket('RESULTS_BUCKET', buckets.results, access.RESULTS_BUCKET);
    if (access.REFERENCE_BUCKET) this.bucket('REFERENCE_BUCKET', buckets.reference, access.REFERENCE_BUCKET);
    if (access.AUDIT_BUCKET) this.bucket('AUDIT_BUCKET', buckets.audit, access.AUDIT_BUCKET);
    const { seal, backup } = this.resources.keys;
    if (access.SEAL_KEY_ARN) this.signingKey('SEAL_KEY_ARN', seal.keyArn, access.SEAL_KEY_ARN);
    if (access.BACKUP_KEY_ARN) this.signingKey('BACKUP_KEY_ARN', backup.keyArn, access.BACKUP_KEY_ARN);
    if (access.KEYS) {
      const keys = Object.entries(this.resources.keys.byName).map(
        ([name, { keyArn }]) => [name, keyArn] as const,
      );
      this.environment.set('KEYS', keys.map((key) => key.join('=')).join());
      this.allow(
        ['kms:DescribeKey'],
        keys.map(([, arn]) => arn),
      );
    }
    if (access.BACKUP_EXPORTS) this.exports(access.BACKUP_EXPORTS);
    return this;
  }

  /** A function is no part of the resources: it is made with rights of its own. */
  drill({ lambda }: JobFunction, access: FunctionAccess['DRILL_FUNCTION']): this {
    this.environment.set('DRILL_FUNCTION', lambda.functionName);
    if (access?.includes('ask')) this.allow(['lambda:InvokeFunction'], [lambda.functionArn]);
    return this;
  }

  /** Reading the streams of tables. Which batch could not be read in a day is told by a message. */
  streams(): this {
    const { tables, queues } = this.resources;
    for (const [, { table, streamArn }] of streamedTables(tables)) {
      this.allow(STREAM_ACTIONS, [streamArn], {}, 'dynamodb');
      // Lambda lists the streams of the table, whatever they are named.
      this.allow(['dynamodb:ListStreams'], [`${table.tableArn}/stream/*`]);
      acknowledgeWildcard(
        this.fn,
        table,
        table.tableArn,
        'stream/*',
        'Streams are named by DynamoDB when they are made; the table whose streams are listed is named exactly.',
      );
    }
    this.allow(['sqs:SendMessage'], [queues.lostEvents.queueArn], {}, 'sqs');
    return this;
  }

  /** What the function could not do is sent away by Lambda, with the function's rights, into an encrypted queue. */
  lostEvents(): this {
    this.services.add('sqs');
    return this;
  }

  /** The mappings are made between workers and queues, so they come after both and are no part of the resources. */
  mappings(mappings: WorkerMappings, access: FunctionAccess['MAPPINGS']): this {
    if (!access) return this;
    for (const priority of PRIORITY_NAMES)
      this.environment.set(MAPPING_VARIABLES[priority], mappings[priority].eventSourceMappingId);
    const arns = PRIORITY_NAMES.map((priority) => mappings[priority].eventSourceMappingArn);
    if (access.includes('look')) this.allow(['lambda:GetEventSourceMapping'], arns);
    if (access.includes('switch')) this.allow(['lambda:UpdateEventSourceMapping'], arns);
    return this;
  }

  /**
   * Ends the list: sets the variables, and lets the function use the data key through the services that it may call.
   * @throws Error when the variables are not exactly those of the contract
   */
  done(extra: Readonly<Record<string, string>> = {}): void {
    const wanted: readonly string[] = FUNCTION_VARIABLES[this.fn.name];
    const missing = wanted.filter((name) => !this.environment.has(name));
    const surplus = [...this.environment.keys()].filter((name) => !wanted.includes(name));
    if (missing.length + surplus.length > 0)
      throw new Error(
        `Function ${this.fn.name}: missing variables [${missing.join()}], variables of no use [${surplus.join()}].`,
      );
    for (const [name, value] of [...this.environment, ...Object.entries(extra)])
      this.fn.lambda.addEnvironment(name, value);
    this.dataKey();
  }

  /** The queues to which a function may send when nothing else is said. */
  #queues() {
    const { queues } = this.resources;
    const made = MAKES_ONLY[this.fn.name];
    if (!made) return queues.sources();
    const kinds = JOB_KINDS.filter((kind) => made.includes(kind.name));
    const priorities = new Set(kinds.map((kind) => kind.defaultPriority));
    return [...priorities].map((priority) => queues.byPriority[priority].source);
  }
}

const STREAM_ACTIONS = [
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
] as const;
