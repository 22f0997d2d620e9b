import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { LARGEST_PACK_BYTES, type PackPointer, REFERENCE_KEYS, readPointer } from '../contract/reference.ts';
import { ReferencePackError } from '../errors/reference-pack-error.ts';
import { type Clock, type Instant, msOf } from '../lifecycle/instant.ts';
import type { Log } from '../operations/ports.ts';
import { callAws, hasStatus, isNamed } from './sdk-errors.ts';

export interface ReferenceSourceOptions<Reference> {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly builtIn: Reference;
  /** Reads an unpacked pack. Throws whatever it likes when the pack cannot be used. */
  readonly open: (json: unknown) => Reference;
  readonly log: Pick<Log, 'info' | 'warn'>;
  readonly clock: Clock;
  /** Told each time that the pack which should be in use cannot be used. */
  readonly onUnusable: () => void;
}

interface Standing<Reference> {
  readonly reference: Reference;
  readonly etag: string | undefined;
  /** `null`: the built-in data alone. */
  readonly pack: PackPointer['pack'];
}

/** How long an environment goes by what it knows before it asks for the pointer again. */
const KEEP_MS = 5 * 60_000;

/**
 * The reference data of a deployment, read at the first use and kept in memory. The pointer is asked for again after five
 * minutes, and the pack only when the pointer names another one. Nothing is read by an environment that checks nothing.
 */
export function createReferenceSource<Reference>(options: ReferenceSourceOptions<Reference>): {
  current(since?: Instant): Promise<Reference>;
} {
  let standing: Standing<Reference> | undefined;
  let askedAtMs = 0;
  /** When the pointer was asked for that led to what stands, or confirmed it. */
  let readAtMs = Number.NEGATIVE_INFINITY;
  let asking: Promise<Reference> | undefined;

  const read = async (): Promise<Reference> => {
    const nowMs = msOf(options.clock());
    try {
      standing = await latest(options, standing);
    } catch (error) {
      if (error instanceof ReferencePackError) {
        options.log.warn('reference.unusable', { reason: error.message });
        options.onUnusable();
        // Built-in data that stood because there was no pack is no stand-in for a pack that there is now.
        if (standing?.pack === null) standing = undefined;
      }
      askedAtMs = nowMs;
      throw error;
    }
    [askedAtMs, readAtMs] = [nowMs, nowMs];
    return standing.reference;
  };

  const ask = (): Promise<Reference> => {
    asking ??= read().finally(() => {
      asking = undefined;
    });
    return asking;
  };

  return {
    current: async (since) => {
      if (since !== undefined && readAtMs < msOf(since)) {
        // A question that is on its way may have left before.
        await asking?.catch(() => undefined);
        return ask();
      }
      const ageMs = msOf(options.clock()) - askedAtMs;
      if (standing && ageMs >= 0 && ageMs < KEEP_MS) return standing.reference;
      return ask().catch((error: unknown) => {
        if (standing) return standing.reference;
        throw error;
      });
    },
  };
}

async function latest<Reference>(
  options: ReferenceSourceOptions<Reference>,
  standing: Standing<Reference> | undefined,
): Promise<Standing<Reference>> {
  const { s3, bucket, builtIn, log } = options;
  const found = await getObject(s3, bucket, REFERENCE_KEYS.pointer, standing?.etag);
  if (found === 'unchanged' && standing) return standing;
  if (found === 'missing' || found === 'unchanged')
    return { reference: builtIn, etag: undefined, pack: null };
  const { pack } = usable('The pointer cannot be read', () =>
    readPointer(Buffer.from(found.bytes).toString()),
  );
  const { etag } = found;
  if (pack === null) return { reference: builtIn, etag, pack };
  if (standing?.pack?.sha256 === pack.sha256) return { ...standing, etag };
  const reference = await loadPack(options, pack);
  log.info('reference.loaded', { reason: pack.id });
  return { reference, etag, pack };
}

async function loadPack<Reference>(
  { s3, bucket, open }: ReferenceSourceOptions<Reference>,
  pack: NonNullable<PackPointer['pack']>,
): Promise<Reference> {
  const found = await getObject(s3, bucket, REFERENCE_KEYS.pack(pack.id));
  if (typeof found === 'string') throw new ReferencePackError(`Pack ${pack.id} is missing`);
  if (createHash('sha256').update(found.bytes).digest('hex') !== pack.sha256)
    throw new ReferencePackError(`Pack ${pack.id} is damaged: its checksum is another one`);
  const unpacked = await promisify(gunzip)(found.bytes, { maxOutputLength: LARGEST_PACK_BYTES }).catch(
    (cause: unknown) => {
      throw new ReferencePackError(`Pack ${pack.id} cannot be unpacked`, { cause });
    },
  );
  return usable(`Pack ${pack.id} cannot be used`, () => open(JSON.parse(unpacked.toString())));
}

function usable<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'unknown';
    throw new ReferencePackError(`${what}: ${why}`, { cause });
  }
}

interface Found {
  readonly bytes: Uint8Array;
  readonly etag: string | undefined;
}

const getObject = (
  s3: S3Client,
  Bucket: string,
  Key: string,
  etag?: string,
): Promise<Found | 'missing' | 'unchanged'> =>
  callAws('S3 GetObject', async () => {
    const command = new GetObjectCommand({ Bucket, Key, ...(etag !== undefined && { IfNoneMatch: etag }) });
    try {
      const { Body, ETag } = await s3.send(command);
      return { bytes: (await Body?.transformToByteArray()) ?? new Uint8Array(), etag: ETag };
    } catch (error) {
      if (isNamed(error, 'NoSuchKey')) return 'missing';
      // It has no body, and the SDK calls it by one name or another.
      if (hasStatus(error, 304)) return 'unchanged';
      throw error;
    }
  });
