import { runHandler } from '#functions/queue/run-handler.ts';
import { createBase } from '#functions/runtime/base.ts';
import { createFieldKeys, fieldCipher } from '#functions/runtime/field-keys.ts';
import { jobQueue, jobStore } from '#functions/runtime/job-parts.ts';
import { dueBuckets, tickQueue } from '#functions/runtime/tick-parts.ts';
import { tickHandler } from './handler.ts';

const base = createBase('tick', process.env);
const fields = createFieldKeys(base);

export const handler = runHandler(
  base,
  tickHandler({
    ...base,
    store: jobStore(base, fields, fieldCipher(base, fields)),
    queue: jobQueue(base),
    dueBuckets: dueBuckets(base, fields),
    tickQueue: tickQueue(base),
  }),
);
