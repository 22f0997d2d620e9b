import { PermanentError } from '../../errors/attempt-error.ts';
import { dataPrefix } from '../archive/archive-keys.ts';
import { exportedData } from '../archive/export-list.ts';
import type { SegmentResult } from '../archive/segment.ts';
import type { ArchiveReader } from '../ports.ts';

/**
 * Makes sure that of one table exactly the files lie there that its segments have listed: none is missing or has another size, and
 * none is left of an attempt that died, which ImportTable would import with the others.
 * @throws PermanentError `segment_failed`
 */
export async function demandFiles(
  archive: ArchiveReader,
  prefix: string,
  table: string,
  segments: readonly SegmentResult[],
): Promise<void> {
  const listed = new Map(segments.flatMap(({ files }) => files.map(({ key, bytes }) => [key, bytes])));
  const folder = segments[0]?.export_folder;
  for await (const page of archive.list(
    folder === undefined ? dataPrefix(prefix, table) : exportedData(folder),
  ))
    for (const { key, bytes } of page) {
      if (listed.get(key) !== bytes)
        throw new PermanentError('segment_failed', 'Among the data files lies one that no segment lists so.');
      listed.delete(key);
    }
  if (listed.size > 0)
    throw new PermanentError('segment_failed', `${listed.size} data files are not there any more.`);
}
