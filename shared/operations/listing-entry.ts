import { ProblemError } from '../errors/problem-error.ts';
import { type AccessRule, ROUTE_ACCESS } from '../evidence/access.ts';
import { standaloneEntry } from '../evidence/audit-chain.ts';
import type { AuditEntry } from '../evidence/audit-entry.ts';
import type { Caller } from '../evidence/caller.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { ROLES, type Role } from '../lifecycle/role.ts';
import type { BreakGlassGrant } from './break-glass-ports.ts';
import type { Engine } from './engine.ts';
import { actorOf, type RequestContext } from './find-job.ts';

const READ_ACCESS: AccessRule = ROUTE_ACCESS.listJobs;

interface Listed {
  readonly rows: readonly Pick<JobRow, 'userRef'>[];
  readonly asked: readonly string[];
  readonly first: boolean;
}

/** One entry for the list, and one for each patient who is in it by emergency access only, whether a job is shown or not. */
export function listingEntries(
  deps: Pick<Engine, 'refs' | 'random'>,
  { caller, grants }: { readonly caller: Caller; readonly grants: readonly BreakGlassGrant[] },
  list: Listed,
  request: RequestContext,
): readonly AuditEntry[] {
  const byGrant = new Set<string | undefined>(grants.map(({ userRef }) => userRef));
  const rows = list.rows.filter(({ userRef }) => !byGrant.has(userRef));
  return [
    listingEntry(deps, caller, { ...list, rows }, request),
    ...grants.map(({ grantId, userRef }) => {
      const own = list.rows.filter((row) => row.userRef === userRef);
      const under = { ...caller, breakGlass: grantId };
      return listingEntry(deps, under, { ...list, rows: own, asked: [userRef] }, request);
    }),
  ];
}

/** Counts of what is shown. Of a list that is empty only the patient is known who was asked about. */
function listingEntry(
  deps: Pick<Engine, 'refs' | 'random'>,
  caller: Caller,
  list: Listed,
  request: RequestContext,
): AuditEntry {
  const patients = new Set(list.rows.flatMap(({ userRef }) => userRef ?? []));
  const aboutAll = list.rows.every(({ userRef }) => userRef !== undefined);
  const about = patients.size === 1 && aboutAll ? [...patients] : patients.size === 0 ? list.asked : [];
  return standaloneEntry(
    {
      at: request.receivedAt,
      action: 'jobs.listed',
      outcome: 'success',
      actor: actorOf(deps, caller, listingRole(caller)),
      ...(about.length === 1 && about[0] !== undefined && { subjectRef: about[0] }),
      correlationId: request.correlationId,
      details: { count: list.rows.length, patients: patients.size, first_page: list.first },
    },
    deps.random.ulid(request.receivedAt),
  );
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
