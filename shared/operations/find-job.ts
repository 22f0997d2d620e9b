import { ProblemError } from '../errors/problem-error.ts';
import { authorize, type Consents, type JobRoute, jobAccess } from '../evidence/access.ts';
import type { Actor } from '../evidence/audit-entry.ts';
import type { Caller } from '../evidence/caller.ts';
import { purposeOf } from '../evidence/purpose-of-use.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import type { Role } from '../lifecycle/role.ts';
import { caregiverConsents } from './caregiver-consents.ts';
import type { Engine } from './engine.ts';

/** What every request carries beside its content. */
export interface RequestContext {
  readonly correlationId: string;
  readonly receivedAt: Instant;
}

const JOB_ID = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/** A job that the caller may do this with, and the role that grants it. */
interface FoundJob {
  readonly row: JobRow;
  readonly role: Role;
}

/**
 * The job of that id, if the caller may do this with it. A foreign job and one that does not exist are answered alike.
 * @throws ProblemError `not_found`
 */
export async function findJob(
  deps: Pick<Engine, 'store' | 'refs' | 'records'>,
  route: Exclude<JobRoute, 'listJobs' | 'releaseFindings'>,
  caller: Caller,
  jobId: string,
  now: Instant,
): Promise<FoundJob> {
  const row = await readJob(deps, jobId);
  const owner = row?.userRef;
  const consents = owner
    ? await caregiverConsents(deps, jobAccess(route, row.kind), caller, [owner], now)
    : undefined;
  const role = row && (roleFor(deps, route, caller, row, consents) ?? ownRole(deps, route, caller, row));
  return seen(row, role);
}

/**
 * The same for professionals only, whose relation to the patient is not asked of the patient's records.
 * @throws ProblemError `not_found`
 */
export async function findJobToRelease(
  deps: Pick<Engine, 'store' | 'refs'>,
  caller: Caller,
  jobId: string,
): Promise<FoundJob> {
  const row = await readJob(deps, jobId);
  return seen(row, row && roleFor(deps, 'releaseFindings', caller, row));
}

const readJob = async ({ store }: Pick<Engine, 'store'>, jobId: string): Promise<JobRow | undefined> =>
  JOB_ID.test(jobId) ? store.read(jobId) : undefined;

function seen(row: JobRow | undefined, role: Role | undefined): FoundJob {
  if (!row || !role) throw new ProblemError('not_found', 'No job of that id is visible to you.');
  return { row, role };
}

/** The role in which a caller may do this with a job. */
export function roleFor(
  deps: Pick<Engine, 'refs'>,
  route: Parameters<typeof jobAccess>[0],
  caller: Caller,
  { kind, userRef }: Pick<JobRow, 'kind' | 'userRef'>,
  consents?: Consents,
): Role | undefined {
  const about =
    userRef === undefined ? undefined : { userRef, refOf: deps.refs.user, ...(consents && { consents }) };
  const verdict = authorize(jobAccess(route, kind), caller, about);
  return verdict.granted ? verdict.role : undefined;
}

const SHOWS_JOB: readonly string[] = ['getJob', 'getEvidence', 'getReceipt'] satisfies JobRoute[];

/** Whoever submitted a job about no patient may look at it, in the role in which they did. */
const ownRole = (deps: Pick<Engine, 'refs'>, route: string, caller: Caller, row: JobRow): Role | undefined =>
  SHOWS_JOB.includes(route) && row.userRef === undefined && row.actorRef === deps.refs.actor(caller.subject)
    ? caller.roles.find((role) => role === row.actorRole)
    : undefined;

/** The caller as the audit trail names it. */
export const actorOf = (deps: Pick<Engine, 'refs'>, caller: Caller, role: Role): Actor => ({
  ref: deps.refs.actor(caller.subject),
  role,
  ...(caller.tokenId !== undefined && { tokenId: caller.tokenId }),
  purpose: purposeOf(caller, role),
  ...(caller.onBehalfOf !== undefined && { onBehalfOf: deps.refs.user(caller.onBehalfOf) }),
});
