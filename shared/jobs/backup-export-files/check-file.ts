import { createHash } from 'node:crypto';
import { PermanentError } from '../../errors/attempt-error.ts';
import type { ExportedFile } from '../archive/export-list.ts';
import type { SegmentFile } from '../archive/segment.ts';
import type { ArchiveReader } from '../ports.ts';

/**
 * Reads a file once, piece by piece, for its SHA-256, which DynamoDB does not tell and a backup signs.
 * @throws PermanentError `export_incomplete` when it is not there, `export_changed` when it is not what DynamoDB wrote
 */
export async function checkFile(
  archive: ArchiveReader,
  { key, items, md5, etag }: ExportedFile,
): Promise<SegmentFile> {
  const pieces = await archive.stream(key);
  if (!pieces) throw new PermanentError('export_incomplete', 'A file that an export lists is missing.');
  const [sha256, told] = [createHash('sha256'), createHash('md5')];
  let bytes = 0;
  for await (const piece of pieces) {
    sha256.update(piece);
    told.update(piece);
    bytes += piece.byteLength;
  }
  if (told.digest('base64') !== md5)
    throw new PermanentError('export_changed', 'A file of an export differs from its checksum.');
  return { key, items, bytes, sha256: sha256.digest('hex'), md5, ...(etag !== undefined && { etag }) };
}
