import { isLost } from '../errors/unreadable.ts';
import { standaloneEntry } from '../evidence/audit-chain.ts';
import type { Caller } from '../evidence/caller.ts';
import { jobMembers } from '../evidence/response-members.ts';
import type { JsonObject } from '../jobs/ports.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import type { Engine } from './engine.ts';
import { actorOf, findJob, noteGrant, type RequestContext } from './find-job.ts';
import { jobViews, releaseView, resultView, seesMember, type Viewer } from './job-view.ts';
import { recordRead } from './record-read.ts';
import { unlessErased } from './standing-content.ts';

export type GetJobDeps = Pick<
  Engine,
  'store' | 'releases' | 'records' | 'emergencyGrants' | 'refs' | 'kinds' | 'settings' | 'audit' | 'random'
>;

/**
 * Status, attempts and, once it has succeeded, the result; with it what of it was released to the patient. The audit
 * entry says how much of it was shown, and is written before the answer.
 * @throws ProblemError `not_found`, `read_not_recorded`, `result_lost`
 */
export async function getJob(
  deps: GetJobDeps,
  caller: Caller,
  jobId: string,
  request: RequestContext,
): Promise<JsonObject> {
  const found = await findJob(deps, 'getJob', caller, jobId, request);
  const { row, role } = found;
  const viewer = { role, kind: deps.kinds.get(row.kind) };
  const stored = await storedResult(deps, row, viewer);
  noteGrant(request, role, jobMembers('getJob', role, row.userRef !== undefined, viewer.kind));
  // Where the deployer has taken the permission back, what was released before is not shown any more.
  const asks =
    stored !== undefined && viewer.kind?.release !== undefined && deps.settings.patientRelease === true;
  const release = asks ? await deps.releases.read(row) : undefined;
  const result = stored && resultView(viewer, row, stored, release);
  // After the result: what it was opened with opens the summary, too.
  const [view] = await jobViews(deps.store, [{ row, viewer }]);
  const shown = {
    ...view,
    ...(result && { result }),
    ...(release && seesMember(viewer, row, 'release') && { release: releaseView(release) }),
  };
  await recordRead(
    deps,
    standaloneEntry(
      {
        at: request.receivedAt,
        action: 'job.read',
        outcome: 'success',
        actor: actorOf(deps, found.caller, role),
        ...(row.userRef !== undefined && { subjectRef: row.userRef }),
        jobId,
        correlationId: request.correlationId,
        details: {
          kind: row.kind,
          status: row.status,
          result: 'result' in shown,
          summary: 'summary' in shown,
        },
      },
      deps.random.ulid(request.receivedAt),
    ),
  );
  return shown;
}

/** Whoever is shown no result is told of the job as ever when it is lost: its status is what they look for. */
async function storedResult(
  { store }: GetJobDeps,
  row: JobRow,
  viewer: Viewer,
): Promise<JsonObject | undefined> {
  if (row.status !== 'succeeded') return undefined;
  try {
    return await unlessErased(() => store.result(row));
  } catch (error) {
    if (isLost(error) && !seesMember(viewer, row, 'result')) return undefined;
    throw error;
  }
}
