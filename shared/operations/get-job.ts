import type { Caller } from '../evidence/caller.ts';
import type { JsonObject } from '../jobs/ports.ts';
import type { Engine } from './engine.ts';
import { findJob } from './find-job.ts';
import { jobViews, resultView } from './job-view.ts';

/**
 * Status, attempts and, once it has succeeded, the result.
 * @throws ProblemError `not_found`
 */
export async function getJob(
  deps: Pick<Engine, 'store' | 'refs' | 'kinds'>,
  caller: Caller,
  jobId: string,
): Promise<JsonObject> {
  const { row, role } = await findJob(deps, 'getJob', caller, jobId);
  const stored = row.status === 'succeeded' ? await deps.store.result(row) : undefined;
  const viewer = { role, kind: deps.kinds.get(row.kind) };
  const result = stored && resultView(viewer, row, stored);
  // After the result: what it was opened with opens the summary, too.
  const [view] = await jobViews(deps.store, [{ row, viewer }]);
  return { ...view, ...(result && { result }) };
}
