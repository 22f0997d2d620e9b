import type { BackupExportFilesPayload } from './schema.ts';

export const example: BackupExportFilesPayload = {
  table: 'records',
  folder: 'backups/daily/01KAZ3V8M00000000000000000/records/AWSDynamoDB/01700000000000-0a1b2c3d/',
  exported_at: '2026-03-01T02:00:00.000Z',
  from: 0,
  until: 4,
};
