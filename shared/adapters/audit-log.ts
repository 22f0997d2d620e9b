import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PARTITION_KEY } from '../contract/tables.ts';
import type { AuditEntry } from '../evidence/audit-entry.ts';
import type { AuditLog } from '../operations/ports.ts';
import { auditItem, auditPut, parseAuditEntry } from './audit-items.ts';
import type { Pseudonymize } from './audit-pseudonyms.ts';
import { keyOf } from './batch-get.ts';
import { chainPartition, chainSort } from './item-keys.ts';
import { queryItems } from './query-pages.ts';
import { callAws, isNamed, translateSdkError } from './sdk-errors.ts';
import { MOST_ITEMS, transact } from './transaction.ts';

export interface AuditLogOptions {
  readonly client: DynamoDBClient;
  /** Deployed name of the audit table. */
  readonly table: string;
  readonly pseudonymize: Pseudonymize;
}

/** The audit trail. Its only writes are puts that never overwrite. */
export function createAuditLog({ client, table, pseudonymize }: AuditLogOptions): AuditLog {
  const writing = { tables: { audit: table }, pseudonymize };
  return {
    put: async (entry) => {
      const put = auditPut(table, await pseudonymize(entry));
      try {
        await client.send(new PutItemCommand(put));
      } catch (error) {
        // The entry stands already: a repetition, or a minute's gathered refusal that another environment wrote.
        if (isNamed(error, 'ConditionalCheckFailedException')) return;
        throw translateSdkError(error, 'DynamoDB PutItem');
      }
    },

    putAll: async (entries) => {
      for (let start = 0; start < entries.length; start += MOST_ITEMS) {
        const some = entries.slice(start, start + MOST_ITEMS);
        const items = await Promise.all(some.map((entry) => auditItem(writing, entry)));
        const answer = await transact(client, items, some[0]?.entryId ?? '');
        if (!answer.done) throw new Error('DynamoDB refused an entry that should be a new one.');
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
