import type { JobRow } from '../lifecycle/job-row.ts';
import { isTerminal, type Status } from '../lifecycle/transitions.ts';
import type { JobFilter } from './bulk-ports.ts';
import type { WatchClass } from './ports.ts';

/** What of a job is in its row and in its outcome alike. */
type Told = Pick<JobRow, 'kind' | 'status' | 'priority' | 'errorCode'>;

/** Whether a job is one of those that the filter names, whenever it was made. */
export const matches = (filter: JobFilter, row: Told): boolean =>
  (filter.kind === undefined || row.kind === filter.kind) &&
  (filter.status === undefined || row.status === filter.status) &&
  (filter.priority === undefined || row.priority === filter.priority) &&
  (filter.errorCode === undefined || row.errorCode === filter.errorCode);

export const madeWithin = (filter: JobFilter, row: Pick<JobRow, 'createdAt'>): boolean =>
  (filter.from === undefined || row.createdAt >= filter.from) &&
  (filter.to === undefined || row.createdAt < filter.to);

/** The classes of the status index in which jobs of that status stand. */
export function watchesFor(status: Status | undefined): readonly WatchClass[] {
  if (status === undefined) return ['failed', 'open', 'waiting', 'scheduled'];
  if (status === 'failed' || status === 'waiting' || status === 'scheduled') return [status];
  return isTerminal(status) ? [] : ['open'];
}
