import type { ApiAnswer } from '#functions/http/api-answer.ts';
import type { ApiEvent } from '#functions/http/api-event.ts';
import { authenticate, type CallerDeps } from '#functions/http/authenticate.ts';
import type { Exchange } from '#functions/http/exchange.ts';
import { pathId } from '#functions/http/path-id.ts';
import { refuseBody } from '#functions/http/refuse-body.ts';
import { routeNameOf } from '#functions/http/route-name.ts';
import { ProblemError } from '#shared/errors/problem-error.ts';
import { type AuditQuestion, type ReadAuditDeps, readAudit } from '#shared/operations/read-audit.ts';
import { auditAnswer } from './audit-answer.ts';
import { type AuditWindow, readActorWindow, readJobWindow, readUserWindow } from './audit-query.ts';
import { readSearch } from './audit-search.ts';

export type AuditApiDeps = ReadAuditDeps & CallerDeps;

/** `GET /jobs/{job_id}/audit`, `GET /users/{user_id}/audit`, `GET /audit` and `POST /audit/search`. */
export const auditApi =
  (deps: AuditApiDeps) =>
  async (event: ApiEvent, exchange: Exchange): Promise<ApiAnswer> => {
    const caller = await authenticate(deps, event, exchange);
    exchange.step = 'validateInput';
    const { about, ...window } = readQuestion(event, exchange);
    exchange.step = 'authorize';
    const found = await readAudit(deps, caller, { about, ...window }, exchange);
    // A body has no next page: it goes on where an actor is named in the query.
    return auditAnswer(found, window, routeNameOf(event) === 'searchAudit' ? '../audit' : '');
  };

/** Who or what is asked about is noted on the exchange as soon as it can be read. */
function readQuestion(
  event: ApiEvent,
  exchange: Exchange,
): AuditWindow & { readonly about: AuditQuestion['about'] } {
  const route = routeNameOf(event);
  if (route === 'searchAudit') return readSearch(event, exchange.receivedAt);
  refuseBody(event);
  switch (route) {
    case 'getJobAudit': {
      const jobId = pathId(event, 'job_id');
      exchange.jobId = jobId;
      return { about: { jobId }, ...readJobWindow(event) };
    }
    case 'getUserAudit': {
      const userId = pathId(event, 'user_id');
      exchange.userId = userId;
      return { about: { userId }, ...readUserWindow(event, exchange.receivedAt) };
    }
    case 'getActorAudit': {
      const { actor, ...window } = readActorWindow(event, exchange.receivedAt);
      return { about: { actorRef: actor }, ...window };
    }
    default:
      throw new ProblemError('not_found', 'There is nothing under this path.');
  }
}
