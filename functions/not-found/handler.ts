import type { ApiAnswer } from '#functions/http/api-answer.ts';
import type { ApiEvent } from '#functions/http/api-event.ts';
import { preflight } from '#functions/http/cors.ts';
import { isJobId } from '#functions/http/path-id.ts';
import { API_PREFIX, ROUTES } from '#shared/contract/routes.ts';
import { ProblemError } from '#shared/errors/problem-error.ts';

/**
 * What no other function serves: an unknown path is `404`, a known one with another method `405`. What a browser asks
 * before a page of one of the deployer's origins may send a request is answered, and nothing else.
 * @throws ProblemError
 */
export const notFound =
  (origins: readonly string[]) =>
  async (event: ApiEvent): Promise<ApiAnswer> => {
    const allowed = methodsOf(event);
    const answer = preflight(event, origins, allowed);
    if (answer) return answer;
    if (allowed.length === 0) throw new ProblemError('not_found', 'There is nothing under this path.');
    throw new ProblemError('method_not_allowed', `This path answers to ${allowed.join(', ')}.`, {
      headers: { allow: allowed.join(', ') },
    });
  };

/** The methods of a template; none when it is the catch-all or only a step on the way to another path. */
function methodsOf({ resource, pathParameters }: ApiEvent): readonly string[] {
  // `POST /jobs/<a kind that does not exist>` matches the template of a job's id: there is no such path.
  const jobId = pathParameters?.['job_id'];
  if (jobId !== undefined && !isJobId(jobId)) return [];
  const declared = Object.values(ROUTES)
    .filter(({ path }) => `${API_PREFIX}${path}` === resource)
    .map(({ method }) => method);
  if (declared.length > 0) return declared;
  // API Gateway hands over templates, so what else lies directly below /jobs is the endpoint of a kind.
  return JOB_ENDPOINT.test(resource) ? ['POST'] : [];
}

const JOB_ENDPOINT = new RegExp(`^${API_PREFIX}/jobs/[a-z-]+$`);
