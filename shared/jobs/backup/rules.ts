import type { Problem } from '../../errors/problem-error.ts';
import type { BackupType } from '../archive/backup-manifest.ts';
import type { Ruling } from '../define-job-kind.ts';
import { checkPath, namesOtherBucket } from './path-rule.ts';
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
  problems.push(...typeProblems(payload));
  const checked = checkPath(storage_config.path);
  if (!checked.ok) problems.push(pathProblem(checked));
  if (!checked.ok || !backup_type || problems.length > 0) return { ok: false, problems };
  return { ok: true, payload: { backup_type, storage_config: { type: 's3', path: checked.path } } };
}

/** Why the place is not the deployment's own bucket: empty when it is. */
export function storage(payload: BackupPayload): readonly Problem[] {
  const { path } = payload.storage_config;
  const checked = checkPath(path);
  return [...typeProblems(payload), ...(!checked.ok && namesOtherBucket(path) ? [pathProblem(checked)] : [])];
}

const typeProblems = ({ storage_config }: BackupPayload): readonly Problem[] =>
  storage_config.type === 's3'
    ? []
    : [
        {
          pointer: '/storage_config/type',
          code: 'unsupported_storage_type',
          detail: 'Only `s3` is available.',
        },
      ];

const pathProblem = ({ code, detail }: { readonly code: string; readonly detail: string }): Problem => ({
  pointer: '/storage_config/path',
  code,
  detail,
});
