import type { KeyObject } from 'node:crypto';
import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { laptopClientConfig, laptopClients } from '#infra/local/laptop-clients.ts';
import { runningStack } from '#infra/local/stack-file.ts';
import type { StackFolder } from '#infra/local/stack-folder.ts';
import { OUTPUTS, tableOutput } from '#infra/outputs.ts';
import { stackOutputs } from '#infra/smoke/stack-outputs.ts';
import { stackNames } from '#infra/stack-names.ts';
import { createArchiveReader } from '#shared/adapters/archive-objects.ts';
import { createLatestBackup } from '#shared/adapters/latest-backup.ts';
import { publicKeyOf } from '#shared/adapters/public-key.ts';
import { AwsCallError } from '#shared/adapters/sdk-errors.ts';
import type { ArchiveReader } from '#shared/jobs/ports.ts';

/** A deployment that is backed up, or restored into. */
export interface BackupPlace {
  /** Stage or endpoint: the same of the same deployment only. */
  readonly id: string;
  readonly archive: ArchiveReader;
  readonly s3: S3Client;
  /** Of results that are too large for an item. */
  readonly resultsBucket: string;
  readonly dynamo: DynamoDBClient;
  readonly kms: KMSClient;
  readonly lambda: LambdaClient;
  /** Deployed names. */
  readonly tables: Readonly<Record<'jobs' | 'records' | 'secrets', string>>;
  /** ARN of the key that wraps the data keys of fields. */
  readonly fieldKeyArn: string;
  /** What encrypts new tables; absent: the emulator's tables are not encrypted. */
  readonly tableKeyId?: string;
  /** Of the key that backups must be signed with. */
  publicKey(): Promise<KeyObject>;
  /** Id of the backup that ended last, as the table of records tells; `undefined`: it does not, or is gone. */
  lastEnded(): Promise<string | undefined>;
  /** Deployed names of all its functions. */
  functions(): Promise<readonly string[]>;
}

/**
 * A stage in AWS, or a running laptop stack when no stage is named.
 * @throws Error when that stage or stack has no signed backups
 */
export const backupPlaceOf = async (stage: string | undefined, laptop: StackFolder): Promise<BackupPlace> =>
  stage === undefined ? ofLaptop(laptop) : ofStage(stage);

function ofLaptop(laptop: StackFolder): BackupPlace {
  const { awsEndpointUrl, buckets, tables, backupKeyArn, fieldKeyArn, functions } = runningStack(laptop);
  const { dynamo, s3, lambda } = laptopClients(awsEndpointUrl);
  const kms = new KMSClient(laptopClientConfig(awsEndpointUrl));
  return {
    id: awsEndpointUrl,
    archive: createArchiveReader(s3, buckets.backup),
    s3,
    resultsBucket: buckets.results,
    dynamo,
    kms,
    lambda,
    tables,
    fieldKeyArn,
    publicKey: () => publicKeyOf(kms, backupKeyArn),
    lastEnded: () => lastEndedIn(dynamo, tables.records),
    functions: async () => Object.values(functions),
  };
}

async function ofStage(stage: string): Promise<BackupPlace> {
  const outputs = await stackOutputs(stage);
  const output = (name: string): string => {
    const value = outputs.get(name);
    if (value === undefined)
      throw new Error(`Stage ${stage} has no signed backups (${name}): deploy this version first.`);
    return value;
  };
  const kms = new KMSClient({});
  const [s3, dynamo] = [new S3Client({}), new DynamoDBClient({})];
  return {
    id: stage,
    archive: createArchiveReader(s3, output(OUTPUTS.backupBucket)),
    s3,
    resultsBucket: output(OUTPUTS.resultsBucket),
    dynamo,
    kms,
    lambda: new LambdaClient({}),
    tables: {
      jobs: output(tableOutput('jobs')),
      records: output(tableOutput('records')),
      secrets: output(tableOutput('secrets')),
    },
    fieldKeyArn: output(OUTPUTS.fieldKey),
    tableKeyId: `alias/medication-jobs/${stage}/data`,
    publicKey: () => publicKeyOf(kms, output(OUTPUTS.backupKey)),
    lastEnded: () => lastEndedIn(dynamo, output(tableOutput('records'))),
    functions: () => functionsOf(stage),
  };
}

async function lastEndedIn(dynamo: DynamoDBClient, table: string): Promise<string | undefined> {
  try {
    return await createLatestBackup(dynamo, table).head();
  } catch (error) {
    // A restore after the loss of the tables: the bucket is all that there is to ask.
    if (error instanceof AwsCallError && error.awsErrorName === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

async function functionsOf(stage: string): Promise<readonly string[]> {
  const found: string[] = [];
  const client = new CloudFormationClient({});
  const wanted = { StackName: stackNames(stage).service };
  for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, wanted))
    for (const { ResourceType, PhysicalResourceId: name } of StackResourceSummaries)
      if (ResourceType === 'AWS::Lambda::Function' && name !== undefined) found.push(name);
  return found;
}
