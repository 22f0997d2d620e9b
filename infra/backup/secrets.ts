import { BatchWriteItemCommand, type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { DecryptCommand, EncryptCommand } from '@aws-sdk/client-kms';
import { PARTITION_KEY } from '#shared/contract/tables.ts';
import type { BackupPlace } from './place.ts';

const BATCH = 25;

/** Users whose secret has been destroyed, as the table of secrets tells that is in no backup. */
export async function erasedUsers(client: DynamoDBClient, TableName: string): Promise<ReadonlySet<string>> {
  const erased = new Set<string>();
  const wanted = { TableName, ConsistentRead: true, FilterExpression: 'attribute_exists(erasedAt)' };
  for await (const { Items = [] } of paginateScan({ client }, wanted))
    for (const item of Items) erased.add(item[PARTITION_KEY]?.S ?? '');
  return erased;
}

/** Carries secrets and marks over into another deployment: without them nothing there could be read. */
export async function copySecrets(
  from: { readonly dynamo: DynamoDBClient; readonly table: string },
  to: { readonly dynamo: DynamoDBClient; readonly table: string },
): Promise<number> {
  let copied = 0;
  const scan = { TableName: from.table, ConsistentRead: true };
  for await (const { Items = [] } of paginateScan({ client: from.dynamo }, scan)) {
    for (let at = 0; at < Items.length; at += BATCH) {
      const requests = Items.slice(at, at + BATCH).map((Item) => ({ PutRequest: { Item } }));
      for (let left = requests; left.length > 0; ) {
        const command = new BatchWriteItemCommand({ RequestItems: { [to.table]: left } });
        const { UnprocessedItems = {} } = await to.dynamo.send(command);
        left = (UnprocessedItems[to.table] ?? []) as typeof requests; // the very requests that were sent
      }
    }
    copied += Items.length;
  }
  return copied;
}

/**
 * Wraps a data key, which only one deployment's key can unwrap, for another deployment. It passes through the memory of
 * whoever restores, who therefore needs the right to decrypt in the one and to encrypt in the other.
 */
export const rewrapping =
  (from: BackupPlace, to: BackupPlace) =>
  async (wrapped: string, context: Readonly<Record<string, string>>): Promise<string> => {
    const EncryptionContext = { ...context };
    const CiphertextBlob = Buffer.from(wrapped, 'base64');
    const { Plaintext } = await from.kms.send(
      new DecryptCommand({ KeyId: from.fieldKeyArn, CiphertextBlob, EncryptionContext }),
    );
    const answer = await to.kms.send(
      new EncryptCommand({ KeyId: to.fieldKeyArn, Plaintext, EncryptionContext }),
    );
    return Buffer.from(answer.CiphertextBlob ?? []).toString('base64');
  };
