import { ProblemError } from '../errors/problem-error.ts';
import { authorizeByRef, ROUTE_ACCESS } from '../evidence/access.ts';
import type { Actor } from '../evidence/audit-entry.ts';
import type { Caller } from '../evidence/caller.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import type { Role } from '../lifecycle/role.ts';
import type { Engine } from './engine.ts';

/** What every request carries beside its content. */
export interface RequestContext {
  readonly correlationId: string;
  readonly receivedAt: Instant;
}

const JOB_ID = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/**
 * The job of that id, if the caller may do this with it, and the role that grants it.
 * A foreign job and one that does not exist are answered alike.
 * @throws ProblemError `not_found`
 */
export async function findJob(
  deps: Pick<Engine, 'store' | 'refs'>,
  route: 'getJob' | 'cancelJob' | 'retryJob' | 'releaseFindings',
  caller: Caller,
  jobId: string,
): Promise<{ row: JobRow; role: Role }> {
  const row = JOB_ID.test(jobId) ? await deps.store.read(jobId) : undefined;
  const verdict = row && authorizeByRef(ROUTE_ACCESS[route], caller, row.userRef, deps.refs.user);
  const role = verdict?.granted ? verdict.role : row && route === 'getJob' && ownRole(deps, caller, row);
  if (!row || !role) throw new ProblemError('not_found', 'No job of that id is visible to you.');
  return { row, role };
}

/** Whoever submitted a job about no patient may look at it, in the role in which they did. */
const ownRole = (deps: Pick<Engine, 'refs'>, caller: Caller, row: JobRow): Role | undefined =>
  row.userRef === undefined && row.actorRef === deps.refs.actor(caller.subject)
    ? caller.roles.find((role) => role === row.actorRole)
    : undefined;

/** The caller as the audit trail names it. */
export const actorOf = (deps: Pick<Engine, 'refs'>, caller: Caller, role: Role): Actor => ({
  ref: deps.refs.actor(caller.subject),
  role,
  ...(caller.tokenId !== undefined && { tokenId: caller.tokenId }),
});
