import { PermanentError } from '../../errors/attempt-error.ts';
import { backupPrefix, completedKey, filesManifestKey, summaryManifestKey } from '../archive/archive-keys.ts';
import { putObject } from '../archive/put-object.ts';
import type { SegmentResult } from '../archive/segment.ts';
import {
  type Done,
  type JobView,
  type JsonObject,
  type RecordWrite,
  SYSTEM_OWNER,
  type World,
} from '../ports.ts';
import { gatherSegments } from './gather-segments.ts';
import { filesManifest, sum, summaryManifest, totalsOf } from './manifest.ts';
import { planSegments } from './plan-segments.ts';
import type { BackupPayload } from './schema.ts';

/** Round 0 splits the tables into segments; the next round, when all have ended, seals them with the manifests. */
export async function process(job: JobView<BackupPayload>, world: World): Promise<Done> {
  const prefix = backupPrefix(job.payload.storage_config.path, job.jobId, job.generation);
  if (job.round === 0) return { end: 'waiting', children: planSegments(prefix, world.archive.tables) };
  const segments = await gatherOrRecord(job, world, prefix);
  const result = await seal(job, world, prefix, segments);
  return {
    end: 'succeeded',
    result,
    summary: `${result.tables.length} tables, ${result.items} items in ${result.files} files, ${result.bytes} bytes`,
    writes: [catalogueEntry(job, 'completed', result)],
  };
}

/** A failed backup is in the catalogue too, so that operators do not miss it there. */
async function gatherOrRecord(
  job: JobView<BackupPayload>,
  world: World,
  prefix: string,
): Promise<readonly SegmentResult[]> {
  try {
    return gatherSegments(job.children);
  } catch (error) {
    if (error instanceof PermanentError)
      await world.recordIntent([catalogueEntry(job, 'failed', { prefix, error_code: error.code })]);
    throw error;
  }
}

/** Writes the manifests and, when everything else stands, the marker that calls the backup finished. */
async function seal(
  job: JobView<BackupPayload>,
  { archive }: World,
  prefix: string,
  segments: readonly SegmentResult[],
) {
  const put = (key: string, text: string) => putObject(archive, key, Buffer.from(text), 'application/json');
  const totals = totalsOf(segments);
  const startedAt = job.createdAt;
  const endedAt =
    segments
      .map(({ ended_at }) => ended_at)
      .sort()
      .at(-1) ?? startedAt;
  const list = await put(filesManifestKey(prefix), filesManifest(segments));
  const facts = { jobId: job.jobId, prefix, startedAt, endedAt, filesManifestSha256: list.sha256, totals };
  const manifestKey = summaryManifestKey(prefix);
  const summary = await put(manifestKey, `${JSON.stringify(summaryManifest(facts))}\n`);
  const marker = { manifestSummaryS3Key: manifestKey, manifestSummarySha256: summary.sha256 };
  await put(completedKey(prefix), `${JSON.stringify(marker)}\n`);
  return {
    backup_type: job.payload.backup_type,
    prefix,
    manifest_key: manifestKey,
    manifest_sha256: summary.sha256,
    tables: totals,
    items: sum(totals.map(({ items }) => items)),
    files: sum(totals.map(({ files }) => files)),
    bytes: sum(totals.map(({ bytes }) => bytes)),
    started_at: startedAt,
    ended_at: endedAt,
  };
}

const catalogueEntry = (
  job: JobView<BackupPayload>,
  status: 'completed' | 'failed',
  body: JsonObject,
): RecordWrite => ({
  type: 'backup',
  owner: SYSTEM_OWNER,
  id: `${job.createdAt}#${job.jobId}`,
  // A backup that failed and was retried by a person replaces its entry.
  expect: 'any',
  state: { status },
  body,
});
