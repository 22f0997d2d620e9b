import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { PARTITION_KEY, SORT_KEY } from '#shared/contract/tables.ts';

/** Stands in the table of jobs of a deployment that is restored into, from the beginning until all is well. */
const Key = { [PARTITION_KEY]: { S: 'RESTORE#' }, [SORT_KEY]: { S: 'BEGUN' } };

/** Where a deployment keeps it. */
interface Place {
  readonly dynamo: DynamoDBClient;
  readonly tables: { readonly jobs: string };
}

/** Whether an item of the table of jobs is no part of what is restored. */
export const isMark = (item: Readonly<Record<string, unknown>>): boolean =>
  Object(item[PARTITION_KEY]).S === Key[PARTITION_KEY]?.S;

/** @param chain ids of what is restored, the full backup first */
export async function markBegun({ dynamo, tables }: Place, chain: readonly string[]): Promise<void> {
  const Item = { ...Key, chain: { S: chain.join(' ') } };
  await dynamo.send(new PutItemCommand({ TableName: tables.jobs, Item }));
}

export async function markEnded({ dynamo, tables }: Place): Promise<void> {
  await dynamo.send(new DeleteItemCommand({ TableName: tables.jobs, Key }));
}

/** The backup whose restore was begun there and has not ended; `undefined`: none. */
export async function begunThere(place: Place): Promise<string | undefined> {
  return (await chainIn(place))?.at(-1);
}

/**
 * Makes sure that a restore of the same chain was begun there and has not ended: into tables that somebody uses it would bring keys
 * with which nothing that stands there can be opened.
 * @throws Error when none was, or another one
 */
export async function demandBegun(place: Place, chain: readonly string[]): Promise<void> {
  const begun = await chainIn(place);
  if (!begun)
    throw new Error(
      'No restore was begun there that has not ended: --again would write over what stands there.',
    );
  if (begun.join() !== chain.join())
    throw new Error(`What was begun there is a restore of ${begun.at(-1)}: end that one with --again.`);
}

async function chainIn({ dynamo, tables }: Place): Promise<readonly string[] | undefined> {
  const { Item } = await dynamo.send(
    new GetItemCommand({ TableName: tables.jobs, Key, ConsistentRead: true }),
  );
  return Item?.['chain']?.S?.split(' ');
}
