import type { JobRow } from '../lifecycle/job-row.ts';
import type { Log, LogFields } from './ports.ts';

/** A logger that puts `own` on each of its lines. The one it is made from is left as it is. */
export const logWithFields = (log: Log, own: LogFields): Log => ({
  info: (event, fields) => log.info(event, { ...own, ...fields }),
  warn: (event, fields) => log.warn(event, { ...own, ...fields }),
  error: (event, fields) => log.error(event, { ...own, ...fields }),
});

/** A logger whose lines lead back to the request, or the rule, that made the job. */
export const logAbout = (log: Log, { correlationId }: Pick<JobRow, 'correlationId'>): Log =>
  logWithFields(log, { correlation_id: correlationId });
