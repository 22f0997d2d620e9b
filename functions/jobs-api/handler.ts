import { type ApiAnswer, jsonAnswer } from '#functions/http/api-answer.ts';
import type { ApiEvent } from '#functions/http/api-event.ts';
import { authenticate } from '#functions/http/authenticate.ts';
import type { Exchange } from '#functions/http/exchange.ts';
import { pathId } from '#functions/http/path-id.ts';
import { refuseBody } from '#functions/http/refuse-body.ts';
import { routeNameOf } from '#functions/http/route-name.ts';
import type { VerifyToken } from '#functions/http/token-verifier.ts';
import { ProblemError } from '#shared/errors/problem-error.ts';
import type { JsonObject } from '#shared/jobs/ports.ts';
import { cancelJob } from '#shared/operations/cancel-job.ts';
import type { Engine } from '#shared/operations/engine.ts';
import { getJob } from '#shared/operations/get-job.ts';
import { listJobs } from '#shared/operations/list-jobs.ts';
import { retryJob } from '#shared/operations/retry-job.ts';
import { readListQuery } from './list-query.ts';

export type JobsApiDeps = Pick<
  Engine,
  'store' | 'queue' | 'refs' | 'random' | 'metrics' | 'log' | 'kinds'
> & { readonly verifyToken: VerifyToken };

/** `GET /jobs`, `GET /jobs/{job_id}`, `POST /jobs/{job_id}/cancel` and `…/retry`. */
export const jobsApi =
  (deps: JobsApiDeps) =>
  async (event: ApiEvent, exchange: Exchange): Promise<ApiAnswer> => {
    const caller = await authenticate(deps, event, exchange);
    exchange.step = 'validateInput';
    switch (routeNameOf(event)) {
      case 'listJobs': {
        const query = readListQuery(event, deps.kinds);
        exchange.step = 'authorize';
        return jsonAnswer(200, await listJobs(deps, caller, query, exchange));
      }
      case 'getJob': {
        const jobId = jobIdOf(event, exchange);
        return jsonAnswer(200, await getJob(deps, caller, jobId));
      }
      case 'cancelJob': {
        const jobId = jobIdOf(event, exchange);
        return changed(await cancelJob(deps, caller, jobId, exchange));
      }
      case 'retryJob': {
        const jobId = jobIdOf(event, exchange);
        return changed(await retryJob(deps, caller, jobId, exchange));
      }
      default:
        throw new ProblemError('not_found', 'There is nothing under this path.');
    }
  };

function jobIdOf(event: ApiEvent, exchange: Exchange): string {
  const jobId = pathId(event, 'job_id');
  refuseBody(event);
  exchange.jobId = jobId;
  // From here on the operation looks the job up and decides who may see or change it.
  exchange.step = 'authorize';
  return jobId;
}

const changed = (job: JsonObject): ApiAnswer => jsonAnswer(200, job);
