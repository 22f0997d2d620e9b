import { dynamoClient } from '#shared/adapters/clients.ts';
import { createJobLists } from '#shared/adapters/job-lists.ts';
import { METRICS } from '#shared/contract/metrics.ts';
import { type Base, countVariable } from './base.ts';

/** Rows by the status index, for functions that look at them and at nothing else. */
export const jobLists = (base: Base): ReturnType<typeof createJobLists> =>
  createJobLists({
    client: dynamoClient(base.clients),
    table: base.variable('JOBS_TABLE'),
    watchShards: countVariable(base, 'WATCH_SHARDS'),
    clock: base.clock,
    unreadable: reportUnreadable(base),
  });

/** A row that nobody can read is told to operators: it stands in no list. */
export const reportUnreadable =
  (base: Base) =>
  (jobId: string): void => {
    base.log.error('job.unreadable', { job_id: jobId });
    base.metrics.add(METRICS.runFailures, 1, 'Count');
  };
