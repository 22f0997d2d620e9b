import { runHandler } from '#functions/queue/run-handler.ts';
import { createBase } from '#functions/runtime/base.ts';
import { createFieldKeys, fieldCipher } from '#functions/runtime/field-keys.ts';
import { jobQueue, recordStore } from '#functions/runtime/job-parts.ts';
import { dueBuckets } from '#functions/runtime/tick-parts.ts';
import { kindsByName } from '#shared/jobs/registry.ts';
import { tickShards } from './handler.ts';

const base = createBase('tick-shard', process.env);
const fields = createFieldKeys(base);
const records = recordStore(base, fields, fieldCipher(base, fields));

export const handler = runHandler(
  base,
  tickShards({
    ...base,
    records,
    schedules: records,
    queue: jobQueue(base),
    dueBuckets: dueBuckets(base, fields),
    kinds: kindsByName(),
  }),
);
