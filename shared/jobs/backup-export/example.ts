import type { BackupExportPayload } from './schema.ts';

export const example: BackupExportPayload = {
  prefix: 'backups/daily/01KAZ3V8M00000000000000000',
  table: 'records',
};
