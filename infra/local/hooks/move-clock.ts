import { DeleteItemCommand, DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { PARTITION_KEY, SORT_KEY } from '#shared/contract/tables.ts';
import { laptopClientConfig } from '../laptop-clients.ts';
import type { StackFile } from '../stack-file.ts';
import { clockOffset, resetClock, setClockOffset } from './laptop-hooks.ts';

const WATERMARKS = 'WATERMARK';

/**
 * Moves the clock that the functions read. Time never goes backwards on AWS, so the tick's watermarks only move
 * forward; when a person turns the laptop's clock back they are forgotten, else reminders due before them would be
 * passed over. What was published stays published: an occurrence is made once.
 * @returns the functions' time now
 */
export async function moveClock(stack: StackFile, offsetMs: number): Promise<string> {
  const before = clockOffset(stack.hooksDir);
  if (offsetMs === 0) resetClock(stack.hooksDir);
  else setClockOffset(stack.hooksDir, offsetMs);
  if (offsetMs < before) await forgetWatermarks(stack);
  return new Date(Date.now() + offsetMs).toISOString();
}

async function forgetWatermarks({ awsEndpointUrl, tables }: StackFile): Promise<void> {
  const client = new DynamoDBClient(laptopClientConfig(awsEndpointUrl));
  const query = {
    TableName: tables.records,
    KeyConditionExpression: '#pk = :watermarks',
    ExpressionAttributeNames: { '#pk': PARTITION_KEY },
    ExpressionAttributeValues: { ':watermarks': { S: WATERMARKS } },
  };
  for await (const page of paginateQuery({ client }, query))
    for (const item of page.Items ?? []) {
      const { [PARTITION_KEY]: pk, [SORT_KEY]: sk } = item;
      if (pk && sk)
        await client.send(
          new DeleteItemCommand({ TableName: tables.records, Key: { [PARTITION_KEY]: pk, [SORT_KEY]: sk } }),
        );
    }
}
