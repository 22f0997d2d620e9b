import type { ApiAnswer } from '#functions/http/api-answer.ts';
import type { ApiEvent } from '#functions/http/api-event.ts';
import { authenticate, type CallerDeps } from '#functions/http/authenticate.ts';
import { demandProbes } from '#functions/http/demand-probes.ts';
import type { Exchange } from '#functions/http/exchange.ts';
import { pathId } from '#functions/http/path-id.ts';
import { routeNameOf } from '#functions/http/route-name.ts';
import { ProblemError } from '#shared/errors/problem-error.ts';
import type { ComplianceProbes } from '#shared/evidence/compliance-checks.ts';
import { type RightsDeps, rightsRoute } from './routes.ts';

export type RightsApiDeps = RightsDeps & CallerDeps & { readonly probes: ComplianceProbes };

/** What a patient may demand: a copy, an accounting, an erasure. Who calls, whom it is about, then the route's own row. */
export const rightsApi =
  (deps: RightsApiDeps) =>
  async (event: ApiEvent, exchange: Exchange): Promise<ApiAnswer> => {
    const caller = await authenticate(deps, event, exchange);
    exchange.step = 'validateInput';
    const route = rightsRoute(routeNameOf(event));
    if (!route) throw new ProblemError('not_found', 'There is nothing under this path.');
    const userId = pathId(event, 'user_id');
    exchange.userId = userId;
    const ready = route(deps, { event, exchange, caller, userId });
    await demandProbes(deps.probes, event, exchange);
    exchange.step = 'authorize';
    return ready();
  };
