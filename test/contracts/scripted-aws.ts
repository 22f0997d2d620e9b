import { randomBytes } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { Item } from '#shared/adapters/batch-get.ts';

/** One call that a scripted client has seen. */
export interface SeenCall {
  readonly name: string;
  // Inputs of all commands of all clients: tests look into what they know is there.
  readonly input: Record<string, never>;
}

export interface Scripted<C> {
  readonly client: C;
  readonly calls: SeenCall[];
}

/** A client of the SDK that answers by a function. The command's class name tells what is asked. */
export function scriptedClient<C>(
  answer: (name: string, input: Record<string, never>, count: number) => unknown,
): Scripted<C> {
  const calls: SeenCall[] = [];
  const send = async (command: { input: Record<string, never> }) => {
    const name = command.constructor.name.replace(/Command$/, '');
    calls.push({ name, input: command.input });
    return answer(name, command.input, calls.length);
  };
  // The adapters use nothing of a client but `send`.
  return { client: { send } as unknown as C, calls };
}

/** An error as the SDK throws them: told by its name. */
export const sdkError = (name: string, members: object = {}): Error =>
  Object.assign(new Error('text of the service'), { name, $metadata: { httpStatusCode: 400 }, ...members });

/** Tables that know puts and gets, with the one condition that a key is free. */
export function scriptedTables(): Scripted<DynamoDBClient> & { readonly items: Map<string, Item> } {
  const items = new Map<string, Item>();
  const idOf = (table: string, item: Item) => `${table}/${item['pk']?.S}/${item['sk']?.S}`;
  const batchOf = (wanted: Record<string, { readonly Keys: readonly Item[] }>) =>
    Object.fromEntries(
      Object.entries(wanted).map(([table, { Keys }]) => [
        table,
        Keys.flatMap((key) => {
          const item = items.get(idOf(table, key));
          return item ? [item] : [];
        }),
      ]),
    );
  const scripted = scriptedClient<DynamoDBClient>((name, input) => {
    // Shapes of GetItem and PutItem inputs.
    const { TableName, Key, Item: put } = input as unknown as { TableName: string; Key: Item; Item: Item };
    if (name === 'GetItem') return { Item: items.get(idOf(TableName, Key)) };
    if (name === 'BatchGetItem') return { Responses: batchOf(input['RequestItems'] ?? {}) };
    if (name !== 'PutItem') throw new Error(`No script for ${name}`);
    const id = idOf(TableName, put);
    const standing = items.get(id);
    if (standing) throw sdkError('ConditionalCheckFailedException', { Item: standing });
    items.set(id, put);
    return {};
  });
  return { ...scripted, items };
}

/** A KMS with one key: wraps by keeping, and insists on the encryption context. */
export function scriptedKms(): Scripted<KMSClient> {
  const wrapped = new Map<string, { readonly plain: Uint8Array; readonly context: string }>();
  return scriptedClient<KMSClient>((name, input) => {
    const { EncryptionContext, CiphertextBlob } = input as unknown as {
      EncryptionContext: object;
      CiphertextBlob?: Uint8Array;
    };
    const context = JSON.stringify(EncryptionContext);
    if (name === 'GenerateDataKeyWithoutPlaintext') {
      const blob = randomBytes(24);
      wrapped.set(blob.toString('hex'), { plain: randomBytes(32), context });
      return { CiphertextBlob: blob };
    }
    const found = wrapped.get(Buffer.from(CiphertextBlob ?? []).toString('hex'));
    if (name !== 'Decrypt' || found?.context !== context) throw sdkError('InvalidCiphertextException');
    return { Plaintext: found.plain };
  });
}
