import type { ApiEvent } from '#functions/http/api-event.ts';
import { validBody } from '#functions/http/valid-body.ts';
import { type Problem, ProblemError } from '#shared/errors/problem-error.ts';
import type { Instant } from '#shared/lifecycle/instant.ts';
import { bodyInstant } from '#shared/operations/body-instant.ts';
import { type AuditWindow, rangedWindow } from './audit-query.ts';

/**
 * The body of `POST /audit/search`.
 * @throws ProblemError `invalid_input`, and what `validBody` throws
 */
export function readSearch(
  event: ApiEvent,
  now: Instant,
): AuditWindow & { readonly about: { readonly actorId: string } } {
  const body = validBody(event, 'searchAudit');
  const problems: Problem[] = [];
  const from = bodyInstant(body.from, '/from', problems);
  const to = bodyInstant(body.to, '/to', problems);
  if (problems.length > 0)
    throw new ProblemError('invalid_input', 'The request does not fit its documented form; see problems.', {
      problems,
    });
  return { about: { actorId: body.actor_id }, ...rangedWindow({ ...body, from, to }, now) };
}
