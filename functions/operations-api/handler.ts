import { type ApiAnswer, jsonAnswer } from '#functions/http/api-answer.ts';
import { type ApiEvent, headerOf } from '#functions/http/api-event.ts';
import type { Exchange } from '#functions/http/exchange.ts';
import { routeNameOf } from '#functions/http/route-name.ts';
import type { VerifyToken } from '#functions/http/token-verifier.ts';
import { ProblemError } from '#shared/errors/problem-error.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import type { Instant } from '#shared/lifecycle/instant.ts';
import { type HealthVerdict, healthView } from '#shared/operations/check-health.ts';

export interface OperationsApiDeps {
  readonly checkHealth: (now: Instant) => Promise<HealthVerdict>;
  readonly version: string;
  readonly verifyToken: VerifyToken;
}

/** `GET /health`: up or not for everybody; `503` when not, so that a monitor needs to read no body. */
export const operationsApi =
  (deps: OperationsApiDeps) =>
  async (event: ApiEvent, exchange: Exchange): Promise<ApiAnswer> => {
    if (routeNameOf(event) !== 'health')
      throw new ProblemError('not_found', 'There is nothing under this path.');
    const verdict = await deps.checkHealth(exchange.receivedAt);
    const view = healthView(verdict, deps.version, await callerOf(deps, event));
    return jsonAnswer(view['status'] === 'up' ? 200 : 503, view);
  };

/** No token is needed, so one that is not valid is none. */
async function callerOf(deps: OperationsApiDeps, event: ApiEvent): Promise<Caller | undefined> {
  const authorization = headerOf(event, 'authorization');
  if (authorization === undefined) return undefined;
  const verification = await deps.verifyToken(authorization);
  return verification.ok ? verification.caller : undefined;
}
