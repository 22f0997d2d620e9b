import {
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Archive, ArchiveReader } from '../jobs/ports.ts';
import { callAws, isNamed, translateSdkError } from './sdk-errors.ts';

/** The backup bucket, to be read only. */
export const createArchiveReader = (s3: S3Client, Bucket: string): ArchiveReader => ({
  get: async (Key) => {
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return await Body?.transformToByteArray();
    } catch (error) {
      if (isNamed(error, 'NoSuchKey')) return undefined;
      throw translateSdkError(error, 'S3 GetObject');
    }
  },
  stream: async (Key) => {
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return Body && pieces(Body.transformToWebStream());
    } catch (error) {
      if (isNamed(error, 'NoSuchKey')) return undefined;
      throw translateSdkError(error, 'S3 GetObject');
    }
  },
  list: async function* (Prefix, StartAfter) {
    let next: string | undefined;
    do {
      const command = new ListObjectsV2Command({
        Bucket,
        Prefix,
        ...(StartAfter !== undefined && { StartAfter }),
        ...(next !== undefined && { ContinuationToken: next }),
      });
      const page: ListObjectsV2CommandOutput = await callAws('S3 ListObjectsV2', () => s3.send(command));
      yield (page.Contents ?? []).map(({ Key = '', Size = 0 }) => ({ key: Key, bytes: Size }));
      next = page.NextContinuationToken;
    } while (next !== undefined);
  },
});

/** Writes into the backup bucket, whose own key encrypts what lies there. */
export const createArchiveWriter = (s3: S3Client, Bucket: string): Pick<Archive, 'put'> => ({
  put: async (Key, Body, ContentType, ChecksumSHA256) => {
    const command = new PutObjectCommand({ Bucket, Key, Body, ContentType, ChecksumSHA256 });
    const { ETag = '' } = await callAws('S3 PutObject', () => s3.send(command));
    return ETag.replaceAll('"', '');
  },
});

/** A connection that breaks while it is read is an answer that did not come. */
async function* pieces(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw translateSdkError(error, 'S3 GetObject');
  }
}
