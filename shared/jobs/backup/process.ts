import { PermanentError } from '../../errors/attempt-error.ts';
import { addSeconds, type Instant } from '../../lifecycle/instant.ts';
import { backupPrefix, manifestKey } from '../archive/archive-keys.ts';
import { type BackupManifest, readManifest } from '../archive/backup-manifest.ts';
import { asFile, changesBetween, SETTLED_SECONDS } from '../archive/change-log.ts';
import { exportedData } from '../archive/export-list.ts';
import { planExports } from '../archive/export-order.ts';
import { lastEnded, lastEndedIs } from '../archive/last-ended.ts';
import type { SegmentResult } from '../archive/segment.ts';
import { type ChildJob, type Done, type JobView, RESULTS_TABLE, type World } from '../ports.ts';
import { givenBack, keepLock, takeLock } from './backup-lock.ts';
import { catalogueRecord, newest } from './backup-records.ts';
import { demandFiles } from './demand-files.ts';
import { findBase } from './find-base.ts';
import { gatherSegments } from './gather-segments.ts';
import { planSegments } from './plan-segments.ts';
import { typeOf } from './rules.ts';
import type { BackupPayload } from './schema.ts';
import { sealBackup, sum, type TableFiles } from './seal-backup.ts';

type Job = JobView<BackupPayload>;
type Seal = Pick<BackupManifest, 'backup_type' | 'parent' | 'interval' | 'ended_at'>;

/**
 * A full backup: round 0 splits the tables into segments; the next round, when all have ended, seals them with the
 * manifests. An increment is a range of the change log and needs one round.
 */
export async function process(job: Job, world: World): Promise<Done> {
  const prefix = backupPrefix(job.payload.storage_config.path, job.jobId, job.generation);
  if (job.round > 0) return finishFull(job, world, prefix);
  await takeLock(job, world);
  // The rules let nothing else in.
  const type = typeOf(job.payload) ?? 'full';
  // The same in each attempt, so that all write the same range.
  const until = settledBefore(job);
  const base = type === 'full' ? undefined : await findBase(world.archive, type, until);
  if (type === 'full' || !base) return { end: 'waiting', children: planFull(prefix, world) };
  const from = base.manifest.interval.until;
  const tables: TableFiles[] = [];
  for (const table of world.archive.tables)
    tables.push({ table, files: (await changesBetween(world.archive, table, from, until)).map(asFile) });
  const parent = base.backupId;
  return finish(job, world, prefix, tables, {
    backup_type: type,
    parent,
    interval: { from, until },
    ended_at: await endOf(prefix, world),
  });
}

/** When an increment ended: now, or when an earlier attempt, whose manifest stands there, says that it did. Each writes the same. */
async function endOf(prefix: string, { archive, now }: World): Promise<Instant> {
  const bytes = await archive.get(manifestKey(prefix));
  return (bytes && readManifest(bytes)?.ended_at) ?? now();
}

/** DynamoDB exports tables; large results, which are none, are always read by a scan of our own. */
function planFull(prefix: string, { archive, exports }: World): readonly ChildJob[] {
  if (!exports) return planSegments(prefix, archive.tables);
  const [others, tables] = [
    archive.tables.filter(isOfResults),
    archive.tables.filter((name) => !isOfResults(name)),
  ];
  return [...planExports(prefix, tables), ...(others.length > 0 ? planSegments(prefix, others) : [])];
}

const isOfResults = (table: string): boolean => table === RESULTS_TABLE;

/** What was stamped before is in the change log, or never will be. */
const settledBefore = (job: Job) => addSeconds(job.createdAt, -SETTLED_SECONDS);

async function finishFull(job: Job, world: World, prefix: string): Promise<Done> {
  const segments = await gatherOrRecord(job, world, prefix);
  const tables = [...Map.groupBy(segments, ({ table }) => table)].map(([table, ofTable]) => ({
    table,
    files: ofTable.flatMap(({ files }) => files),
    ...exportOf(ofTable),
  }));
  return finish(job, world, prefix, tables, {
    backup_type: 'full',
    parent: null,
    // An increment begins before the scan began: what changed meanwhile is in the log from there on.
    interval: { from: null, until: settledBefore(job) },
    ended_at:
      segments
        .map(({ ended_at }) => ended_at)
        .toSorted()
        .at(-1) ?? job.createdAt,
  });
}

/** Of a table that DynamoDB has exported: where its files lie, and the moment that they show. */
const exportOf = ([first]: readonly SegmentResult[]): Pick<TableFiles, 'exported'> =>
  first?.export_folder === undefined
    ? {}
    : { exported: { at: first.ended_at, data: exportedData(first.export_folder) } };

async function finish(
  job: Job,
  world: World,
  prefix: string,
  tables: readonly TableFiles[],
  seal: Seal,
): Promise<Done> {
  let version = 0;
  const facts = { ...seal, prefix, previous: (await lastEnded(world)) ?? null, started_at: job.createdAt };
  const manifest = await sealBackup(job, world.archive, facts, tables, async () => {
    version = await keepLock(job, world);
  });
  const result = resultOf(job, manifest);
  return {
    end: 'succeeded',
    result,
    summary: `${result.backup_type}: ${result.tables.length} tables, ${result.items} items in ${result.files} files, ${result.bytes} bytes`,
    writes: [
      catalogueRecord(job, 'completed', result),
      ...(await newest(world, seal.interval.until)),
      lastEndedIs(job.jobId),
      givenBack(version),
    ],
  };
}

const resultOf = (job: Job, manifest: BackupManifest) => ({
  backup_type: manifest.backup_type,
  // Without anything to continue, an increment becomes a full backup.
  ...(manifest.backup_type !== job.payload.backup_type && { requested_type: job.payload.backup_type }),
  prefix: manifest.prefix,
  parent: manifest.parent,
  interval: manifest.interval,
  tables: manifest.tables.map(({ table, files, items, bytes }) => ({ table, files, items, bytes })),
  items: sum(manifest.tables.map(({ items }) => items)),
  files: sum(manifest.tables.map(({ files }) => files)),
  bytes: sum(manifest.tables.map(({ bytes }) => bytes)),
  started_at: manifest.started_at,
  ended_at: manifest.ended_at,
});

/** A failed backup is in the records too, so that operators do not miss it there, and the next one may begin. */
async function gatherOrRecord(job: Job, world: World, prefix: string): Promise<readonly SegmentResult[]> {
  try {
    const segments = gatherSegments(job.children);
    for (const [table, ofTable] of Map.groupBy(segments, (segment) => segment.table))
      await demandFiles(world.archive, prefix, table, ofTable);
    return segments;
  } catch (error) {
    if (error instanceof PermanentError) {
      const version = await keepLock(job, world);
      const failed = catalogueRecord(job, 'failed', { prefix, error_code: error.code });
      await world.recordIntent([failed, givenBack(version)]);
    }
    throw error;
  }
}
