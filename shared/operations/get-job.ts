import type { Caller } from '../evidence/caller.ts';
import type { JsonObject } from '../jobs/ports.ts';
import type { Engine } from './engine.ts';
import { findJob } from './find-job.ts';
import { jobViews, releaseView, resultView, seesWhole } from './job-view.ts';

export type GetJobDeps = Pick<Engine, 'store' | 'releases' | 'refs' | 'kinds' | 'settings'>;

/**
 * Status, attempts and, once it has succeeded, the result; with it what of it was released to the patient.
 * @throws ProblemError `not_found`
 */
export async function getJob(deps: GetJobDeps, caller: Caller, jobId: string): Promise<JsonObject> {
  const { row, role } = await findJob(deps, 'getJob', caller, jobId);
  const stored = row.status === 'succeeded' ? await deps.store.result(row) : undefined;
  const viewer = { role, kind: deps.kinds.get(row.kind) };
  // Where the deployer has taken the permission back, what was released before is not shown any more.
  const asks =
    stored !== undefined && viewer.kind?.release !== undefined && deps.settings.patientRelease === true;
  const release = asks ? await deps.releases.read(row) : undefined;
  const result = stored && resultView(viewer, row, stored, release);
  // After the result: what it was opened with opens the summary, too.
  const [view] = await jobViews(deps.store, [{ row, viewer }]);
  return {
    ...view,
    ...(result && { result }),
    ...(release && seesWhole(viewer, row) && { release: releaseView(release) }),
  };
}
