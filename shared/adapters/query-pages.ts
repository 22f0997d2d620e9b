import { type DynamoDBClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { Item } from './batch-get.ts';
import { callAws } from './sdk-errors.ts';

/** Runs a query to its end, item by item, reading each page when the one before is used up. */
export async function* queryItems(client: DynamoDBClient, input: QueryCommandInput): AsyncIterable<Item> {
  let start: Item | undefined;
  do {
    const page = await queryPage(client, { ...input, ...(start && { ExclusiveStartKey: start }) });
    yield* page.items;
    start = page.next;
  } while (start);
}

/** The first `limit` items of a query, over as many pages as that takes. */
export async function queryFirst(
  client: DynamoDBClient,
  input: QueryCommandInput,
  limit: number,
): Promise<Item[]> {
  const items: Item[] = [];
  let start: Item | undefined;
  do {
    const page = await queryPage(client, {
      ...input,
      Limit: limit - items.length,
      ...(start && { ExclusiveStartKey: start }),
    });
    items.push(...page.items);
    start = page.next;
  } while (start && items.length < limit);
  return items;
}

async function queryPage(client: DynamoDBClient, input: QueryCommandInput) {
  const answer = await callAws('DynamoDB Query', () => client.send(new QueryCommand(input)));
  return { items: answer.Items ?? [], next: answer.LastEvaluatedKey };
}
