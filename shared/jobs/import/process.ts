import { CHUNK_KIND } from '../intake/import-order.ts';
import { tallyOf, tallyText } from '../intake/import-tally.ts';
import { linesOf, planChunks } from '../intake/plan-chunks.ts';
import type { ChildJob, Done, JobView } from '../ports.ts';
import type { Import } from './schema.ts';

/** Splits the lines into chunks and waits for them; then adds up what they did. The report stands in their results. */
export async function process(job: JobView<Import>): Promise<Done> {
  if (job.round === 0) return { end: 'waiting', children: chunksOf(job) };
  const tally = tallyOf(job.children);
  return {
    end: 'succeeded',
    result: { ...tally, lines: job.payload.lines.length },
    summary: tallyText(tally),
  };
}

function chunksOf({ jobId, createdAt, payload }: JobView<Import>): readonly ChildJob[] {
  const { lines, role, submitted_by } = payload;
  const terms = { import_id: jobId, accepted_at: createdAt, role, submitted_by };
  return planChunks(lines.length).map((range) => ({
    key: `lines#${range.start}`,
    kind: CHUNK_KIND,
    payload: { ...terms, lines: linesOf(lines, range) },
    priority: 'LOW',
  }));
}
