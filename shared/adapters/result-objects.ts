import { crc32 } from 'node:zlib';
import { DeleteObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import {
  type ItemState,
  itemOfObject,
  type JsonItem,
  objectOfState,
  type RestoreTarget,
} from '../jobs/ports.ts';
import { createArchiveReader } from './archive-objects.ts';
import { createLargeObjects } from './large-objects.ts';
import { callAws } from './sdk-errors.ts';

/** Objects that are written at a time; they are in memory already. */
const PARALLEL = 8;

/** Objects of one of `of` segments as items, one by one: each may be some megabytes. What expires meanwhile is left out. */
export async function* scanObjects(
  s3: S3Client,
  bucket: string,
  segment = 0,
  of = 1,
): AsyncGenerator<JsonItem> {
  const reader = createArchiveReader(s3, bucket);
  for await (const page of reader.list('')) {
    for (const { key } of page) {
      const bytes = crc32(key) % of === segment ? await reader.get(key) : undefined;
      if (bytes) yield itemOfObject(key, bytes);
    }
  }
}

/** The bucket of large results, as a table that is restored into. */
export function createResultTarget(s3: S3Client, bucket: string): RestoreTarget {
  const objects = createLargeObjects(s3, bucket);
  const write = async (state: ItemState): Promise<void> => {
    const { key, bytes } = objectOfState(state);
    if (bytes) await objects.put(key, bytes);
    else
      await callAws('S3 DeleteObject', () => s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })));
  };
  return {
    write: async (_table, states) => {
      const left = [...states];
      const work = async (): Promise<void> => {
        for (let state = left.pop(); state; state = left.pop()) await write(state);
      };
      await Promise.all(Array.from({ length: PARALLEL }, work));
    },
    scan: async function* () {
      for await (const item of scanObjects(s3, bucket)) yield [item];
    },
  };
}
