import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { PARTITION_KEY, SORT_KEY } from '#shared/contract/tables.ts';
import { STAGES } from '../../stages.ts';
import { laptopClientConfig } from '../laptop-clients.ts';
import type { StackFile } from '../stack-file.ts';

const WATERMARKS = 'WATERMARK';

/** So far before the functions' time the tick starts over: what is due earlier was found, or is too late to be told. */
const LOOK_BACK_MS = 15 * 60_000;

/**
 * Sets how far the tick has read its minutes. Time never goes backwards on AWS, so there the watermarks only move
 * forward; when a person turns the laptop's clock back they go back with it, else reminders due before them would be
 * passed over.
 * @param now the functions' time, milliseconds
 * @param which `absent`: only of shards that no tick has worked through yet, so that the first one need not look back a
 *   whole day
 */
export async function setWatermarks(
  { awsEndpointUrl, tables }: Pick<StackFile, 'awsEndpointUrl' | 'tables'>,
  now: number,
  which: 'all' | 'absent',
): Promise<void> {
  const client = new DynamoDBClient(laptopClientConfig(awsEndpointUrl));
  const to = `${new Date(now - LOOK_BACK_MS).toISOString().slice(0, 16)}:00.000Z`;
  for (let shard = 0; shard < STAGES.local.shards.due; shard += 1)
    await client.send(
      new UpdateItemCommand({
        TableName: tables.records,
        Key: { [PARTITION_KEY]: { S: WATERMARKS }, [SORT_KEY]: { S: String(shard) } },
        UpdateExpression:
          which === 'all' ? 'SET readUntil = :to' : 'SET readUntil = if_not_exists(readUntil, :to)',
        ExpressionAttributeValues: { ':to': { S: to } },
      }),
    );
}
