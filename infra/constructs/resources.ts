import type { DrillTables } from './drill-tables.ts';
import type { EncryptionKeys } from './encryption-keys.ts';
import type { JobBuckets } from './job-buckets.ts';
import type { JobQueues } from './job-queues.ts';
import type { JobTables } from './job-tables.ts';
import type { ReminderChannels } from './reminder-channels.ts';

/** Everything that a function can be given access to. */
export interface Resources {
  readonly keys: EncryptionKeys;
  readonly tables: JobTables;
  readonly drillTables: DrillTables;
  readonly buckets: JobBuckets;
  readonly queues: JobQueues;
  readonly channels: ReminderChannels;
}
