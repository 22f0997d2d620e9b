import {
  BatchWriteItemCommand,
  type DynamoDBClient,
  ScanCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { RetryableError } from '../errors/attempt-error.ts';
import type { ItemState, JsonItem, RestoreTarget } from '../jobs/ports.ts';
import { backOff } from './back-off.ts';
import type { Item } from './batch-get.ts';
import { dynamoJson, itemOfJson } from './dynamo-json.ts';
import { callAws } from './sdk-errors.ts';

/** DynamoDB's own limit of one batch. */
const BATCH = 25;
const PARALLEL = 8;
const TRIES = 10;
const BASE_MS = 20;

/** Tables to restore into. @param names deployed names by logical ones */
export function createRestoreTarget(
  client: DynamoDBClient,
  names: Readonly<Record<string, string>>,
): RestoreTarget {
  const nameOf = (table: string): string => {
    const name = names[table];
    if (name === undefined) throw new Error(`There is no table to restore ${table} into.`);
    return name;
  };
  return {
    write: async (table, states) => {
      const requests = states.map(requestOf);
      const batches = Array.from({ length: Math.ceil(requests.length / BATCH) }, (_, index) =>
        requests.slice(index * BATCH, (index + 1) * BATCH),
      );
      const work = async (): Promise<void> => {
        for (let batch = batches.pop(); batch; batch = batches.pop())
          await writeBatch(client, nameOf(table), batch);
      };
      await Promise.all(Array.from({ length: PARALLEL }, work));
    },
    scan: async function* (table) {
      let start: Item | undefined;
      do {
        const command: ScanCommand = new ScanCommand({
          TableName: nameOf(table),
          ConsistentRead: true,
          ...(start && { ExclusiveStartKey: start }),
        });
        const page = await callAws('DynamoDB Scan', () => client.send(command));
        yield (page.Items ?? []).map((item): JsonItem => JSON.parse(dynamoJson(item)));
        start = page.LastEvaluatedKey;
      } while (start);
    },
  };
}

const requestOf = ({ keys, image }: ItemState): WriteRequest =>
  image ? { PutRequest: { Item: itemOfJson(image) } } : { DeleteRequest: { Key: itemOfJson(keys) } };

/** What DynamoDB leaves unprocessed is sent again. @throws RetryableError when it goes on leaving something */
async function writeBatch(client: DynamoDBClient, table: string, batch: WriteRequest[]): Promise<void> {
  let left = batch;
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const command = new BatchWriteItemCommand({ RequestItems: { [table]: left } });
    const { UnprocessedItems = {} } = await callAws('DynamoDB BatchWriteItem', () => client.send(command));
    left = UnprocessedItems[table] ?? [];
    if (left.length === 0) return;
    await backOff(tries, BASE_MS);
  }
  throw new RetryableError('dependency_throttled', 'DynamoDB BatchWriteItem left items unprocessed.');
}
