import { createHash } from 'node:crypto';
import type { Archive } from '../ports.ts';

/** An object as it was written. */
export type PutObject = {
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  /** Base64. */
  readonly md5: string;
  readonly etag: string;
};

/** Writes one object with its SHA-256, which S3 checks on arrival. */
export async function putObject(
  archive: Pick<Archive, 'put'>,
  key: string,
  body: Uint8Array,
  contentType: string,
): Promise<PutObject> {
  const sha256 = createHash('sha256').update(body).digest();
  const etag = await archive.put(key, body, contentType, sha256.toString('base64'));
  return {
    bytes: body.byteLength,
    sha256: sha256.toString('hex'),
    // Part of the layout of DynamoDB's export, for tools that know it; nothing relies on it.
    md5: createHash('md5').update(body).digest('base64'),
    etag,
  };
}

export const sha256Of = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex');
