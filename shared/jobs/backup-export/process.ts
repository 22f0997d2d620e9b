import { PermanentError } from '../../errors/attempt-error.ts';
import { exportFolder, exportList, readExportList } from '../archive/export-list.ts';
import { filesJob } from '../archive/export-order.ts';
import { readSegmentResult } from '../archive/segment.ts';
import type { ChildOutcome, Done, JobView, TableExports, World } from '../ports.ts';
import { type Look, lookResult, nextLook, readLook } from './look.ts';
import type { BackupExportPayload } from './schema.ts';

type Job = JobView<BackupExportPayload>;

/** The child that takes the files of a finished export in. */
const FILES = 'files';

/**
 * Begins the export of a table and waits for looks at it; when DynamoDB has ended it, waits for its files to be taken in, and
 * hands back what a segment does that has read the whole table.
 */
export async function process(job: Job, world: World): Promise<Done> {
  const exports = exportsOf(world);
  const { prefix, table, look } = job.payload;
  if (!world.archive.tables.includes(table))
    throw new PermanentError('unknown_table', 'The backup does not hold a table of that name.');
  if (look) {
    const result = lookResult({
      arn: look.export_arn,
      number: look.number,
      found: await exports.look(look.export_arn),
    });
    return { end: 'succeeded', result, summary: `${table}: ${result['status']}` };
  }
  if (job.round === 0) {
    const token = `${job.jobId}-${job.generation}`;
    const arn = await exports.begin({ table, prefix: `${prefix}/${table}`, token });
    return { end: 'waiting', children: [nextLook(job.payload, arn, 1, world.now())] };
  }
  const child = onlyChild(job.children);
  return child.key === FILES ? handBack(child) : afterLook(job, world, child);
}

function exportsOf({ exports }: World): TableExports {
  if (exports) return exports;
  throw new PermanentError('no_exports', 'This deployment makes full backups by a scan of its own.');
}

function onlyChild(children: readonly ChildOutcome[]): ChildOutcome {
  const [child] = children;
  if (child?.status === 'succeeded') return child;
  throw new PermanentError('export_failed', 'What an export waited for did not succeed.');
}

function handBack(child: ChildOutcome): Done {
  const result = readSegmentResult(child.result);
  return { end: 'succeeded', result, summary: `${result.items} items in ${result.files.length} files` };
}

async function afterLook(job: Job, world: World, child: ChildOutcome): Promise<Done> {
  const seen = readLook(child.result);
  if (!seen) throw new PermanentError('export_failed', 'The result of a look could not be read.');
  if (seen.found.status === 'failed')
    throw new PermanentError('export_failed', `DynamoDB could not export the table: ${seen.found.code}.`);
  if (seen.found.status === 'running')
    return { end: 'waiting', children: [nextLook(job.payload, seen.arn, seen.number + 1, world.now())] };
  return takeIn(job, world, seen, seen.found);
}

async function takeIn(
  { payload: { prefix, table } }: Job,
  { archive }: World,
  { arn }: Look,
  { exportedAt, items }: Extract<Look['found'], { readonly status: 'completed' }>,
): Promise<Done> {
  const folder = exportFolder(`${prefix}/${table}`, arn);
  const files = readExportList(await archive.get(exportList(folder)), folder);
  const listed = files.reduce((sum, file) => sum + file.items, 0);
  if (listed !== items)
    throw new PermanentError('export_incomplete', `The export lists ${listed} items and tells of ${items}.`);
  const whole = { table, folder, exported_at: exportedAt, from: 0, until: files.length };
  return { end: 'waiting', children: [filesJob(FILES, whole)] };
}
