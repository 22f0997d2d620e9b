import { runHandler } from '#functions/queue/run-handler.ts';
import { createBase } from '#functions/runtime/base.ts';
import { createFieldKeys, fieldCipher } from '#functions/runtime/field-keys.ts';
import { jobQueue, jobStore } from '#functions/runtime/job-parts.ts';
import { reconciler } from './handler.ts';

const base = createBase('reconciler', process.env);
const fields = createFieldKeys(base);

export const handler = runHandler(
  base,
  reconciler({
    ...base,
    store: jobStore(base, fields, fieldCipher(base, fields)),
    queue: jobQueue(base),
  }),
);
