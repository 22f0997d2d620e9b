import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { TableExport, TableExports } from '#shared/jobs/ports.ts';
import { addSeconds, type Instant, instantOf, msOf } from '#shared/lifecycle/instant.ts';

export interface InMemoryExports extends TableExports {
  /** Lets all exports that run end: their files are there from now on. @param code of the failure with which they end */
  end(code?: string): void;
}

interface Begun {
  readonly table: string;
  readonly prefix: string;
  readonly id: string;
  readonly arn: string;
  readonly lines: readonly string[];
  readonly at: Instant;
  state: TableExport;
}

interface ExportsOptions {
  readonly objects: Map<string, Uint8Array>;
  /** Lines of DynamoDB JSON of what stands in a table. */
  readonly linesOf: (table: string) => readonly string[];
  readonly now: () => Instant;
  readonly filesPerExport?: number;
}

/**
 * Exports as AWS documents them: a table as it stood when the export began, in files of any number and size, with the manifests of a
 * full export beside them. The last line of a file does not end. Whether the file of a partition without items has no byte, or is
 * a gzip of nothing, is said nowhere: there is one of each.
 */
export function createInMemoryExports(options: ExportsOptions): InMemoryExports {
  const exports = new Map<string, Begun>();
  const tokens = new Map<string, string>();
  const { objects, linesOf, now, filesPerExport = 3 } = options;
  return {
    begin: async ({ table, prefix, token }) => {
      const known = tokens.get(token);
      if (known !== undefined) return known;
      const id = `0169368582746${exports.size}-2d8752fd`;
      const arn = `arn:aws:dynamodb:us-east-1:000000000000:table/deployed-${table}/export/${id}`;
      const at = now();
      exports.set(arn, { table, prefix, id, arn, lines: linesOf(table), at, state: { status: 'running' } });
      tokens.set(token, arn);
      objects.set(`${prefix}/AWSDynamoDB/${id}/_started`, Buffer.of());
      return arn;
    },
    look: async (arn) => exports.get(arn)?.state ?? { status: 'failed', code: 'ExportNotFoundException' },
    end: (code) => {
      for (const one of exports.values()) {
        if (one.state.status !== 'running') continue;
        one.state = code === undefined ? completed(one) : { status: 'failed', code };
        if (code === undefined) write(objects, one, now(), filesPerExport);
      }
    },
  };
}

/** Whole seconds, and one more: see the adapter. */
const completed = ({ lines, at }: Begun): TableExport => ({
  status: 'completed',
  exportedAt: addSeconds(instantOf(Math.floor(msOf(at) / 1000) * 1000), 1),
  items: lines.length,
});

function write(objects: Map<string, Uint8Array>, one: Begun, endTime: Instant, files: number): void {
  const folder = `${one.prefix}/AWSDynamoDB/${one.id}`;
  const listed = Array.from({ length: files + 2 }, (_, index) => {
    const mine = index >= files ? [] : one.lines.filter((_, at) => at % files === index);
    const body = index === files ? Buffer.of() : gzipSync(mine.join('\n'));
    const key = `${folder}/data/${createHash('md5').update(`${one.id} ${index}`).digest('hex').slice(0, 26)}.json.gz`;
    objects.set(key, body);
    const hash = createHash('md5').update(body).digest();
    return {
      itemCount: mine.length,
      md5Checksum: hash.toString('base64'),
      etag: `${hash.toString('hex')}-1`,
      dataFileS3Key: key,
    };
  });
  const list = listed.map((file) => `${JSON.stringify(file)}\n`).join('');
  const summary = JSON.stringify({
    version: '2020-06-30',
    exportArn: one.arn,
    startTime: one.at,
    endTime,
    tableArn: one.arn.slice(0, one.arn.indexOf('/export/')),
    tableId: '12345a12-abcd-123a-ab12-1234abc12345',
    exportTime: one.at,
    s3Bucket: 'backup-bucket',
    s3Prefix: one.prefix,
    s3SseAlgorithm: 'KMS',
    s3SseKmsKeyId: 'arn:aws:kms:us-east-1:000000000000:key/data',
    manifestFilesS3Key: `${folder}/manifest-files.json`,
    billedSizeBytes: 0,
    itemCount: one.lines.length,
    outputFormat: 'DYNAMODB_JSON',
    exportType: 'FULL_EXPORT',
  });
  for (const [name, text] of [
    ['files', list],
    ['summary', summary],
  ] as const) {
    objects.set(`${folder}/manifest-${name}.json`, Buffer.from(text));
    const md5 = createHash('md5').update(text).digest('base64');
    objects.set(`${folder}/manifest-${name}.md5`, Buffer.from(md5));
  }
}
