import { runHandler } from '#functions/queue/run-handler.ts';
import { createBase } from '#functions/runtime/base.ts';
import { jobLists } from '#functions/runtime/list-parts.ts';
import { operationsWidget } from './handler.ts';
import { createOperatorApi } from './operator-api.ts';

const base = createBase('operations-widget', process.env);

export const handler = runHandler(
  base,
  operationsWidget({
    ...base,
    store: jobLists(base),
    api: createOperatorApi(base.variable('API_URL')),
  }),
);
