import { runHandler } from '#functions/queue/run-handler.ts';
import { createBase } from '#functions/runtime/base.ts';
import { createFieldKeys, fieldCipher } from '#functions/runtime/field-keys.ts';
import { jobQueue, jobStore, settingsOf } from '#functions/runtime/job-parts.ts';
import { kindsByName } from '#shared/jobs/registry.ts';
import { recurring } from './handler.ts';

const base = createBase('recurring', process.env);
const fields = createFieldKeys(base);

export const handler = runHandler(
  base,
  recurring({
    ...base,
    store: jobStore(base, fields, fieldCipher(base, fields)),
    queue: jobQueue(base),
    kinds: kindsByName(),
    settings: settingsOf(base),
  }),
);
