import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { SYSTEM_OWNER } from '../jobs/ports.ts';
import type { LatestBackup } from '../operations/ports.ts';
import { keyOf } from './batch-get.ts';
import { recordKey } from './item-keys.ts';
import { callAws } from './sdk-errors.ts';

const addressOf = (id: string) => keyOf(recordKey({ type: 'backup', owner: SYSTEM_OWNER, id }));

/** Reads what stands in the clear of records that are replaced each time. @param table deployed name of records */
export function createLatestBackup(client: DynamoDBClient, table: string): LatestBackup {
  const told = async (id: string, member: 'until' | 'backupId') => {
    const command = new GetItemCommand({ TableName: table, Key: addressOf(id) });
    const { Item } = await callAws('DynamoDB GetItem', () => client.send(command));
    return Item?.['state']?.M?.[member]?.S;
  };
  return {
    until: () => told('latest', 'until'),
    drilled: () => told('drill', 'until'),
    head: () => told('head', 'backupId'),
  };
}
