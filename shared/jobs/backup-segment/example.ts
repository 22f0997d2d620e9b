import type { BackupSegmentPayload } from './schema.ts';

export const example: BackupSegmentPayload = {
  prefix: 'daily/01KAZ3V8M00000000000000000',
  table: 'records',
  segment: 0,
  of: 1,
};
