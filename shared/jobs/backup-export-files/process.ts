import { PermanentError } from '../../errors/attempt-error.ts';
import { type ExportedFile, exportedData, exportList, readExportList } from '../archive/export-list.ts';
import { type FilesOrder, filesJob } from '../archive/export-order.ts';
import { readSegmentResult, type SegmentFile, type SegmentResult } from '../archive/segment.ts';
import type { ArchiveReader, ChildJob, ChildOutcome, Done, JobView, World } from '../ports.ts';
import { checkFile } from './check-file.ts';
import type { BackupExportFilesPayload } from './schema.ts';

/** What one attempt reads: at 20 MB a second well within its time. A single larger file is read all the same. */
const MOST_BYTES = 3 * 1024 ** 3;
/** Shares into which one job splits what is more; each may split again. */
const MOST_SHARES = 24;

/**
 * Checks its files and tells their SHA-256. What is too much for one attempt is split into shares, which are jobs of the same
 * kind, so that an export may be as large as it likes. Holds the list of files and one piece of one file at a time.
 */
export async function process(job: JobView<BackupExportFilesPayload>, world: World): Promise<Done> {
  const order = job.payload;
  if (job.round > 0) return handBack(order, filesOf(job.children));
  const { archive } = world;
  const listed = readExportList(await archive.get(exportList(order.folder)), order.folder);
  const files = listed.slice(order.from, order.until);
  if (files.length !== order.until - order.from)
    throw new PermanentError('export_incomplete', 'The list of an export has become shorter.');
  const bytes = await totalBytes(archive, order.folder, files);
  if (bytes > MOST_BYTES && files.length > 1) return { end: 'waiting', children: shares(order, bytes) };
  const checked: SegmentFile[] = [];
  for (const file of files) checked.push(await checkFile(archive, file));
  return handBack(order, checked);
}

/** The list tells no sizes; the listing of the bucket does. */
async function totalBytes(
  archive: ArchiveReader,
  folder: string,
  files: readonly ExportedFile[],
): Promise<number> {
  const wanted = new Set(files.map(({ key }) => key));
  let bytes = 0;
  for await (const page of archive.list(exportedData(folder)))
    for (const object of page) if (wanted.has(object.key)) bytes += object.bytes;
  return bytes;
}

function shares(order: FilesOrder, bytes: number): readonly ChildJob[] {
  const { from, until } = order;
  const of = Math.min(MOST_SHARES, Math.ceil(bytes / MOST_BYTES), until - from);
  const begin = (share: number): number => from + Math.floor(((until - from) * share) / of);
  return Array.from({ length: of }, (_, share) =>
    filesJob(`share#${String(share).padStart(2, '0')}`, {
      ...order,
      from: begin(share),
      until: begin(share + 1),
    }),
  );
}

/** @throws PermanentError `export_failed` when a share did not succeed */
function filesOf(children: readonly ChildOutcome[]): readonly SegmentFile[] {
  if (children.length === 0 || children.some(({ status }) => status !== 'succeeded'))
    throw new PermanentError('export_failed', 'A share of the files of an export could not be taken in.');
  return children
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .flatMap(({ result }) => readSegmentResult(result).files);
}

function handBack(
  { table, folder, exported_at, from, until }: FilesOrder,
  files: readonly SegmentFile[],
): Done {
  if (files.length !== until - from)
    throw new PermanentError('export_incomplete', 'Not all files of an export were taken in.');
  const items = files.reduce((sum, file) => sum + file.items, 0);
  const result: SegmentResult = {
    table,
    segment: 0,
    of: 1,
    items,
    files,
    ended_at: exported_at,
    export_folder: folder,
  };
  return { end: 'succeeded', result, summary: `${items} items in ${files.length} files` };
}
