import { ProblemError } from '../errors/problem-error.ts';
import { authorize, type JobRoute, jobAccess, type StoredConsents } from '../evidence/access.ts';
import type { Actor } from '../evidence/audit-entry.ts';
import type { Caller } from '../evidence/caller.ts';
import { purposeOf } from '../evidence/purpose-of-use.ts';
import { type Members, membersFor } from '../evidence/response-members.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import type { Role } from '../lifecycle/role.ts';
import { underGrant } from './emergency-access.ts';
import type { Engine } from './engine.ts';
import { storedConsents } from './stored-consents.ts';

/** What every request carries beside its content. */
export interface RequestContext {
  readonly correlationId: string;
  readonly receivedAt: Instant;
  /** Noted by what lets it in: the role that granted it, and what of the answer that role is shown. */
  role?: Role;
  shows?: Members;
}

/** Notes who was let in. Of a request without this note nothing is answered. */
export function noteGrant(request: RequestContext, role: Role, shows: Members): void {
  request.role = role;
  request.shows = shows;
}

const JOB_ID = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/** A job that the caller may do this with, and the role that grants it. */
interface FoundJob {
  readonly row: JobRow;
  readonly role: Role;
  /** As evidence names them: with the grant of emergency access under which they see it, if there is one. */
  readonly caller: Caller;
}

/**
 * The job of that id, if the caller may do this with it. A foreign job and one that does not exist are answered alike.
 * @throws ProblemError `not_found`
 */
export async function findJob(
  deps: Pick<Engine, 'store' | 'refs' | 'records'> & Partial<Pick<Engine, 'emergencyGrants'>>,
  route: Exclude<JobRoute, 'listJobs'>,
  caller: Caller,
  jobId: string,
  request: RequestContext,
): Promise<FoundJob> {
  const row = await readJob(deps, jobId);
  const owner = row?.userRef;
  const stored = owner
    ? await storedConsents(deps, jobAccess(route, row.kind), caller, [owner], request.receivedAt)
    : undefined;
  const role = row && roleFor(deps, route, caller, row, stored);
  if (!row || owner === undefined || role) return seen(route, row, role, caller, request);
  const use = { deed: { route }, userRef: owner, now: request.receivedAt };
  const grant = await underGrant(deps, jobAccess(route, row.kind), caller, use);
  return seen(route, row, grant?.role, grant?.caller ?? caller, request);
}

const readJob = async ({ store }: Pick<Engine, 'store'>, jobId: string): Promise<JobRow | undefined> =>
  JOB_ID.test(jobId) ? store.read(jobId) : undefined;

function seen(
  route: Parameters<typeof membersFor>[0],
  row: JobRow | undefined,
  role: Role | undefined,
  caller: Caller,
  request: RequestContext,
): FoundJob {
  if (!row || !role) throw new ProblemError('not_found', 'No job of that id is visible to you.');
  noteGrant(request, role, membersFor(route, role));
  return { row, role, caller };
}

/** The role in which the caller has made the job, if it was them. */
export const madeAs = (
  { refs }: Pick<Engine, 'refs'>,
  { subject }: Caller,
  { actorRef, actorRole }: Partial<Pick<JobRow, 'actorRef' | 'actorRole'>>,
): string | undefined => (actorRef === refs.actor(subject) ? actorRole : undefined);

/** What of a job decides who may do something with it. What has ended tells no more who made it. */
type JobWho = Pick<JobRow, 'kind' | 'userRef'> & Partial<Pick<JobRow, 'actorRef' | 'actorRole'>>;

/** The role in which a caller may do this with a job. */
export function roleFor(
  deps: Pick<Engine, 'refs'>,
  route: Parameters<typeof jobAccess>[0],
  caller: Caller,
  { kind, userRef, ...maker }: JobWho,
  stored?: StoredConsents,
): Role | undefined {
  const about = userRef === undefined ? undefined : { userRef, refOf: deps.refs.user, ...stored };
  const verdict = authorize(jobAccess(route, kind), caller, about, madeAs(deps, caller, maker));
  return verdict.granted ? verdict.role : undefined;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The token as the audit trail names it: what cannot be a name because of its form as it is, anything else by keyed hash. */
export const tokenOf = (deps: Pick<Engine, 'refs'>, { tokenId }: Caller): Pick<Actor, 'tokenId'> =>
  tokenId === undefined ? {} : { tokenId: UUID.test(tokenId) ? tokenId : deps.refs.token(tokenId) };

/** The caller as the audit trail names it. */
export const actorOf = (deps: Pick<Engine, 'refs'>, caller: Caller, role: Role): Actor => ({
  ref: deps.refs.actor(caller.subject),
  role,
  ...tokenOf(deps, caller),
  purpose: purposeOf(caller, role),
  ...(caller.onBehalfOf !== undefined && { onBehalfOf: deps.refs.user(caller.onBehalfOf) }),
  ...(caller.breakGlass !== undefined && { breakGlass: caller.breakGlass }),
});
