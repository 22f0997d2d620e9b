import { runHandler } from '#functions/queue/run-handler.ts';
import { runBy } from '#functions/runtime/api-parts.ts';
import { createBase } from '#functions/runtime/base.ts';
import { bodyForms } from '#functions/runtime/body-forms.ts';
import { createFieldKeys, fieldCipher } from '#functions/runtime/field-keys.ts';
import { aroundProcess } from '#functions/runtime/hooks.ts';
import {
  jobQueue,
  jobStore,
  recallIndex,
  recordStore,
  settingsOf,
  timingOf,
} from '#functions/runtime/job-parts.ts';
import { largeResults } from '#functions/runtime/large-results.ts';
import {
  archive,
  drill,
  eventReader,
  messageLease,
  outcomeReader,
  publisher,
  reference,
  tableExports,
} from '#functions/runtime/worker-parts.ts';
import { kindsByName } from '#shared/jobs/registry.ts';
import { worker } from './handler.ts';

const base = createBase('worker', process.env);
const fields = createFieldKeys(base);
const cipher = fieldCipher(base, fields);
const exports = tableExports(base, fields);
const parts = {
  ...base,
  store: jobStore(base, fields, cipher, largeResults(base)),
  records: recordStore(base, fields, cipher),
  recall: recallIndex(base, fields, cipher),
  queue: jobQueue(base),
  outcomes: outcomeReader(base, fields, cipher),
  events: eventReader(base, fields, cipher),
  archive: archive(base, fields),
  ...(exports && { exports }),
  drill: drill(base),
  reference: reference(base),
  publisher: publisher(base),
  lease: messageLease(base),
  kinds: kindsByName(),
  forms: bodyForms,
  timing: timingOf(base),
  settings: settingsOf(base),
  aroundProcess,
};

export const handler = runHandler(
  base,
  runBy(async () => worker({ ...parts, refs: await fields.refs() })),
);
