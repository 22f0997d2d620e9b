import type { RouteName } from '../contract/routes.ts';
import { ProblemError } from '../errors/problem-error.ts';
import { authorize, ROUTE_ACCESS } from '../evidence/access.ts';
import type { AuditAction } from '../evidence/audit-actions.ts';
import { standaloneEntry } from '../evidence/audit-chain.ts';
import type { Actor, AuditEntry } from '../evidence/audit-entry.ts';
import type { Caller } from '../evidence/caller.ts';
import { membersFor } from '../evidence/response-members.ts';
import type { Ref } from '../jobs/ports.ts';
import type { Role } from '../lifecycle/role.ts';
import { underGrant } from './emergency-access.ts';
import type { Engine } from './engine.ts';
import { actorOf, noteGrant, type RequestContext } from './find-job.ts';
import { storedConsents } from './stored-consents.ts';

/** A request about one patient that the access table has granted. */
export interface PatientRequest {
  readonly owner: Ref;
  readonly actor: Actor;
  readonly role: Role;
  /** The audit entry of what is done under it: codes, counts, ids and hashes only. */
  readonly entry: (action: AuditAction, details: AuditEntry['details']) => AuditEntry;
}

/**
 * Lets a request about one patient in: by the access table, or by a grant of emergency access where it opens the route.
 * @throws ProblemError `forbidden`
 */
export async function aboutPatient(
  deps: Pick<Engine, 'records' | 'refs' | 'random'> & Partial<Pick<Engine, 'emergencyGrants'>>,
  route: RouteName,
  caller: Caller,
  userId: string,
  request: RequestContext,
): Promise<PatientRequest> {
  const owner = deps.refs.user(userId);
  const rule = ROUTE_ACCESS[route];
  const stored = await storedConsents(deps, rule, caller, [owner], request.receivedAt);
  const verdict = authorize(rule, caller, { userRef: owner, refOf: deps.refs.user, ...stored });
  const use = { deed: { route }, userRef: owner, now: request.receivedAt };
  const allowed = verdict.granted
    ? { role: verdict.role, caller }
    : verdict.reason === 'relationship' && (await underGrant(deps, rule, caller, use));
  if (!allowed) throw new ProblemError('forbidden', 'None of your roles may do this for that user.');
  noteGrant(request, allowed.role, membersFor(route, allowed.role));
  const actor = actorOf(deps, allowed.caller, allowed.role);
  return {
    owner,
    actor,
    role: allowed.role,
    entry: (action, details) =>
      standaloneEntry(
        {
          at: request.receivedAt,
          action,
          outcome: 'success',
          actor,
          subjectRef: owner,
          correlationId: request.correlationId,
          details,
        },
        deps.random.ulid(request.receivedAt),
      ),
  };
}
