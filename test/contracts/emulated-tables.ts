import { randomBytes } from 'node:crypto';
import { CreateTableCommand, DeleteTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { shapeOf } from '#infra/backup/new-tables.ts';
import { createPseudonymize, type Pseudonymize } from '#shared/adapters/audit-pseudonyms.ts';
import { dynamoClient, kmsClient } from '#shared/adapters/clients.ts';
import { createFieldCipher, type FieldCipher } from '#shared/adapters/field-cipher.ts';
import { createKeyRing, type KeyRing } from '#shared/adapters/key-ring.ts';
import { createOwnerSecrets } from '#shared/adapters/owner-secrets.ts';
import { TABLES, type TableName } from '#shared/contract/tables.ts';
import { type Clock, instantOf } from '#shared/lifecycle/instant.ts';

/**
 * The environment of a client that talks to the endpoint named in `AWS_ENDPOINT_URL`, which the stack tests' setup sets.
 * @throws Error when there is none
 */
export function emulatedEnvironment(): Readonly<Record<string, string>> {
  const endpoint = process.env['AWS_ENDPOINT_URL'];
  if (!endpoint)
    throw new Error('AWS_ENDPOINT_URL names no endpoint: these tests need an AWS emulator to talk to.');
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
}

/** Tables of their own for one test file, with a key ring and a cipher over them. */
export interface EmulatedTables {
  readonly dynamo: DynamoDBClient;
  readonly kms: KMSClient;
  readonly kmsKeyId: string;
  readonly tables: Readonly<Record<TableName, string>>;
  readonly keys: KeyRing;
  readonly cipher: FieldCipher;
  readonly pseudonymize: Pseudonymize;
  readonly clock: Clock;
  delete(): Promise<void>;
}

export async function createEmulatedTables(clock: Clock = systemClock): Promise<EmulatedTables> {
  const environment = emulatedEnvironment();
  const dynamo = dynamoClient({ environment });
  const kms = kmsClient({ environment });
  const mark = randomBytes(6).toString('hex');
  const tables = {
    jobs: `contract-${mark}-jobs`,
    records: `contract-${mark}-records`,
    audit: `contract-${mark}-audit`,
    secrets: `contract-${mark}-secrets`,
  };
  for (const name of tableNames())
    await dynamo.send(new CreateTableCommand({ ...shapeOf(name), TableName: tables[name] }));
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: 'contract tests' }));
  const kmsKeyId = KeyMetadata?.Arn ?? '';
  const keys = createKeyRing({ dynamo, kms, kmsKeyId, table: tables.jobs, clock });
  const secrets = createOwnerSecrets({ dynamo, table: tables.secrets, clock });
  return {
    dynamo,
    kms,
    kmsKeyId,
    tables,
    keys,
    cipher: createFieldCipher({ keys, secrets, clock }),
    pseudonymize: createPseudonymize(keys),
    clock,
    delete: async () => {
      for (const name of tableNames()) await dynamo.send(new DeleteTableCommand({ TableName: tables[name] }));
    },
  };
}

export const systemClock: Clock = () => instantOf(Date.now());

// Object.keys widens; TABLES has no other members.
const tableNames = () => Object.keys(TABLES) as TableName[];
