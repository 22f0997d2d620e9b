import { shownOf } from '#shared/evidence/response-members.ts';
import { type ApiAnswer, NO_CONTENT } from './api-answer.ts';
import type { Exchange } from './exchange.ts';

/**
 * The answer as far as the caller is shown it.
 * @throws Error when nobody has said what that is: a route that let a request in without the access table
 */
export function shownAnswer(answer: ApiAnswer, { shows, route }: Exchange): ApiAnswer {
  if (answer.statusCode === NO_CONTENT) return { ...answer, body: {} };
  if (!shows) throw new Error(`${route} did not note what its caller is shown, so nothing is.`);
  return { ...answer, body: Object(shownOf(answer.body, shows)) };
}
