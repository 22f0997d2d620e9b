import { PermanentError } from '../../errors/attempt-error.ts';
import { addSeconds, type Instant } from '../../lifecycle/instant.ts';
import { EXPORT_KIND } from '../archive/export-order.ts';
import type { ChildJob, JsonObject, TableExport } from '../ports.ts';
import type { BackupExportPayload } from './schema.ts';

/** A look at an export that began a minute ago, and at most a quarter of an hour between two. */
const FIRST_LOOK_SECONDS = 60;
const LONGEST_BETWEEN_SECONDS = 900;

/** Some two days. An export that takes longer is given up: its lock would hold up the backups of all these days. */
const MOST_LOOKS = 200;

export type Look = { readonly arn: string; readonly number: number; readonly found: TableExport };

/**
 * The job that looks at an export the next time. Until then nothing runs: its parent waits, its message lies in the queue.
 * @throws PermanentError `export_too_slow` after the last look
 */
export function nextLook(of: BackupExportPayload, arn: string, number: number, now: Instant): ChildJob {
  if (number > MOST_LOOKS)
    throw new PermanentError('export_too_slow', 'DynamoDB has not ended an export in two days.');
  const seconds = Math.min(FIRST_LOOK_SECONDS * 2 ** (number - 1), LONGEST_BETWEEN_SECONDS);
  return {
    key: `look#${number}`,
    kind: EXPORT_KIND,
    payload: { prefix: of.prefix, table: of.table, look: { export_arn: arn, number } },
    priority: 'LOW',
    dueAt: addSeconds(now, seconds),
  };
}

export const lookResult = ({ arn, number, found }: Look): JsonObject => ({
  export_arn: arn,
  number,
  status: found.status,
  ...(found.status === 'failed' && { code: found.code }),
  ...(found.status === 'completed' && { exported_at: found.exportedAt, items: found.items }),
});

/** `undefined`: the result is not that of a look. */
export function readLook(result: JsonObject | undefined): Look | undefined {
  const { export_arn: arn, number, status, code, exported_at: exportedAt, items } = result ?? {};
  if (typeof arn !== 'string' || typeof number !== 'number') return undefined;
  if (status === 'running') return { arn, number, found: { status } };
  if (status === 'failed') return { arn, number, found: { status, code: String(code) } };
  if (status !== 'completed' || typeof exportedAt !== 'string' || typeof items !== 'number') return undefined;
  return { arn, number, found: { status, exportedAt, items } };
}
