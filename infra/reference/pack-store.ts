import { createHash } from 'node:crypto';
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { type PackPointer, REFERENCE_KEYS, readPointer } from '#shared/contract/reference.ts';

export interface StoredPointer {
  /** Absent: what lies there cannot be read. */
  readonly pointer?: PackPointer;
  /** Why it cannot be read. */
  readonly damage?: string;
  readonly etag: string;
}

/** The packs of one deployment, as the command line sees them. */
export interface PackStore {
  /** `undefined`: nothing was ever imported. */
  pointer(): Promise<StoredPointer | undefined>;
  /** The packed bytes; `undefined`: there is no such pack. */
  pack(id: string): Promise<Uint8Array | undefined>;
  ids(): Promise<readonly string[]>;
  /** Never over a pack that stands. */
  putPack(id: string, bytes: Uint8Array): Promise<void>;
  /**
   * Makes a pack the one in use, if the pointer still is the one that was read.
   * @throws Error when somebody else has moved it
   */
  movePointer(pointer: PackPointer, over: StoredPointer | undefined): Promise<void>;
}

export function createPackStore(s3: S3Client, Bucket: string): PackStore {
  const get = async (Key: string): Promise<GetObjectCommandOutput | undefined> => {
    try {
      return await s3.send(new GetObjectCommand({ Bucket, Key }));
    } catch (error) {
      if (isNamed(error, 'NoSuchKey')) return undefined;
      throw error;
    }
  };
  const put = (Key: string, body: Uint8Array, ContentType: string, condition: object) =>
    s3.send(
      new PutObjectCommand({
        Bucket,
        Key,
        Body: body,
        ContentType,
        ChecksumSHA256: createHash('sha256').update(body).digest('base64'),
        ...condition,
      }),
    );
  return {
    pointer: async () => {
      const found = await get(REFERENCE_KEYS.pointer);
      if (!found) return undefined;
      const text = (await found.Body?.transformToString()) ?? '';
      return { ...readOrDamage(text), etag: found.ETag ?? '' };
    },
    pack: async (id) => (await get(REFERENCE_KEYS.pack(id)))?.Body?.transformToByteArray(),
    ids: async () => {
      const found: string[] = [];
      let token: string | undefined;
      do {
        const page = await s3.send(
          new ListObjectsV2Command({
            Bucket,
            Prefix: REFERENCE_KEYS.packs,
            ...(token !== undefined && { ContinuationToken: token }),
          }),
        );
        found.push(...(page.Contents ?? []).map(({ Key = '' }) => idOf(Key)));
        token = page.NextContinuationToken;
      } while (token !== undefined);
      return found.sort();
    },
    putPack: async (id, bytes) => {
      await put(REFERENCE_KEYS.pack(id), bytes, 'application/gzip', { IfNoneMatch: '*' });
    },
    movePointer: async (pointer, over) => {
      const condition = over ? { IfMatch: over.etag } : { IfNoneMatch: '*' };
      try {
        await put(
          REFERENCE_KEYS.pointer,
          Buffer.from(`${JSON.stringify(pointer, undefined, 2)}\n`),
          'application/json',
          condition,
        );
      } catch (error) {
        if (!isNamed(error, 'PreconditionFailed') && !isNamed(error, 'ConditionalRequestConflict'))
          throw error;
        throw new Error('Somebody else has changed the pack in use meanwhile. Look at "reference status".', {
          cause: error,
        });
      }
    },
  };
}

/** A damaged pointer can still be replaced, over the very bytes that were read. */
function readOrDamage(text: string): Omit<StoredPointer, 'etag'> {
  try {
    return { pointer: readPointer(text) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { damage: `The pointer ${REFERENCE_KEYS.pointer} cannot be read: ${why}` };
  }
}

const idOf = (key: string): string => key.slice(REFERENCE_KEYS.packs.length).replace(/\.json\.gz$/, '');

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;
