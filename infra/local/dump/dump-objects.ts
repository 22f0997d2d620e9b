import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { LaptopClients } from '../laptop-clients.ts';

/** Every object of the buckets with its metadata, its body in base64 as it is stored. */
export async function dumpObjects({ s3 }: LaptopClients, buckets: readonly string[]): Promise<unknown[]> {
  const objects: unknown[] = [];
  for (const Bucket of buckets)
    for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket }))
      for (const { Key, Size } of page.Contents ?? []) {
        const { Body, ContentType, ContentEncoding, Metadata } = await s3.send(
          new GetObjectCommand({ Bucket, Key }),
        );
        objects.push({
          bucket: Bucket,
          key: Key,
          bytes: Size,
          content_type: ContentType,
          content_encoding: ContentEncoding,
          metadata: Metadata,
          body: await Body?.transformToString('base64'),
        });
      }
  return objects;
}
