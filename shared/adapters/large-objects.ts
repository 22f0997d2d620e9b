import { createHash } from 'node:crypto';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { createArchiveReader } from './archive-objects.ts';
import { callAws } from './sdk-errors.ts';

/** Sealed bytes that are too large for an item. */
export interface LargeObjects {
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** `undefined`: there is no such object. */
  get(key: string): Promise<Uint8Array | undefined>;
}

/** Objects of one bucket, which encrypts by default with the stage's key; what comes in is sealed already. */
export function createLargeObjects(client: S3Client, bucket: string): LargeObjects {
  return {
    put: async (key, bytes) => {
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: bytes,
        ContentType: 'application/octet-stream',
        ChecksumSHA256: createHash('sha256').update(bytes).digest('base64'),
      });
      await callAws('S3 PutObject', () => client.send(command));
    },
    get: createArchiveReader(client, bucket).get,
  };
}
