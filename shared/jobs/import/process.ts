import { PermanentError } from '../../errors/attempt-error.ts';
import type { Done, JobView } from '../ports.ts';
import type { Import } from './schema.ts';

/**
 * Gathers, once its chunks have ended, what became of the lines: counts only. A chunk that failed has an alarm of its own
 * and can be run again by a person, so the import does not fail with it; the numbers say so.
 */
export async function process(job: JobView<Import>): Promise<Done> {
  // Its chunks are made together with it, never by it.
  if (job.round === 0)
    throw new PermanentError('import_without_chunks', 'An import cannot be run again; its chunks can.');
  const { chunks } = job.payload;
  const done = new Set(
    job.children.filter(({ status }) => status === 'succeeded').map(({ jobId }) => jobId),
  );
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  const result = {
    format: job.payload.format,
    reminders: sum(chunks.map(({ job_id: jobId, accepted }) => (done.has(jobId) ? accepted : 0))),
    rejected: sum(chunks.map(({ rejected }) => rejected)),
    not_carried_out: sum(chunks.map(({ job_id: jobId, accepted }) => (done.has(jobId) ? 0 : accepted))),
  };
  return {
    end: 'succeeded',
    result,
    summary: `${result.reminders} reminders, ${result.rejected} rejected, ${result.not_carried_out} not carried out`,
  };
}
