import { createHash } from 'node:crypto';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { addHours, type Hour, isHour } from '../evidence/seal.ts';
import type { SealVault } from '../operations/seal-ports.ts';
import { callAws, isNamed, translateSdkError } from './sdk-errors.ts';

const SEALS = 'seals/';
const sealKey = (hour: Hour): string => `${SEALS}${hour}.json`;
const hourIn = (key: string | undefined): Hour => (key ?? '').slice(SEALS.length, -'.json'.length);

/** Seals and sealed lines in the audit bucket. Its Object Lock keeps what was written from being removed. */
export function createSealVault(client: S3Client, Bucket: string): SealVault {
  const get = async (Key: string): Promise<Uint8Array | undefined> => {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      return await Body?.transformToByteArray();
    } catch (error) {
      if (isNamed(error, 'NoSuchKey')) return undefined;
      throw translateSdkError(error, 'S3 GetObject');
    }
  };
  const put = (Key: string, body: Uint8Array, ContentType: string) =>
    client.send(
      new PutObjectCommand({
        Bucket,
        Key,
        Body: body,
        ContentType,
        // A bucket with Object Lock asks for a checksum of whatever is written.
        ChecksumSHA256: createHash('sha256').update(body).digest('base64'),
        IfNoneMatch: '*',
      }),
    );
  const lastOf = async (prefix: string): Promise<Hour | undefined> => {
    const { Contents = [] } = await callAws('S3 ListObjectsV2', () =>
      client.send(new ListObjectsV2Command({ Bucket, Prefix: `${SEALS}${prefix}` })),
    );
    return Contents.map(({ Key }) => hourIn(Key))
      .filter(isHour)
      .sort()
      .at(-1);
  };

  return {
    latest: async () => {
      // Seals have no gap, so the last is found from the oldest on, month by month: a month fits on one page.
      const oldest = await callAws('S3 ListObjectsV2', () =>
        client.send(new ListObjectsV2Command({ Bucket, Prefix: SEALS, MaxKeys: 1 })),
      );
      let last: Hour | undefined;
      let month = hourIn(oldest.Contents?.[0]?.Key).slice(0, 7);
      for (
        let found = await lastOf(month);
        month !== '' && found !== undefined;
        found = await lastOf(month)
      ) {
        last = found;
        month = monthAfter(month);
      }
      return last;
    },
    seal: async (hour) => {
      const bytes = await get(sealKey(hour));
      return bytes && new TextDecoder().decode(bytes);
    },
    putSeal: async (hour, text) => {
      try {
        await put(sealKey(hour), Buffer.from(text), 'application/json');
        return true;
      } catch (error) {
        // 412: it stands. 409, two writes at once, is no answer yet: the run fails and is repeated.
        if (isNamed(error, 'PreconditionFailed')) return false;
        throw translateSdkError(error, 'S3 PutObject');
      }
    },
    part: get,
    putPart: async (key, bytes) => {
      await callAws('S3 PutObject', () => put(key, bytes, 'application/gzip'));
    },
    leafHashes: get,
    putLeafHashes: async (key, bytes) => {
      await callAws('S3 PutObject', () => put(key, bytes, 'application/octet-stream'));
    },
    history: async function* (from, until) {
      const writes = new Map<Hour, number>();
      let next: Pick<ListObjectVersionsCommandOutput, 'NextKeyMarker' | 'NextVersionIdMarker'> = {
        NextKeyMarker: sealKey(addHours(from, -1)),
      };
      do {
        const page: ListObjectVersionsCommandOutput = await callAws('S3 ListObjectVersions', () =>
          client.send(
            new ListObjectVersionsCommand({
              Bucket,
              Prefix: SEALS,
              KeyMarker: next.NextKeyMarker,
              VersionIdMarker: next.NextVersionIdMarker,
            }),
          ),
        );
        for (const { Key } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]) {
          const hour = hourIn(Key);
          if (hour >= from && hour < until) writes.set(hour, (writes.get(hour) ?? 0) + 1);
        }
        next = page.IsTruncated && hourIn(page.NextKeyMarker) < until ? page : {};
      } while (next.NextKeyMarker !== undefined);
      for (const hour of [...writes.keys()].sort()) yield { hour, writes: writes.get(hour) ?? 0 };
    },
  };
}

/** @param month `YYYY-MM` */
function monthAfter(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
}
