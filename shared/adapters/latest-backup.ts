import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { SYSTEM_OWNER } from '../jobs/ports.ts';
import type { LatestBackup } from '../operations/ports.ts';
import { keyOf } from './batch-get.ts';
import { recordKey } from './item-keys.ts';
import { callAws } from './sdk-errors.ts';

const LATEST = recordKey({ type: 'backup', owner: SYSTEM_OWNER, id: 'latest' });

/** Reads what stands in the clear of the record that each finished backup replaces. @param table deployed name of records */
export const createLatestBackup = (client: DynamoDBClient, table: string): LatestBackup => ({
  until: async () => {
    const command = new GetItemCommand({ TableName: table, Key: keyOf(LATEST) });
    const { Item } = await callAws('DynamoDB GetItem', () => client.send(command));
    return Item?.['state']?.M?.['until']?.S;
  },
});
