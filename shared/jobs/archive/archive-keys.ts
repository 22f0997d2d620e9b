/**
 * Prefix of everything that one backup writes. A repeated attempt overwrites the same objects; a backup that a person
 * retries begins with an empty prefix, so that nothing of the failed one lies among its data files.
 */
export const backupPrefix = (path: string, jobId: string, generation: number): string =>
  generation === 1 ? `${path}/${jobId}` : `${path}/${jobId}-${generation}`;

/** Prefix under which only data files of one table lie, which is what DynamoDB's ImportTable wants. */
export const dataPrefix = (prefix: string, table: string): string => `${prefix}/${table}/data/`;

/** Numbers have a fixed width, so that a listing is in order. */
export const partKey = (prefix: string, table: string, segment: number, part: number): string =>
  `${dataPrefix(prefix, table)}${padded(segment, 3)}-${padded(part, 5)}.json.gz`;

export const filesManifestKey = (prefix: string): string => `${prefix}/manifest-files.json`;
export const summaryManifestKey = (prefix: string): string => `${prefix}/manifest-summary.json`;

/** Written last. Without it a backup is unfinished, whatever else lies there. */
export const completedKey = (prefix: string): string => `${prefix}/completed`;

const padded = (number: number, width: number): string => String(number).padStart(width, '0');
