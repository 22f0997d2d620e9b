import { PermanentError } from '../../errors/attempt-error.ts';
import type { Json, JsonObject } from '../ports.ts';

/** Name of the internal kind that writes one segment of a backup. */
export const SEGMENT_KIND = 'backup-segment';

/** What a backup asks of a segment. */
export type SegmentOrder = {
  /** Where the backup's objects lie: see `backupPrefix`. */
  readonly prefix: string;
  /** Logical name of the table. */
  readonly table: string;
  /** This segment's number, from 0, of `of` segments of a parallel scan. */
  readonly segment: number;
  readonly of: number;
};

/** One data file that stands in the bucket. */
export type SegmentFile = {
  readonly key: string;
  readonly items: number;
  /** Size as stored, compressed. */
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  /** Base64, as in the manifest of DynamoDB's own export. */
  readonly md5: string;
  /** As S3 tells it; of an object that is encrypted with KMS it is no MD5. Absent in results of before it was kept. */
  readonly etag?: string;
};

/** What a segment hands back. */
export type SegmentResult = {
  readonly table: string;
  readonly segment: number;
  readonly of: number;
  readonly items: number;
  readonly files: readonly SegmentFile[];
  /** When the scan ended, or the moment that an export shows: nothing that was written later is in it. */
  readonly ended_at: string;
  /** Where the export lies that it was read from; absent: it was scanned. */
  readonly export_folder?: string;
};

/** @throws PermanentError `segment_failed` when a child's result is not that of a segment */
export function readSegmentResult(result: JsonObject | undefined): SegmentResult {
  const { table, segment, of, items, files, ended_at, export_folder } = result ?? {};
  if (
    typeof table !== 'string' ||
    typeof segment !== 'number' ||
    typeof of !== 'number' ||
    typeof items !== 'number' ||
    typeof ended_at !== 'string' ||
    !Array.isArray(files)
  )
    throw unreadable();
  return {
    table,
    segment,
    of,
    items,
    ended_at,
    files: files.map(readFile),
    ...(typeof export_folder === 'string' && { export_folder }),
  };
}

function readFile(json: Json): SegmentFile {
  if (!isObject(json)) throw unreadable();
  const { key, items, bytes, sha256, md5, etag } = json;
  if (
    typeof key !== 'string' ||
    typeof items !== 'number' ||
    typeof bytes !== 'number' ||
    typeof sha256 !== 'string' ||
    typeof md5 !== 'string'
  )
    throw unreadable();
  return { key, items, bytes, sha256, md5, ...(typeof etag === 'string' && { etag }) };
}

const isObject = (json: Json): json is JsonObject =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

const unreadable = (): PermanentError =>
  new PermanentError('segment_failed', 'The result of a segment could not be read.');
