import { PermanentError } from '../../errors/attempt-error.ts';
import { partKey } from '../archive/archive-keys.ts';
import { GzipPart } from '../archive/gzip-part.ts';
import { putObject } from '../archive/put-object.ts';
import type { SegmentFile, SegmentResult } from '../archive/segment.ts';
import type { Done, JobView, World } from '../ports.ts';
import type { BackupSegmentPayload } from './schema.ts';

/** A part is closed at this compressed size; it passes it by at most one block of lines. */
export const PART_BYTES = 8 * 1024 * 1024;

/**
 * Streams one scan segment into gzip parts. Holds one page and one part at a time, so memory does not grow with the
 * table. Keys follow from the order alone: a repeated attempt overwrites what an earlier one left.
 */
export async function process(job: JobView<BackupSegmentPayload>, world: World): Promise<Done> {
  const { table, segment, of } = job.payload;
  if (!world.archive.tables.includes(table))
    throw new PermanentError('unknown_table', 'The backup does not hold a table of that name.');
  if (segment >= of) throw new PermanentError('unknown_segment', 'The segment is not one of its scan.');
  const files = await writeParts(job.payload, world);
  const result: SegmentResult = {
    table,
    segment,
    of,
    items: files.reduce((sum, file) => sum + file.items, 0),
    files,
    ended_at: world.now(),
  };
  return { end: 'succeeded', result, summary: `${result.items} items in ${files.length} files` };
}

async function writeParts(order: BackupSegmentPayload, world: World): Promise<SegmentFile[]> {
  const { prefix, table, segment, of } = order;
  const files: SegmentFile[] = [];
  let part = new GzipPart();
  const close = async (): Promise<void> => {
    const { items } = part;
    const key = partKey(prefix, table, segment, files.length);
    const body = await part.finish();
    part = new GzipPart();
    files.push({ key, items, ...(await putObject(world.archive, key, body, 'application/gzip')) });
  };
  for await (const lines of world.archive.scan(table, segment, of)) {
    for (const line of lines) {
      await part.add(line);
      if (part.size >= PART_BYTES) await close();
    }
  }
  if (part.items > 0) await close();
  return files;
}
