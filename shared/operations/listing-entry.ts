import { ProblemError } from '../errors/problem-error.ts';
import { type AccessRule, ROUTE_ACCESS } from '../evidence/access.ts';
import { standaloneEntry } from '../evidence/audit-chain.ts';
import type { Actor, AuditEntry } from '../evidence/audit-entry.ts';
import type { Caller } from '../evidence/caller.ts';
import type { Ref } from '../jobs/ports.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { ROLES, type Role } from '../lifecycle/role.ts';
import type { BreakGlassGrant } from './break-glass-ports.ts';
import type { Engine } from './engine.ts';
import { actorOf, type RequestContext } from './find-job.ts';
import { seesMember, type Viewer } from './job-view.ts';

const READ_ACCESS: AccessRule = ROUTE_ACCESS.listJobs;

/** A job that a list shows, and who sees it. */
export interface Shown {
  readonly row: Pick<JobRow, 'userRef'>;
  readonly viewer: Viewer;
}

interface Listed {
  readonly shown: readonly Shown[];
  readonly asked: readonly Ref[];
  readonly first: boolean;
}

/**
 * One entry for each patient of whom the list tells, in the role in which their jobs are seen; for those who are in it by
 * emergency access only whether a job is shown or not. What tells of nobody, or of nobody whom the caller could know, is
 * counted in one more.
 */
export function listingEntries(
  deps: Pick<Engine, 'refs' | 'random'>,
  { caller, grants }: { readonly caller: Caller; readonly grants: readonly BreakGlassGrant[] },
  { shown, asked, first }: Listed,
  request: RequestContext,
): readonly AuditEntry[] {
  const told = shown.filter(isTold);
  const byPatient = Map.groupBy(told, ({ row }) => row.userRef);
  const byGrant = new Set<string | undefined>(grants.map(({ userRef }) => userRef));
  const about = (subjectRef: string | undefined, under: Caller, role: Role, count: number): AuditEntry =>
    listingEntry(deps, actorOf(deps, under, role), subjectRef, request, {
      count,
      patients: subjectRef === undefined ? patientsIn(shown) : 1,
      first_page: first,
    });
  const ofPatients = [...byPatient]
    .filter(([userRef]) => !byGrant.has(userRef))
    .map(([userRef, own]) => about(userRef, caller, own[0]?.viewer.role ?? listingRole(caller), own.length));
  const ofGrants = grants.map(({ grantId, userRef, role }) =>
    about(userRef, { ...caller, breakGlass: grantId }, role, byPatient.get(userRef)?.length ?? 0),
  );
  const rest = shown.length - told.length;
  if (rest === 0 && ofPatients.length > 0) return [...ofPatients, ...ofGrants];
  // Of a list that is empty only the patient is known who was asked about.
  const [only, ...others] = shown.length === 0 ? asked : [];
  const subject = others.length === 0 ? only : undefined;
  return [about(subject, caller, listingRole(caller), rest), ...ofPatients, ...ofGrants];
}

/**
 * Whether who sees the job learns of somebody: they know the patient, or are told of the result. Who sees everybody's jobs
 * in ids, codes and times learns of nobody: whose job it is, is told where the job itself is read.
 */
const isTold = ({ row, viewer }: Shown): boolean =>
  row.userRef !== undefined &&
  (READ_ACCESS.ofPatient[viewer.role] !== 'any' || seesMember(viewer, row, 'summary'));

const patientsIn = (shown: readonly Shown[]): number =>
  new Set(shown.flatMap(({ row }) => row.userRef ?? [])).size;

function listingEntry(
  deps: Pick<Engine, 'random'>,
  actor: Actor,
  subjectRef: string | undefined,
  { receivedAt, correlationId }: RequestContext,
  details: AuditEntry['details'],
): AuditEntry {
  const draft = { at: receivedAt, action: 'jobs.listed', outcome: 'success', actor } as const;
  const whose = subjectRef !== undefined && { subjectRef };
  return standaloneEntry({ ...draft, ...whose, correlationId, details }, deps.random.ulid(receivedAt));
}

/** The role in which a caller lists: the one that reaches furthest. */
export function listingRole(caller: Caller): Role {
  const rank = (role: Role) => {
    const relationship = READ_ACCESS.ofPatient[role];
    return relationship === 'any' ? 0 : relationship === undefined ? 2 : 1;
  };
  const held = ROLES.filter((role) => caller.roles.includes(role));
  const [role] = held.toSorted((a, b) => rank(a) - rank(b));
  if (role === undefined) throw new ProblemError('forbidden', 'None of your roles lists jobs.');
  return role;
}
