import { type ApiAnswer, jsonAnswer } from '#functions/http/api-answer.ts';
import type { ApiEvent } from '#functions/http/api-event.ts';
import { authenticate, type CallerDeps } from '#functions/http/authenticate.ts';
import { demandCompliance } from '#functions/http/demand-compliance.ts';
import { demandProbes } from '#functions/http/demand-probes.ts';
import type { Exchange } from '#functions/http/exchange.ts';
import { pathId } from '#functions/http/path-id.ts';
import { readKey } from '#functions/http/read-key.ts';
import { routeNameOf } from '#functions/http/route-name.ts';
import { validBody } from '#functions/http/valid-body.ts';
import { ProblemError } from '#shared/errors/problem-error.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import type { ComplianceProbes } from '#shared/evidence/compliance-checks.ts';
import type { Engine } from '#shared/operations/engine.ts';
import { findInteractionResults } from '#shared/operations/find-interaction-results.ts';
import { logWithFields } from '#shared/operations/log-with-fields.ts';
import { recheckInteractions, recheckRole } from '#shared/operations/recheck-interactions.ts';
import { releaseFindings } from '#shared/operations/release-findings.ts';
import { readResultsQuery } from './results-query.ts';

export type InteractionsApiDeps = Pick<
  Engine,
  | 'store'
  | 'audit'
  | 'releases'
  | 'records'
  | 'recall'
  | 'queue'
  | 'refs'
  | 'random'
  | 'metrics'
  | 'log'
  | 'kinds'
  | 'settings'
> &
  CallerDeps & { readonly probes: ComplianceProbes };

/** `POST /jobs/{job_id}/release`, `GET /interaction-results` and `POST /interaction-results/recheck`. */
export const interactionsApi =
  (parts: InteractionsApiDeps) =>
  async (event: ApiEvent, exchange: Exchange): Promise<ApiAnswer> => {
    const log = logWithFields(parts.log, { correlation_id: exchange.correlationId });
    const deps = { ...parts, log };
    const caller = await authenticate(deps, event, exchange);
    await demandProbes(deps.probes, event, exchange);
    exchange.step = 'validateInput';
    switch (routeNameOf(event)) {
      case 'releaseFindings': {
        exchange.jobId = pathId(event, 'job_id');
        const body = validBody(event, 'releaseFindings');
        exchange.step = 'authorize';
        return jsonAnswer(200, await releaseFindings(deps, caller, exchange.jobId, body, exchange));
      }
      case 'findInteractionResults': {
        const query = readResultsQuery(event);
        exchange.step = 'authorize';
        return jsonAnswer(200, await findInteractionResults(deps, caller, query, exchange));
      }
      case 'recheckInteractions':
        return recheck(deps, event, exchange, caller);
      default:
        throw new ProblemError('not_found', 'There is nothing under this path.');
    }
  };

/** As a job endpoint: form, role, compliance, business rules, evidence. */
async function recheck(
  deps: InteractionsApiDeps,
  event: ApiEvent,
  exchange: Exchange,
  caller: Caller,
): Promise<ApiAnswer> {
  const idempotencyKey = readKey(event);
  const body = validBody(event, 'recheckInteractions');
  exchange.step = 'authorize';
  const role = recheckRole(caller, exchange);
  const checks = await demandCompliance(deps.probes, caller, exchange);
  exchange.step = 'recordAcceptance';
  const request = { body, caller, role, checks, ...(idempotencyKey !== undefined && { idempotencyKey }) };
  const answer = await recheckInteractions(deps, request, exchange);
  exchange.jobId = String(answer['job_id']);
  return jsonAnswer(202, answer, { location: String(Object(answer['links']).self) });
}
