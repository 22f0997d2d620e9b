import type { BackupPayload } from './schema.ts';

export const example: BackupPayload = {
  backup_type: 'full',
  storage_config: { type: 's3', path: 'on-demand' },
};
