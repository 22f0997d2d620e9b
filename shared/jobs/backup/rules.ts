import type { Problem } from '../../errors/problem-error.ts';
import type { BackupType } from '../archive/backup-manifest.ts';
import type { Ruling } from '../define-job-kind.ts';
import { checkPath } from './path-rule.ts';
import type { BackupPayload } from './schema.ts';

const TYPES = ['full', 'incremental', 'differential'] as const satisfies readonly BackupType[];

/** `undefined`: there is no backup of that type. */
export const typeOf = (payload: BackupPayload): BackupType | undefined =>
  TYPES.find((type) => type === payload.backup_type);

/** Type, storage and path, all problems at once. The accepted path has no trailing slash. */
export function rules(payload: BackupPayload): Ruling<BackupPayload> {
  const { storage_config } = payload;
  const backup_type = typeOf(payload);
  const problems: Problem[] = [];
  if (!backup_type)
    problems.push({
      pointer: '/backup_type',
      code: 'unsupported_backup_type',
      detail: 'Must be `full`, `incremental` or `differential`.',
    });
  if (storage_config.type !== 's3')
    problems.push({
      pointer: '/storage_config/type',
      code: 'unsupported_storage_type',
      detail: 'Only `s3` is available.',
    });
  const checked = checkPath(storage_config.path);
  if (!checked.ok)
    problems.push({ pointer: '/storage_config/path', code: checked.code, detail: checked.detail });
  if (!checked.ok || !backup_type || problems.length > 0) return { ok: false, problems };
  return { ok: true, payload: { backup_type, storage_config: { type: 's3', path: checked.path } } };
}
