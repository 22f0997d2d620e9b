import type { Instant } from '../../lifecycle/instant.ts';
import {
  catalogueKey,
  completedKey,
  dataPrefix,
  filesManifestKey,
  manifestKey,
  md5Key,
  summaryManifestKey,
} from '../archive/archive-keys.ts';
import {
  type BackupManifest,
  backupManifest,
  fileLine,
  type ListedFile,
  markerText,
  type TableTotals,
} from '../archive/backup-manifest.ts';
import { pointerText } from '../archive/catalogue.ts';
import { putObject } from '../archive/put-object.ts';
import type { SegmentFile } from '../archive/segment.ts';
import type { Archive, JobView } from '../ports.ts';

/** The files of one table, in the order in which they are listed. */
export interface TableFiles {
  readonly table: string;
  readonly files: readonly (ListedFile & Partial<Pick<SegmentFile, 'md5' | 'etag'>>)[];
  /** Of an export of DynamoDB's: the moment that it shows, and the prefix under which nothing but its files lies. */
  readonly exported?: { readonly at: Instant; readonly data: string };
}

type Facts = Omit<BackupManifest, 'v' | 'product' | 'engine' | 'tables' | 'backup_id'>;

/** Writes the manifests and, when everything else stands, the marker that calls the backup finished. */
export async function sealBackup(
  job: Pick<JobView<unknown>, 'jobId' | 'generation' | 'createdAt'>,
  archive: Archive,
  facts: Facts,
  tables: readonly TableFiles[],
  beforeMarker: () => Promise<void>,
): Promise<BackupManifest> {
  const put = (key: string, text: string) => putObject(archive, key, Buffer.from(text), 'application/json');
  const totals: TableTotals[] = [];
  for (const files of tables) totals.push(await describeTable(put, facts, files));
  const engine = tables.some(({ exported }) => exported) ? 'export' : 'scan';
  const { manifest, text } = backupManifest({ backup_id: job.jobId, engine, ...facts, tables: totals });
  const key = manifestKey(facts.prefix);
  const { sha256 } = await put(key, text);
  const { keyId, signature } = await archive.sign(text);
  const pointer = pointerText(job.jobId, facts.prefix);
  await put(catalogueKey(job.createdAt, job.jobId, job.generation), pointer);
  await beforeMarker();
  const marker = { manifest_key: key, manifest_sha256: sha256, key_id: keyId, signature };
  await put(completedKey(facts.prefix), markerText(marker));
  return manifest;
}

type Put = (key: string, text: string) => Promise<{ readonly sha256: string; readonly md5: string }>;

/** The two manifests of a table with their checksums, as DynamoDB's export to S3 lays them beside the data. */
async function describeTable(
  put: Put,
  facts: Facts,
  { table, files, exported }: TableFiles,
): Promise<TableTotals> {
  const putWithMd5 = async (key: string, text: string) => {
    const { sha256, md5 } = await put(key, text);
    // The documentation calls these files `.checksum`; what DynamoDB writes, and tools look for, is `.md5`.
    await put(md5Key(key), md5);
    return sha256;
  };
  const filesKey = filesManifestKey(facts.prefix, table);
  const sha256 = await putWithMd5(filesKey, files.map(fileLine).join(''));
  const totals: TableTotals = {
    table,
    files: files.length,
    items: sum(files.map(({ items }) => items)),
    bytes: sum(files.map(({ bytes }) => bytes)),
    files_key: filesKey,
    files_sha256: sha256,
  };
  const summary = tableSummary(facts, totals, exported);
  await putWithMd5(summaryManifestKey(facts.prefix, table), `${JSON.stringify(summary)}\n`);
  return totals;
}

/**
 * With the members of DynamoDB's export (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html).
 * A scan shows each item at some moment of the backup and not all at one, so `exportTime` is missing then.
 */
const tableSummary = (
  facts: Facts,
  { table, items, bytes, files_key }: TableTotals,
  exported: TableFiles['exported'],
) => ({
  version: facts.backup_type === 'full' ? '2020-06-30' : '2023-08-01',
  startTime: facts.started_at,
  endTime: facts.ended_at,
  s3Prefix: facts.prefix,
  ...(exported && { exportTime: exported.at }),
  ...(facts.backup_type === 'full' && { dataS3Prefix: exported?.data ?? dataPrefix(facts.prefix, table) }),
  manifestFilesS3Key: files_key,
  billedSizeBytes: bytes,
  itemCount: items,
  outputFormat: 'DYNAMODB_JSON',
  compression: 'GZIP',
  exportType: facts.backup_type === 'full' ? 'FULL_EXPORT' : 'INCREMENTAL_EXPORT',
  ...(facts.interval.from !== null && { exportFromTime: facts.interval.from }),
  ...(facts.backup_type !== 'full' && {
    exportToTime: facts.interval.until satisfies Instant,
    outputView: 'NEW_IMAGE',
  }),
});

export const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0);
