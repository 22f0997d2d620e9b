import { type ApiAnswer, jsonAnswer } from '#functions/http/api-answer.ts';
import type { ApiEvent } from '#functions/http/api-event.ts';
import type { Exchange } from '#functions/http/exchange.ts';
import { readIdempotencyKey } from '#functions/http/idempotency-key.ts';
import { pathId } from '#functions/http/path-id.ts';
import { refuseBody } from '#functions/http/refuse-body.ts';
import { validStaffBody } from '#functions/http/valid-staff-body.ts';
import { API_PREFIX, ROUTES } from '#shared/contract/routes.ts';
import { ProblemError } from '#shared/errors/problem-error.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import type { abortBulkAction } from '#shared/operations/abort-bulk-action.ts';
import type { Engine } from '#shared/operations/engine.ts';
import type { getBulkAction } from '#shared/operations/get-bulk-action.ts';
import { type BulkRequest, startBulkAction } from '#shared/operations/start-bulk-action.ts';
import { filterIn } from './read-search.ts';

export type BulkDeps = Pick<Engine, 'bulkActions' | 'openJobs' | 'refs' | 'random' | 'kinds' | 'log'>;

const DEFAULT_RATE = 5;

/** `POST /bulk-actions`. */
export async function postBulkAction(
  deps: BulkDeps,
  caller: Caller,
  event: ApiEvent,
  exchange: Exchange,
): Promise<ApiAnswer> {
  const ask = readRequest(deps, event);
  exchange.step = 'authorize';
  const { body, bulkActionId } = await startBulkAction(deps, caller, ask, exchange);
  if (bulkActionId === undefined) return jsonAnswer(200, body);
  const location = `${API_PREFIX}${ROUTES.startBulkAction.path}/${bulkActionId}`;
  return jsonAnswer(202, body, { location });
}

/** @throws ProblemError `invalid_input`, and what `validStaffBody` throws */
function readRequest({ kinds }: BulkDeps, event: ApiEvent): BulkRequest {
  const body = validStaffBody(event, 'startBulkAction');
  const filter = filterIn(body.filter, '/filter', kinds);
  const { key, problems } = readIdempotencyKey(event);
  if (problems.length > 0)
    throw new ProblemError('invalid_input', 'The request does not fit its documented form; see problems.', {
      problems,
    });
  return {
    action: body.action,
    filter,
    dryRun: body.dry_run,
    ratePerSecond: body.rate_per_second ?? DEFAULT_RATE,
    ...(body.confirm !== undefined && { confirm: body.confirm }),
    ...(key !== undefined && { idempotencyKey: key }),
  };
}

/** `GET /bulk-actions/{bulk_action_id}`, and `POST …/abort`. */
export async function oneBulkAction(
  verb: typeof getBulkAction | typeof abortBulkAction,
  deps: BulkDeps,
  caller: Caller,
  event: ApiEvent,
  exchange: Exchange,
): Promise<ApiAnswer> {
  const id = pathId(event, 'bulk_action_id');
  refuseBody(event);
  exchange.step = 'authorize';
  return jsonAnswer(200, await verb(deps, caller, id, exchange));
}
