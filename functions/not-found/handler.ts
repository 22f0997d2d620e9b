import type { ApiAnswer } from '#functions/http/api-answer.ts';
import type { ApiEvent } from '#functions/http/api-event.ts';
import { API_PREFIX, ROUTES } from '#shared/contract/routes.ts';
import { ProblemError } from '#shared/errors/problem-error.ts';

/**
 * What no other function serves: an unknown path is `404`, a known one with another method `405`.
 * @throws ProblemError always
 */
export const notFound = async (event: ApiEvent): Promise<ApiAnswer> => {
  const allowed = methodsOf(event.resource);
  if (allowed.length === 0) throw new ProblemError('not_found', 'There is nothing under this path.');
  throw new ProblemError('method_not_allowed', `This path answers to ${allowed.join(', ')}.`, {
    headers: { allow: allowed.join(', ') },
  });
};

/** The methods of a template; none when it is the catch-all or only a step on the way to another path. */
function methodsOf(resource: string): readonly string[] {
  const declared = Object.values(ROUTES)
    .filter(({ path }) => `${API_PREFIX}${path}` === resource)
    .map(({ method }) => method);
  if (declared.length > 0) return declared;
  // API Gateway hands over templates, so what else lies directly below /jobs is the endpoint of a kind.
  return JOB_ENDPOINT.test(resource) ? ['POST'] : [];
}

const JOB_ENDPOINT = new RegExp(`^${API_PREFIX}/jobs/[a-z-]+$`);
