import { runHandler } from '#functions/queue/run-handler.ts';
import { createBase } from '#functions/runtime/base.ts';
import { closedFields, database } from '#functions/runtime/closed-fields.ts';
import { jobQueue, jobStore } from '#functions/runtime/job-parts.ts';
import { kindsByName } from '#shared/jobs/registry.ts';
import { deadLetter } from './handler.ts';

const base = createBase('dead-letter', process.env);
const tables = database(base);

export const handler = runHandler(
  base,
  deadLetter({
    ...base,
    store: jobStore(base, tables, closedFields),
    queue: jobQueue(base),
    kinds: kindsByName(),
  }),
);
