import type { Instant } from '../../lifecycle/instant.ts';
import type { Json, JsonObject } from '../ports.ts';
import type { SegmentFile } from './segment.ts';

const MANIFEST_VERSION = 1;

export type BackupType = 'full' | 'incremental' | 'differential';

/**
 * `scan`: items were read by us, each at some moment of the backup. `export`: DynamoDB has exported each table as it stood at
 * one moment. Of an increment it says nothing.
 */
type BackupEngine = 'scan' | 'export';

/** One table of a backup. Of an increment, items are changes. */
export type TableTotals = {
  readonly table: string;
  readonly files: number;
  readonly items: number;
  readonly bytes: number;
  /** Lists the files, one line of JSON each. */
  readonly files_key: string;
  readonly files_sha256: string;
};

/** What a signature stands for: one backup, and the one that it continues. */
export type BackupManifest = {
  readonly v: typeof MANIFEST_VERSION;
  readonly product: 'medication-jobs';
  readonly backup_id: string;
  readonly backup_type: BackupType;
  readonly engine: BackupEngine;
  readonly prefix: string;
  /** The backup to be restored before this one; `null`: none, it stands alone. */
  readonly parent: string | null;
  /**
   * The backup that had ended last when this one was sealed, whatever its type; `null`: none had. Each names the one before, so that none can
   * be taken away without a trace. Absent in those that were made before it was kept.
   */
  readonly previous?: string | null;
  /** What was changed in `[from, until)` is in it; `from` is `null` when everything before is in it as well. */
  readonly interval: { readonly from: Instant | null; readonly until: Instant };
  readonly started_at: Instant;
  readonly ended_at: Instant;
  readonly tables: readonly TableTotals[];
};

export const backupManifest = (
  facts: Omit<BackupManifest, 'v' | 'product'>,
): { readonly manifest: BackupManifest; readonly text: string } => {
  const manifest: BackupManifest = {
    v: MANIFEST_VERSION,
    product: 'medication-jobs',
    ...facts,
  };
  return { manifest, text: `${JSON.stringify(manifest)}\n` };
};

/** The marker of a finished backup: what was signed, and by which key. */
export type CompletedMarker = {
  readonly manifest_key: string;
  readonly manifest_sha256: string;
  readonly key_id: string;
  readonly signature: string;
};

export const markerText = (marker: CompletedMarker): string => `${JSON.stringify(marker)}\n`;

/** One data file, as a line of a table's list of files. */
export type ListedFile = {
  readonly key: string;
  readonly items: number;
  readonly bytes: number;
  readonly sha256: string;
};

/** `undefined`: the bytes are no manifest. */
export function readManifest(bytes: Uint8Array): BackupManifest | undefined {
  const json = parsed(bytes);
  if (!isObject(json)) return undefined;
  const { backup_id, backup_type, engine, prefix, parent, previous, interval, started_at, ended_at, tables } =
    json;
  if (json['v'] !== MANIFEST_VERSION || json['product'] !== 'medication-jobs') return undefined;
  if (!isType(backup_type) || !isEngine(engine) || (parent !== null && typeof parent !== 'string'))
    return undefined;
  if (previous !== undefined && previous !== null && !isText(previous)) return undefined;
  if (!isText(backup_id) || !isText(prefix) || !isText(started_at) || !isText(ended_at)) return undefined;
  if (!isObject(interval) || !Array.isArray(tables)) return undefined;
  const { from = null, until } = interval;
  if (!isText(until) || (from !== null && !isText(from))) return undefined;
  const read = tables.flatMap((table) => readTable(table) ?? []);
  if (read.length !== tables.length) return undefined;
  const facts = {
    backup_id,
    backup_type,
    engine,
    prefix,
    parent,
    ...(previous !== undefined && { previous }),
    started_at,
    ended_at,
  };
  return backupManifest({ ...facts, interval: { from, until }, tables: read }).manifest;
}

function readTable(json: Json): TableTotals | undefined {
  if (!isObject(json)) return undefined;
  const { table, files, items, bytes, files_key, files_sha256 } = json;
  if (!isText(table) || !isText(files_key) || !isText(files_sha256)) return undefined;
  if (typeof files !== 'number' || typeof items !== 'number' || typeof bytes !== 'number') return undefined;
  return { table, files, items, bytes, files_key, files_sha256 };
}

/** `undefined`: the bytes are no marker. */
export function readMarker(bytes: Uint8Array): CompletedMarker | undefined {
  const json = parsed(bytes);
  if (!isObject(json)) return undefined;
  const { manifest_key, manifest_sha256, key_id, signature } = json;
  if (!isText(manifest_key) || !isText(manifest_sha256) || !isText(key_id) || !isText(signature))
    return undefined;
  return { manifest_key, manifest_sha256, key_id, signature };
}

/** Lines of a list of files, with the members of DynamoDB's export first. Of objects of the change log MD5 and entity tag are not known. */
export const fileLine = ({
  key,
  items,
  bytes,
  sha256,
  md5,
  etag,
}: ListedFile & Partial<Pick<SegmentFile, 'md5' | 'etag'>>): string =>
  `${JSON.stringify({
    itemCount: items,
    ...(md5 !== undefined && { md5Checksum: md5 }),
    ...(etag !== undefined && { etag }),
    dataFileS3Key: key,
    sizeBytes: bytes,
    sha256,
  })}\n`;

/** `undefined`: one of the lines names no file. */
export function readFileList(bytes: Uint8Array): readonly ListedFile[] | undefined {
  const lines = new TextDecoder().decode(bytes).split('\n').slice(0, -1);
  const files = lines.flatMap((line) => readFileLine(line) ?? []);
  return files.length === lines.length ? files : undefined;
}

function readFileLine(line: string): ListedFile | undefined {
  const json = parsed(Buffer.from(line));
  if (!isObject(json)) return undefined;
  const { dataFileS3Key: key, itemCount: items, sizeBytes: bytes, sha256 } = json;
  if (!isText(key) || !isText(sha256) || typeof items !== 'number' || typeof bytes !== 'number')
    return undefined;
  return { key, items, bytes, sha256 };
}

function parsed(bytes: Uint8Array): Json {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

export const isObject = (json: Json | undefined): json is JsonObject =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

const isText = (json: Json | undefined): json is string => typeof json === 'string';
const isEngine = (json: Json | undefined): json is BackupEngine => json === 'scan' || json === 'export';
const isType = (json: Json | undefined): json is BackupType =>
  json === 'full' || json === 'incremental' || json === 'differential';
