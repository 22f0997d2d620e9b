import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Archive } from '../jobs/ports.ts';
import type { Item } from './batch-get.ts';
import { callAws } from './sdk-errors.ts';

export interface ArchiveOptions {
  readonly dynamo: DynamoDBClient;
  readonly s3: S3Client;
  /**
   * Deployed names by logical name. The jobs table brings its wrapped keys along, which only KMS can unwrap; the
   * secrets table is not here and must never be, because a backed-up secret could not be erased.
   */
  readonly tables: { readonly jobs: string; readonly records: string };
  readonly bucket: string;
  /** KMS key of the backups; absent: the bucket's own default. */
  readonly kmsKeyId?: string;
}

/** Items of one page at most: a page is one answer of at most 1 MB, and this bounds it where no such limit holds. */
const PAGE_ITEMS = 1_000;

export function createArchive({ dynamo, s3, tables, bucket, kmsKeyId }: ArchiveOptions): Archive {
  // Named one by one: a caller may hand over more tables than the type asks for.
  const names = new Map([
    ['jobs', tables.jobs],
    ['records', tables.records],
  ]);
  return {
    tables: [...names.keys()],

    scan: async function* (table, segment, of) {
      const TableName = names.get(table);
      if (TableName === undefined) throw new Error(`There is no table ${table} in the archive.`);
      let start: Item | undefined;
      do {
        const command: ScanCommand = new ScanCommand({
          TableName,
          Segment: segment,
          TotalSegments: of,
          Limit: PAGE_ITEMS,
          ...(start && { ExclusiveStartKey: start }),
        });
        const page = await callAws('DynamoDB Scan', () => dynamo.send(command));
        yield (page.Items ?? []).map(dynamoJsonLine);
        start = page.LastEvaluatedKey;
      } while (start);
    },

    put: async (key, body, contentType, sha256Base64) => {
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: body,
        ContentType: contentType,
        ChecksumSHA256: sha256Base64,
        // Without a key's name the header would ask for AWS's own key, so the bucket's default is left to decide.
        ...(kmsKeyId !== undefined && { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyId }),
      });
      await callAws('S3 PutObject', () => s3.send(command));
    },
  };
}

/** One line of DynamoDB JSON, as its own export and import write it: bytes as Base64. */
export function dynamoJsonLine(item: Item): string {
  return JSON.stringify({ Item: item }, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  );
}
