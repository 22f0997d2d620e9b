import { dataPrefix, filesManifestKey } from '../archive/archive-keys.ts';
import type { SegmentResult } from '../archive/segment.ts';
import type { JsonObject } from '../ports.ts';

/** Version of the two manifests. */
const MANIFEST_VERSION = '1';

export type TableTotals = {
  readonly table: string;
  readonly segments: number;
  readonly files: number;
  readonly items: number;
  readonly bytes: number;
};

export const totalsOf = (segments: readonly SegmentResult[]): readonly TableTotals[] =>
  [...Map.groupBy(segments, ({ table }) => table)].map(([table, ofTable]) => {
    const files = ofTable.flatMap((segment) => segment.files);
    return {
      table,
      segments: ofTable.length,
      files: files.length,
      items: sum(files.map(({ items }) => items)),
      bytes: sum(files.map(({ bytes }) => bytes)),
    };
  });

/**
 * One line of JSON for each data file, in the manner of DynamoDB's export to S3
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html, members `itemCount`,
 * `md5Checksum`, `dataFileS3Key`), with table, size and SHA-256 (hex) besides.
 */
export const filesManifest = (segments: readonly SegmentResult[]): string =>
  segments
    .flatMap(({ table, files }) =>
      files.map(({ key, items, bytes, sha256, md5 }) =>
        JSON.stringify({
          itemCount: items,
          md5Checksum: md5,
          dataFileS3Key: key,
          table,
          sizeBytes: bytes,
          sha256,
        }),
      ),
    )
    .map((line) => `${line}\n`)
    .join('');

export interface BackupFacts {
  readonly jobId: string;
  readonly prefix: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly filesManifestSha256: string;
  readonly totals: readonly TableTotals[];
}

/**
 * The summary. It holds nothing of the attempt that writes it, so repeated attempts write the same bytes.
 * `consistency: scan` says that items changed during the backup may show the state before or after the change; the
 * export of AWS instead shows one moment (`exportTime`), a member that is therefore missing here.
 */
export const summaryManifest = (facts: BackupFacts): JsonObject => ({
  version: MANIFEST_VERSION,
  backupId: facts.jobId,
  startTime: facts.startedAt,
  endTime: facts.endedAt,
  s3Prefix: facts.prefix,
  manifestFilesS3Key: filesManifestKey(facts.prefix),
  manifestFilesSha256: facts.filesManifestSha256,
  itemCount: sum(facts.totals.map(({ items }) => items)),
  fileCount: sum(facts.totals.map(({ files }) => files)),
  sizeBytes: sum(facts.totals.map(({ bytes }) => bytes)),
  outputFormat: 'DYNAMODB_JSON',
  compression: 'GZIP',
  exportType: 'FULL_EXPORT',
  consistency: 'scan',
  tables: facts.totals.map(({ table, segments, files, items, bytes }) => ({
    table,
    itemCount: items,
    fileCount: files,
    sizeBytes: bytes,
    segments,
    dataS3Prefix: dataPrefix(facts.prefix, table),
  })),
});

export const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0);
