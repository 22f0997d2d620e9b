import type { Instant } from '../../lifecycle/instant.ts';

/** What begins with this part of a path is kept for years, see the bucket's lifecycle rules. */
export const KEPT_FOR_YEARS = 'monthly';

/** Beginnings of all keys of the bucket, by how long what lies there is kept. */
export const ROOTS = {
  /** Backups kept for weeks. */
  backups: 'backups/',
  /** Backups kept for years. */
  years: `${KEPT_FOR_YEARS}/`,
  changes: 'changes/',
  /** Names each backup that was ever begun to be sealed. */
  catalogue: 'catalogue/',
  /** What each drill of a restore has shown. */
  drills: 'drills/',
} as const;

/**
 * Prefix of everything that one backup writes. A repeated attempt overwrites the same objects; a backup that a person
 * retries begins with an empty prefix, so that nothing of the failed one lies among its data files.
 */
export function backupPrefix(path: string, jobId: string, generation: number): string {
  const inYears = path === KEPT_FOR_YEARS || path.startsWith(ROOTS.years);
  const place = `${inYears ? '' : ROOTS.backups}${path}/${jobId}`;
  return generation === 1 ? place : `${place}-${generation}`;
}

/** How long what is not kept for years is kept, from the day on which it was written. */
export const KEPT_DAYS = 35;

/** One table of a backup: from here on the layout is that of DynamoDB's own export. */
const tablePrefix = (prefix: string, table: string): string => `${prefix}/${table}`;

/** Prefix under which only data files of one table lie, which is what DynamoDB's ImportTable wants. */
export const dataPrefix = (prefix: string, table: string): string => `${tablePrefix(prefix, table)}/data/`;

/** Numbers have a fixed width, so that a listing is in order. */
export const partKey = (prefix: string, table: string, segment: number, part: number): string =>
  `${dataPrefix(prefix, table)}${padded(segment, 3)}-${padded(part, 5)}.json.gz`;

export const filesManifestKey = (prefix: string, table: string): string =>
  `${tablePrefix(prefix, table)}/manifest-files.json`;
export const summaryManifestKey = (prefix: string, table: string): string =>
  `${tablePrefix(prefix, table)}/manifest-summary.json`;
/** DynamoDB's export lays the MD5 of each manifest beside it. */
export const md5Key = (manifestKey: string): string => manifestKey.replace(/\.json$/, '.md5');

/** What the signature stands for. */
export const manifestKey = (prefix: string): string => `${prefix}/manifest.json`;

/** Written last. Without it a backup is unfinished, whatever else lies there. */
export const completedKey = (prefix: string): string => `${prefix}/completed`;

const COMPLETED = completedKey('');

/** The prefix of the backup whose marker that is. `undefined`: it is none. */
export const prefixOfMarker = (key: string): string | undefined =>
  key.endsWith(COMPLETED) ? key.slice(0, -COMPLETED.length) : undefined;

/** In order of time. */
export const catalogueKey = (createdAt: Instant, jobId: string, generation: number): string =>
  `${catalogueKeyStart(createdAt, jobId)}${generation}.json`;

/** Of all generations of one job. */
export const catalogueKeyStart = (createdAt: Instant, jobId: string): string =>
  `${ROOTS.catalogue}${stamp(createdAt)}-${jobId}-`;

/** An instant as part of a key, in the order of time. */
export const stamp = (instant: Instant): string => instant.replace(/[-:]/g, '');

export const padded = (number: number | string, width: number): string => String(number).padStart(width, '0');
