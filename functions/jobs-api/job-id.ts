import type { ApiEvent } from '#functions/http/api-event.ts';
import type { Exchange } from '#functions/http/exchange.ts';
import { pathId } from '#functions/http/path-id.ts';
import { refuseBody } from '#functions/http/refuse-body.ts';

/**
 * The job that a request is about, noted on its exchange. From here on the operation looks the job up and decides who
 * may see or change it.
 * @throws ProblemError `invalid_input` when the id has another shape or a body was sent
 */
export function readJobId(event: ApiEvent, exchange: Exchange): string {
  const jobId = pathId(event, 'job_id');
  refuseBody(event);
  exchange.jobId = jobId;
  exchange.step = 'authorize';
  return jobId;
}
