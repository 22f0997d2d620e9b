import { type ApiAnswer, jsonAnswer } from '#functions/http/api-answer.ts';
import type { ApiEvent } from '#functions/http/api-event.ts';
import { authenticate, type CallerDeps } from '#functions/http/authenticate.ts';
import { demandProbes } from '#functions/http/demand-probes.ts';
import type { Exchange } from '#functions/http/exchange.ts';
import { routeNameOf } from '#functions/http/route-name.ts';
import { ProblemError } from '#shared/errors/problem-error.ts';
import type { ComplianceProbes } from '#shared/evidence/compliance-checks.ts';
import { abortBulkAction } from '#shared/operations/abort-bulk-action.ts';
import { cancelJob } from '#shared/operations/cancel-job.ts';
import type { Engine } from '#shared/operations/engine.ts';
import { getBulkAction } from '#shared/operations/get-bulk-action.ts';
import { getEvidence } from '#shared/operations/get-evidence.ts';
import { getJob } from '#shared/operations/get-job.ts';
import { type GetReceiptDeps, getReceipt } from '#shared/operations/get-receipt.ts';
import { listJobs } from '#shared/operations/list-jobs.ts';
import { logWithFields } from '#shared/operations/log-with-fields.ts';
import { retryJob } from '#shared/operations/retry-job.ts';
import { searchJobs } from '#shared/operations/search-jobs.ts';
import { type BulkDeps, oneBulkAction, postBulkAction } from './bulk-actions.ts';
import { readJobId } from './job-id.ts';
import { readListQuery } from './list-query.ts';
import { readSearch } from './read-search.ts';

export type JobsApiDeps = Pick<
  Engine,
  | 'store'
  | 'records'
  | 'emergencyGrants'
  | 'audit'
  | 'releases'
  | 'queue'
  | 'refs'
  | 'random'
  | 'metrics'
  | 'log'
  | 'kinds'
  | 'settings'
  | 'clock'
> &
  CallerDeps &
  BulkDeps &
  Pick<GetReceiptDeps, 'vault'> & { readonly probes: ComplianceProbes };

/** `GET /jobs`, `POST /jobs/search`, bulk actions, `GET /jobs/{job_id}`, `GET …/evidence`, `GET …/receipt`, `POST /jobs/{job_id}/cancel` and `…/retry`. */
export const jobsApi =
  (parts: JobsApiDeps) =>
  async (event: ApiEvent, exchange: Exchange): Promise<ApiAnswer> => {
    const log = logWithFields(parts.log, { correlation_id: exchange.correlationId });
    const deps = { ...parts, log };
    const caller = await authenticate(deps, event, exchange);
    await demandProbes(deps.probes, event, exchange);
    exchange.step = 'validateInput';
    switch (routeNameOf(event)) {
      case 'listJobs': {
        const query = readListQuery(event, deps.kinds);
        exchange.step = 'authorize';
        return jsonAnswer(200, await listJobs(deps, caller, query, exchange));
      }
      case 'searchJobs': {
        const query = readSearch(event, deps.kinds);
        exchange.step = 'authorize';
        return jsonAnswer(200, await searchJobs(deps, caller, query, exchange));
      }
      case 'startBulkAction':
        return postBulkAction(deps, caller, event, exchange);
      case 'getBulkAction':
        return oneBulkAction(getBulkAction, deps, caller, event, exchange);
      case 'abortBulkAction':
        return oneBulkAction(abortBulkAction, deps, caller, event, exchange);
      case 'getJob':
        return jsonAnswer(200, await getJob(deps, caller, readJobId(event, exchange), exchange));
      case 'getEvidence':
        return jsonAnswer(200, await getEvidence(deps, caller, readJobId(event, exchange), exchange));
      case 'getReceipt':
        return jsonAnswer(200, await getReceipt(deps, caller, readJobId(event, exchange), exchange));
      case 'cancelJob':
        return jsonAnswer(200, await cancelJob(deps, caller, readJobId(event, exchange), exchange));
      case 'retryJob':
        // It is queued again, not done: as after a submission.
        return jsonAnswer(202, await retryJob(deps, caller, readJobId(event, exchange), exchange));
      default:
        throw new ProblemError('not_found', 'There is nothing under this path.');
    }
  };
