import { createPublicKey, type KeyObject } from 'node:crypto';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { laptopClientConfig, laptopClients } from '#infra/local/laptop-clients.ts';
import { runningStack } from '#infra/local/stack-file.ts';
import type { StackFolder } from '#infra/local/stack-folder.ts';
import { OUTPUTS, tableOutput } from '#infra/outputs.ts';
import { stackOutputs } from '#infra/smoke/stack-outputs.ts';
import { createAuditLog } from '#shared/adapters/audit-log.ts';
import { namesNobody } from '#shared/adapters/audit-pseudonyms.ts';
import { createAuditTrail } from '#shared/adapters/audit-trail.ts';
import { keyOf } from '#shared/adapters/batch-get.ts';
import { jobRowKey } from '#shared/adapters/item-keys.ts';
import { FACT_ATTRIBUTES, rowFacts } from '#shared/adapters/row-facts.ts';
import { createSealVault } from '#shared/adapters/seal-vault.ts';
import type { JobRowFacts } from '#shared/evidence/job-row-facts.ts';
import { instantOf } from '#shared/lifecycle/instant.ts';
import type { VerifyDeps } from '#shared/operations/verify-trail.ts';

/** Everything that verifying takes, and the key that seals are signed with. */
export interface AuditPlace {
  readonly deps: VerifyDeps;
  readonly publicKey: KeyObject;
}

interface Resources {
  readonly dynamo: DynamoDBClient;
  readonly s3: S3Client;
  readonly kms: KMSClient;
  readonly auditTable: string;
  readonly jobsTable: string;
  readonly bucket: string;
  readonly keyArn: string;
}

/**
 * The audit trail of a stage in AWS, or of the running laptop stack when no stage is named.
 * @throws Error when that stage or stack has no sealed audit trail
 */
export async function auditPlaceOf(stage: string | undefined, laptop: StackFolder): Promise<AuditPlace> {
  const resources = stage === undefined ? ofLaptop(laptop) : await ofStage(stage);
  const { dynamo, s3, kms, auditTable, jobsTable, bucket, keyArn } = resources;
  const { PublicKey = new Uint8Array() } = await kms.send(new GetPublicKeyCommand({ KeyId: keyArn }));
  const publicKey = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
  return {
    publicKey,
    deps: {
      vault: createSealVault(s3, bucket),
      trail: createAuditTrail({ client: dynamo, table: auditTable, alsoByKey: true }),
      // It reads only.
      audit: createAuditLog({ client: dynamo, table: auditTable, pseudonymize: namesNobody }),
      rowOf: (jobId) => rowOf(dynamo, jobsTable, jobId),
      // No other key is taken, whatever a seal names.
      keyOf: (keyId) => (keyId === keyArn ? publicKey : undefined),
      clock: () => instantOf(Date.now()),
    },
  };
}

function ofLaptop(laptop: StackFolder): Resources {
  const { awsEndpointUrl, buckets, tables, sealKeyArn } = runningStack(laptop);
  return {
    ...laptopClients(awsEndpointUrl),
    kms: new KMSClient(laptopClientConfig(awsEndpointUrl)),
    auditTable: tables.audit,
    jobsTable: tables.jobs,
    bucket: buckets.audit,
    keyArn: sealKeyArn,
  };
}

async function ofStage(stage: string): Promise<Resources> {
  const outputs = await stackOutputs(stage);
  const output = (name: string): string => {
    const value = outputs.get(name);
    if (value === undefined)
      throw new Error(`Stage ${stage} has no sealed audit trail (${name}): deploy this version first.`);
    return value;
  };
  return {
    dynamo: new DynamoDBClient({}),
    s3: new S3Client({}),
    kms: new KMSClient({}),
    auditTable: output(tableOutput('audit')),
    jobsTable: output(tableOutput('jobs')),
    bucket: output(OUTPUTS.auditBucket),
    keyArn: output(OUTPUTS.sealKey),
  };
}

/** Only the members that its chain can be held against: nothing else of the row is read. */
async function rowOf(dynamo: DynamoDBClient, table: string, jobId: string): Promise<JobRowFacts | undefined> {
  const names = FACT_ATTRIBUTES.map((name, index) => [`#${index}`, name] as const);
  const { Item } = await dynamo.send(
    new GetItemCommand({
      TableName: table,
      Key: keyOf(jobRowKey(jobId)),
      ConsistentRead: true,
      ProjectionExpression: names.map(([place]) => place).join(', '),
      ExpressionAttributeNames: Object.fromEntries(names),
    }),
  );
  return Item && rowFacts(Item);
}
