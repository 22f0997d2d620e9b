import type { RouteName } from '../contract/routes.ts';
import { ProblemError } from '../errors/problem-error.ts';
import { authorize, ROUTE_ACCESS } from '../evidence/access.ts';
import type { Caller } from '../evidence/caller.ts';
import { membersFor } from '../evidence/response-members.ts';
import type { Role } from '../lifecycle/role.ts';
import { noteGrant, type RequestContext } from './find-job.ts';

/**
 * Lets a request about no single patient in, and answers the role that grants it.
 * @param refusal the sentence for who may not
 * @throws ProblemError `forbidden`
 */
export function aboutNobody(
  route: RouteName,
  caller: Caller,
  request: RequestContext,
  refusal: string,
): Role {
  const verdict = authorize(ROUTE_ACCESS[route], caller);
  if (!verdict.granted) throw new ProblemError('forbidden', refusal);
  noteGrant(request, verdict.role, membersFor(route, verdict.role));
  return verdict.role;
}
