import type { Caller } from '../evidence/caller.ts';
import type { JsonObject } from '../jobs/ports.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { aboutPatient } from './about-patient.ts';
import type { Engine } from './engine.ts';
import { type RequestContext, roleFor } from './find-job.ts';
import { jobViews } from './job-view.ts';
import { jobsOfUsers } from './jobs-of-users.ts';
import { decodeCursor, encodeCursor, listOf } from './list-cursor.ts';
import type { ListQuery } from './list-jobs.ts';
import { recordRead } from './record-read.ts';

/**
 * The jobs about one user, for staff: those of the last four months, latest first. The audit entry, which names the
 * patient, is written before the answer.
 * @throws ProblemError `forbidden`, `invalid_input` (a cursor that is not one of ours), `read_not_recorded`
 */
export async function searchJobs(
  deps: Pick<Engine, 'store' | 'records' | 'emergencyGrants' | 'refs' | 'kinds' | 'audit' | 'random'>,
  caller: Caller,
  { userId, ...query }: ListQuery & { readonly userId: string },
  request: RequestContext,
): Promise<JsonObject> {
  const about = await aboutPatient(deps, 'searchJobs', caller, userId, request);
  const of = listOf(deps.refs, query, about.owner);
  const cursor = query.cursor === undefined ? undefined : decodeCursor(query.cursor, of);
  const seenBy = (row: JobRow) => {
    const role = roleFor(deps, 'listJobs', caller, row);
    return role === undefined ? [] : [{ row, viewer: { role, kind: deps.kinds.get(row.kind) } }];
  };
  const search = { ...query, users: [about.owner], seenBy };
  const { seen, unreadable, next } = await jobsOfUsers(deps, search, request.receivedAt, cursor);
  const details = { count: seen.length, first_page: cursor === undefined };
  await recordRead(deps, about.entry('jobs.searched', details));
  return {
    jobs: await jobViews(deps.store, seen),
    ...(unreadable > 0 && { unreadable_jobs: unreadable }),
    ...(next && { next_cursor: encodeCursor(next, of) }),
  };
}
