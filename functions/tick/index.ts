import { runHandler } from '#functions/queue/run-handler.ts';
import { createBase } from '#functions/runtime/base.ts';
import { closedFields, database } from '#functions/runtime/closed-fields.ts';
import { jobQueue, jobStore } from '#functions/runtime/job-parts.ts';
import { dueBuckets, tickQueue } from '#functions/runtime/tick-parts.ts';
import { tickHandler } from './handler.ts';

const base = createBase('tick', process.env);
const tables = database(base);

export const handler = runHandler(
  base,
  tickHandler({
    ...base,
    store: jobStore(base, tables, closedFields),
    queue: jobQueue(base),
    dueBuckets: dueBuckets(base, tables),
    tickQueue: tickQueue(base),
  }),
);
