import { type KeyObject, verify } from 'node:crypto';
import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { S3Client } from '@aws-sdk/client-s3';
import { type Archive, RESULTS_TABLE } from '../jobs/ports.ts';
import { createArchiveReader, createArchiveWriter } from './archive-objects.ts';
import type { Item } from './batch-get.ts';
import { dynamoJsonLine } from './dynamo-json.ts';
import { publicKeyOf } from './public-key.ts';
import { scanObjects } from './result-objects.ts';
import { callAws } from './sdk-errors.ts';
import { createSealSigner } from './seal-signer.ts';

export interface ArchiveOptions {
  readonly dynamo: DynamoDBClient;
  readonly s3: S3Client;
  readonly kms: KMSClient;
  /**
   * Deployed names by logical name. The jobs table brings its wrapped keys along, which only KMS can unwrap; the
   * secrets table is not here and must never be, because a backed-up secret could not be erased.
   */
  readonly tables: { readonly jobs: string; readonly records: string };
  /** Of results that are too large for an item. */
  readonly resultsBucket: string;
  readonly bucket: string;
  /** ARN of the key that signs backups. */
  readonly signingKeyId: string;
}

function isSignedBy(key: KeyObject, text: Uint8Array, signature: string): boolean {
  try {
    return verify('sha256', text, key, Buffer.from(signature, 'base64'));
  } catch {
    // Not even the form of a signature.
    return false;
  }
}

/** Items of one page at most: a page is one answer of at most 1 MB, and this bounds it where no such limit holds. */
const PAGE_ITEMS = 1_000;

export function createArchive(options: ArchiveOptions): Archive {
  const { dynamo, s3, kms, tables, resultsBucket, bucket, signingKeyId } = options;
  const signed = createSealSigner(kms, signingKeyId);
  let known: KeyObject | undefined;
  // An asymmetric key is never rotated.
  const publicKey = async (): Promise<KeyObject> => {
    known ??= await publicKeyOf(kms, signingKeyId);
    return known;
  };
  // Named one by one: a caller may hand over more tables than the type asks for.
  const names = new Map([
    ['jobs', tables.jobs],
    ['records', tables.records],
  ]);
  return {
    ...createArchiveReader(s3, bucket),
    ...createArchiveWriter(s3, bucket),
    tables: [...names.keys(), RESULTS_TABLE],

    scan: async function* (table, segment, of) {
      if (table === RESULTS_TABLE) {
        for await (const item of scanObjects(s3, resultsBucket, segment, of))
          yield [JSON.stringify({ Item: item })];
        return;
      }
      const TableName = names.get(table);
      if (TableName === undefined) throw new Error(`There is no table ${table} in the archive.`);
      let start: Item | undefined;
      do {
        const command: ScanCommand = new ScanCommand({
          TableName,
          Segment: segment,
          TotalSegments: of,
          Limit: PAGE_ITEMS,
          // The change log tells what came after the scan began; what came before must be seen.
          ConsistentRead: true,
          ...(start && { ExclusiveStartKey: start }),
        });
        const page = await callAws('DynamoDB Scan', () => dynamo.send(command));
        yield (page.Items ?? []).map(dynamoJsonLine);
        start = page.LastEvaluatedKey;
      } while (start);
    },

    sign: async (text) => ({ keyId: signingKeyId, signature: await signed(text) }),
    verifies: async (text, signature) => isSignedBy(await publicKey(), text, signature),
  };
}
