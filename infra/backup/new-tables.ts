import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  ResourceNotFoundException,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import {
  INDEXES,
  PARTITION_KEY,
  SORT_KEY,
  TABLES,
  type TableName,
  TTL_ATTRIBUTE,
} from '#shared/contract/tables.ts';
import type { BackupPlace } from './place.ts';

const WAIT_SECONDS = 300;

/** The tables that a backup holds. */
export const BACKED_UP = (Object.keys(TABLES) as TableName[]) // Object.keys forgets the literal type.
  .filter((name) => TABLES[name].streamed);

/**
 * Makes the tables of a backup, empty, under names of their own: with the indexes of the product, encrypted as its own.
 * Nothing expires in them until `putIntoService`.
 * @param again those that stand already are taken as they are: whoever made them may have died before the last one
 * @returns deployed names by logical ones
 * @throws Error when one stands already, or, `again`, none does; none was made then
 */
export async function makeTables(
  { dynamo, tableKeyId }: Pick<BackupPlace, 'dynamo' | 'tableKeyId'>,
  prefix: string,
  again = false,
): Promise<Readonly<Record<string, string>>> {
  const deployedNames = namesUnder(prefix);
  const names = BACKED_UP.map((name) => [name, deployedNames[name] ?? ''] as const);
  const standing = new Set<string>();
  for (const [, deployed] of names) if (await stands(dynamo, deployed)) standing.add(deployed);
  const [first] = standing;
  if (first !== undefined && !again)
    throw new Error(
      `The table ${first} stands already: choose another prefix, or end what was begun there with --again.`,
    );
  if (first === undefined && again)
    throw new Error(`No table of ${prefix} stands: nothing was begun there that --again could end.`);
  for (const [name, deployed] of names.filter(([, one]) => !standing.has(one)))
    await dynamo.send(
      new CreateTableCommand({ ...shapeOf(name), TableName: deployed, ...encrypted(tableKeyId) }),
    );
  for (const [, TableName] of names)
    await waitUntilTableExists({ client: dynamo, maxWaitTime: WAIT_SECONDS }, { TableName });
  return deployedNames;
}

/** Deployed names by logical ones. */
export const namesUnder = (prefix: string): Readonly<Record<string, string>> =>
  Object.fromEntries(BACKED_UP.map((name) => [name, `${prefix}-${name}`]));

async function stands(dynamo: DynamoDBClient, TableName: string): Promise<boolean> {
  try {
    await dynamo.send(new DescribeTableCommand({ TableName }));
    return true;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return false;
    throw error;
  }
}

/** Turns on what a table in use has, and a table that is being filled must not have yet. */
export async function putIntoService(
  dynamo: DynamoDBClient,
  names: Readonly<Record<string, string>>,
): Promise<void> {
  for (const TableName of Object.values(names)) {
    await letExpire(dynamo, TableName);
    await dynamo.send(
      new UpdateContinuousBackupsCommand({
        TableName,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
  }
}

/** DynamoDB refuses to turn on what is on already, as in tables that were restored before. */
async function letExpire(dynamo: DynamoDBClient, TableName: string): Promise<void> {
  const { TimeToLiveDescription: now } = await dynamo.send(new DescribeTimeToLiveCommand({ TableName }));
  if (now?.TimeToLiveStatus === 'ENABLED' || now?.TimeToLiveStatus === 'ENABLING') return;
  const TimeToLiveSpecification = { Enabled: true, AttributeName: TTL_ATTRIBUTE };
  await dynamo.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
}

/** Those that stand. */
export async function dropTables(
  dynamo: DynamoDBClient,
  names: Readonly<Record<string, string>>,
): Promise<void> {
  for (const TableName of Object.values(names))
    if (await stands(dynamo, TableName)) await dynamo.send(new DeleteTableCommand({ TableName }));
}

const encrypted = (keyId: string | undefined): Partial<CreateTableCommandInput> =>
  keyId === undefined ? {} : { SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: keyId } };

/** Keys and indexes of a table, as the contract has them. */
export function shapeOf(name: TableName): Omit<CreateTableCommandInput, 'TableName'> {
  const indexes = Object.values(INDEXES).filter(({ table }) => table === name);
  const attributes = [
    PARTITION_KEY,
    SORT_KEY,
    ...indexes.flatMap(({ partition, sort }) => [partition, sort]),
  ];
  return {
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...new Set(attributes)].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: keySchema(PARTITION_KEY, SORT_KEY),
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexes: indexes.map((index) => ({
        IndexName: index.name,
        KeySchema: keySchema(index.partition, index.sort),
        Projection: { ProjectionType: 'ALL' as const },
      })),
    }),
  };
}

const keySchema = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: 'HASH' as const },
  { AttributeName: sort, KeyType: 'RANGE' as const },
];
