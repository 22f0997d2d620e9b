import { ProblemError } from '../errors/problem-error.ts';
import { type AccessRule, ROUTE_ACCESS } from '../evidence/access.ts';
import { standaloneEntry } from '../evidence/audit-chain.ts';
import type { AuditEntry } from '../evidence/audit-entry.ts';
import type { Caller } from '../evidence/caller.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { ROLES, type Role } from '../lifecycle/role.ts';
import type { Engine } from './engine.ts';
import { actorOf, type RequestContext } from './find-job.ts';

const READ_ACCESS: AccessRule = ROUTE_ACCESS.listJobs;

/** Counts of what is shown. Of a list that is empty only the patient is known who was asked about. */
export function listingEntry(
  deps: Pick<Engine, 'refs' | 'random'>,
  caller: Caller,
  list: {
    readonly rows: readonly Pick<JobRow, 'userRef'>[];
    readonly asked: readonly string[];
    readonly first: boolean;
  },
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
