import { dynamoClient } from '#shared/adapters/clients.ts';
import { createJobLists } from '#shared/adapters/job-lists.ts';
import { type Base, countVariable } from './base.ts';

/** Rows by the status index, for functions that look at them and at nothing else. */
export const jobLists = (base: Base): ReturnType<typeof createJobLists> =>
  createJobLists({
    client: dynamoClient(base.clients),
    table: base.variable('JOBS_TABLE'),
    watchShards: countVariable(base, 'WATCH_SHARDS'),
    clock: base.clock,
  });
