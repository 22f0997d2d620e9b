import { Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { INDEXES } from '#shared/contract/tables.ts';
import { acknowledge } from '../acknowledge.ts';
import type { FieldKeyUse } from './access-types.ts';
import type { FIELD_KEY_PURPOSES } from './encryption-keys.ts';
import type { JobFunction } from './job-function.ts';
import { streamedTables } from './job-tables.ts';
import type { Resources } from './resources.ts';
import { BOUND_TO_KEYS, isBound, TABLE_ACTIONS } from './table-access.ts';

type Service = 'dynamodb' | 'sqs' | 'sns' | 's3';
type Purpose = (typeof FIELD_KEY_PURPOSES)[number];

/** One resource of each sort: the statement that lets a function use it, and the variable that names it. */
export class ResourceGrants {
  protected readonly resources: Resources;
  protected readonly fn: JobFunction;
  protected readonly environment = new Map<string, string>();
  protected readonly services = new Set<Service>();
  #writesTables = false;

  constructor(resources: Resources, fn: JobFunction) {
    this.resources = resources;
    this.fn = fn;
  }

  protected fieldKey(uses: readonly FieldKeyUse[]): void {
    const { keyArn } = this.resources.keys.fields;
    this.environment.set('FIELD_KEY_ARN', keyArn);
    const hashes: readonly Purpose[] = [
      ...(uses.includes('hash') ? (['hash'] as const) : []),
      ...(uses.includes('name') ? (['audit-hash'] as const) : []),
    ];
    const opens = uses.includes('open') || uses.includes('seal');
    const unwraps: readonly Purpose[] = opens ? ['field', ...hashes] : hashes;
    const makes: readonly Purpose[] = uses.includes('seal') ? ['field', ...hashes] : hashes;
    const allow = (action: string, purposes: readonly Purpose[]) => {
      if (purposes.length > 0)
        this.allow([action], [keyArn], {
          StringEquals: { 'kms:EncryptionContext:purpose': [...purposes] },
        });
    };
    allow('kms:Decrypt', unwraps);
    allow('kms:GenerateDataKeyWithoutPlaintext', makes);
  }

  protected signingKey(variable: string, keyArn: string, uses: readonly ('sign' | 'look')[]): void {
    this.environment.set(variable, keyArn);
    // With a digest only, and by the one algorithm that verification expects.
    if (uses.includes('look')) this.allow(['kms:GetPublicKey'], [keyArn]);
    if (uses.includes('sign'))
      this.allow(['kms:Sign'], [keyArn], {
        StringEquals: { 'kms:MessageType': 'DIGEST', 'kms:SigningAlgorithm': 'ECDSA_SHA_256' },
      });
  }

  protected table(variable: string, table: Table, access: readonly string[]): void {
    this.environment.set(variable, table.tableName);
    const actions = Object.entries(TABLE_ACTIONS).flatMap(([name, list]) =>
      access.includes(name) && !isBound(name) ? list : [],
    );
    for (const name of Object.keys(BOUND_TO_KEYS))
      if (isBound(name) && access.includes(name))
        this.allow(TABLE_ACTIONS[name], [table.tableArn], onlyKeys(BOUND_TO_KEYS[name]), 'dynamodb');
    if (actions.length > 0) this.allow([...new Set(actions)], [table.tableArn], {}, 'dynamodb');
    const indexes = Object.values(INDEXES).filter(({ name }) => access.includes(name));
    if (indexes.length > 0)
      this.allow(
        ['dynamodb:Query'],
        indexes.map(({ name }) => `${table.tableArn}/index/${name}`),
        {},
        'dynamodb',
      );
  }

  /** DynamoDB writes with the rights of whoever asks for the export, as a multipart upload. */
  protected exports(uses: readonly 'export'[]): void {
    if (uses.length === 0) {
      this.environment.set('BACKUP_EXPORTS', '');
      return;
    }
    const { tables, buckets, keys } = this.resources;
    const arns = streamedTables(tables).map(([name, { table }]) => [name, table.tableArn] as const);
    this.environment.set(
      'BACKUP_EXPORTS',
      JSON.stringify({ tables: Object.fromEntries(arns), key: keys.data.keyArn }),
    );
    this.allow(
      ['dynamodb:ExportTableToPointInTime'],
      arns.map(([, arn]) => arn),
      {},
      'dynamodb',
    );
    for (const [, { table }] of streamedTables(tables)) {
      this.allow(['dynamodb:DescribeExport'], [`${table.tableArn}/export/*`]);
      acknowledgeWildcard(
        this.fn,
        table,
        table.tableArn,
        'export/*',
        'Exports are named by DynamoDB when they begin; the table whose exports they are is named exactly.',
      );
    }
    this.objects(buckets.backup, ['s3:AbortMultipartUpload', 's3:PutObjectAcl'], '*');
  }

  protected bucket(variable: string, bucket: Bucket, access: readonly string[]): void {
    this.environment.set(variable, bucket.bucketName);
    const actions = [...access.filter((name) => name === 'put').map(() => 's3:PutObject')];
    if (access.includes('get')) actions.push('s3:GetObject');
    if (access.includes('list')) this.allow(['s3:ListBucket'], [bucket.bucketArn]);
    if (actions.length > 0) this.objects(bucket, actions, '*');
    if (access.includes('proofs'))
      for (const prefix of PROOFS) this.objects(bucket, ['s3:GetObject'], `${prefix}*`);
  }

  protected objects(bucket: Bucket, actions: readonly string[], keys: string): void {
    this.allow(actions, [bucket.arnForObjects(keys)], {}, 's3');
    acknowledgeWildcard(
      this.fn,
      bucket,
      bucket.bucketArn,
      keys,
      'Objects are named by job ids or hours, which nobody can know beforehand; the bucket itself is named exactly.',
    );
  }

  protected dataKey(): void {
    if (this.services.size === 0) return;
    const { region } = Stack.of(this.fn);
    const through = [...this.services].sort().map((service) => `${service}.${region}.amazonaws.com`);
    const forWriting = this.#writesTables ? ['kms:Encrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'] : [];
    const forTables = ['kms:DescribeKey', ...forWriting];
    // Whoever only reads tables makes no data key.
    const makes = this.#writesTables || [...this.services].some((service) => service !== 'dynamodb');
    this.allow(
      [
        'kms:Decrypt',
        ...(makes ? ['kms:GenerateDataKey'] : []),
        ...(this.services.has('dynamodb') ? forTables : []),
      ],
      [this.resources.keys.data.keyArn],
      { StringEquals: { 'kms:ViaService': through } },
    );
  }

  protected allow(
    actions: readonly string[],
    resources: readonly string[],
    conditions: object = {},
    service?: Service,
  ): void {
    if (service) this.services.add(service);
    if (actions.some((action) => /^dynamodb:(Put|Update|Delete|BatchWrite)Item$/.test(action)))
      this.#writesTables = true;
    this.fn.role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [...actions],
        resources: [...resources],
        ...(Object.keys(conditions).length > 0 && { conditions: { ...conditions } }),
      }),
    );
  }
}

/** Where seals, and hashes of what they stand for, lie in the audit bucket. */
const PROOFS = ['seals/', 'leaves/'] as const;

/** `ForAllValues` alone also holds for a request without any such key. */
const onlyKeys = (keys: readonly string[]) => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...keys] },
  Null: { 'dynamodb:LeadingKeys': 'false' },
});

/** The rule pack names a finding by the name under which the data stack exports the ARN. */
export function acknowledgeWildcard(
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
