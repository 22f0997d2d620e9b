import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PARTITION_KEY } from '../contract/tables.ts';
import type { AuditEntry } from '../evidence/audit-entry.ts';
import type { AuditLog } from '../operations/ports.ts';
import { auditPut, parseAuditEntry } from './audit-items.ts';
import { keyOf } from './batch-get.ts';
import { chainPartition, chainSort } from './item-keys.ts';
import { queryItems } from './query-pages.ts';
import { callAws, isNamed, translateSdkError } from './sdk-errors.ts';

export interface AuditLogOptions {
  readonly client: DynamoDBClient;
  /** Deployed name of the audit table. */
  readonly table: string;
}

/** The audit trail. Its only write is a put that never overwrites. */
export function createAuditLog({ client, table }: AuditLogOptions): AuditLog {
  return {
    put: async (entry) => {
      try {
        await client.send(new PutItemCommand(auditPut(table, entry)));
      } catch (error) {
        // The entry stands already: a repetition, or a minute's gathered refusal that another environment wrote.
        if (isNamed(error, 'ConditionalCheckFailedException')) return;
        throw translateSdkError(error, 'DynamoDB PutItem');
      }
    },

    chain: async (jobId) => {
      const entries: AuditEntry[] = [];
      const items = queryItems(client, {
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: `${PARTITION_KEY} = :chain`,
        ExpressionAttributeValues: { ':chain': { S: chainPartition(jobId) } },
      });
      for await (const item of items) entries.push(parseAuditEntry(item));
      return entries;
    },

    entry: async (jobId, seq) => {
      const { Item } = await callAws('DynamoDB GetItem', () =>
        client.send(
          new GetItemCommand({
            TableName: table,
            ConsistentRead: true,
            Key: keyOf({ pk: chainPartition(jobId), sk: chainSort(seq) }),
          }),
        ),
      );
      return Item && parseAuditEntry(Item);
    },
  };
}
