import type { Instant } from '../../lifecycle/instant.ts';
import type { Archive, ArchiveReader, Json } from '../ports.ts';
import { ROOTS, stamp } from './archive-keys.ts';
import { isObject } from './backup-manifest.ts';
import { type DrillRun, drillVerdict } from './drill-run.ts';
import { putObject } from './put-object.ts';

/** What a drill has shown, as it lies in the bucket for years: whoever has lost the tables can still see when a restore worked. */
export type DrillReport = {
  readonly job_id: string;
  /** Month that it is the drill of. */
  readonly month: string;
  readonly passed: boolean;
  /** The backup that was restored, with all that it continues; `null`: there was none. */
  readonly backup_id: string | null;
  readonly started_at: Instant;
  /** `null`: it never came to that. */
  readonly compared_at: Instant | null;
  readonly restore_rto_seconds: number | null;
  readonly restore_rpo_seconds: number | null;
  readonly faults: readonly string[];
};

export function drillReport(jobId: string, month: string, run: DrillRun): DrillReport {
  const { passed, rtoSeconds, rpoSeconds } = drillVerdict(run);
  return {
    job_id: jobId,
    month,
    passed,
    backup_id: run.backup_id ?? null,
    started_at: run.started_at,
    compared_at: run.compared_at ?? null,
    restore_rto_seconds: rtoSeconds ?? null,
    restore_rpo_seconds: rpoSeconds ?? null,
    faults: run.faults,
  };
}

/** Keeps it; a repeated attempt writes the same object. */
export async function keepDrillReport(archive: Pick<Archive, 'put'>, report: DrillReport): Promise<void> {
  const key = `${ROOTS.drills}${stamp(report.started_at)}-${report.job_id}.json`;
  await putObject(archive, key, Buffer.from(`${JSON.stringify(report)}\n`), 'application/json');
}

/** The newest first, and the keys of objects among them that are no reports. */
export async function lastDrills(
  archive: ArchiveReader,
  most: number,
): Promise<{ readonly drills: readonly DrillReport[]; readonly unreadable: readonly string[] }> {
  const keys: string[] = [];
  for await (const page of archive.list(ROOTS.drills)) keys.push(...page.map(({ key }) => key));
  const [drills, unreadable]: [DrillReport[], string[]] = [[], []];
  for (const key of keys.sort().reverse().slice(0, most)) {
    const report = readReport(await archive.get(key));
    if (report) drills.push(report);
    else unreadable.push(key);
  }
  return { drills, unreadable };
}

function readReport(bytes: Uint8Array | undefined): DrillReport | undefined {
  const json = bytes && parsed(bytes);
  if (!isObject(json)) return undefined;
  const { job_id, month, passed, backup_id, started_at, compared_at, faults } = json;
  const [rto, rpo] = [json['restore_rto_seconds'], json['restore_rpo_seconds']];
  if (!isText(job_id) || !isText(month) || typeof passed !== 'boolean' || !isText(started_at))
    return undefined;
  return {
    job_id,
    month,
    passed,
    backup_id: isText(backup_id) ? backup_id : null,
    started_at,
    compared_at: isText(compared_at) ? compared_at : null,
    restore_rto_seconds: typeof rto === 'number' ? rto : null,
    restore_rpo_seconds: typeof rpo === 'number' ? rpo : null,
    faults: Array.isArray(faults) ? faults.filter(isText) : [],
  };
}

function parsed(bytes: Uint8Array): Json {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

const isText = (json: Json | undefined): json is string => typeof json === 'string';
