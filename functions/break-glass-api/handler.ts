import { type ApiAnswer, jsonAnswer } from '#functions/http/api-answer.ts';
import type { ApiEvent } from '#functions/http/api-event.ts';
import { authenticate } from '#functions/http/authenticate.ts';
import type { Exchange } from '#functions/http/exchange.ts';
import { pathId } from '#functions/http/path-id.ts';
import { refuseBody } from '#functions/http/refuse-body.ts';
import { routeNameOf } from '#functions/http/route-name.ts';
import { validBody } from '#functions/http/valid-body.ts';
import { ProblemError } from '#shared/errors/problem-error.ts';
import { listBreakGlass } from '#shared/operations/list-break-glass.ts';
import { logWithFields } from '#shared/operations/log-with-fields.ts';
import { getBreakGlass, reviewBreakGlass, revokeBreakGlass } from '#shared/operations/review-break-glass.ts';
import { readBreakGlassQuery } from './list-query.ts';
import { type BreakGlassApiDeps, openGrant } from './open-grant.ts';

/** Emergency access: it is opened, ended, looked at and judged here. */
export const breakGlassApi =
  (parts: BreakGlassApiDeps) =>
  async (event: ApiEvent, exchange: Exchange): Promise<ApiAnswer> => {
    const deps = { ...parts, log: logWithFields(parts.log, { correlation_id: exchange.correlationId }) };
    const caller = await authenticate(deps, event, exchange);
    exchange.step = 'validateInput';
    switch (routeNameOf(event)) {
      case 'openBreakGlass':
        return openGrant(deps, event, exchange, caller);
      case 'listBreakGlass': {
        const query = readBreakGlassQuery(event);
        exchange.step = 'authorize';
        return jsonAnswer(200, await listBreakGlass(deps, caller, query, exchange));
      }
      case 'getBreakGlass':
        return jsonAnswer(200, await getBreakGlass(deps, caller, grantOnly(event, exchange), exchange));
      case 'reviewBreakGlass': {
        const target = { grantId: pathId(event, 'grant_id'), body: validBody(event, 'reviewBreakGlass') };
        exchange.step = 'authorize';
        return jsonAnswer(200, await reviewBreakGlass(deps, caller, target, exchange));
      }
      case 'revokeBreakGlass':
        return jsonAnswer(200, await revokeBreakGlass(deps, caller, grantOnly(event, exchange), exchange));
      default:
        throw new ProblemError('not_found', 'There is nothing under this path.');
    }
  };

/** Routes whose path says everything. */
function grantOnly(event: ApiEvent, exchange: Exchange): string {
  const grantId = pathId(event, 'grant_id');
  refuseBody(event);
  exchange.step = 'authorize';
  return grantId;
}
