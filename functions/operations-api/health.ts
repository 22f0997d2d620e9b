import { type ApiAnswer, jsonAnswer } from '#functions/http/api-answer.ts';
import { type ApiEvent, headerOf } from '#functions/http/api-event.ts';
import { verifySoleToken } from '#functions/http/authenticate.ts';
import type { Exchange } from '#functions/http/exchange.ts';
import type { VerifyToken } from '#functions/http/token-verifier.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import type { Instant } from '#shared/lifecycle/instant.ts';
import { type HealthVerdict, healthMembers, healthView } from '#shared/operations/check-health.ts';

export interface HealthDeps {
  readonly checkHealth: (now: Instant) => Promise<HealthVerdict>;
  readonly version: string;
  readonly verifyToken: VerifyToken;
}

/** Up, degraded or down for everybody; `503` when down, so that a monitor needs to read no body. */
export async function health(deps: HealthDeps, event: ApiEvent, exchange: Exchange): Promise<ApiAnswer> {
  const verdict = await deps.checkHealth(exchange.receivedAt);
  exchange.shows = healthMembers(await callerOf(deps, event));
  const view = healthView(verdict, deps.version);
  return jsonAnswer(view['status'] === 'down' ? 503 : 200, view);
}

/** No token is needed, so one that is not valid is none. */
async function callerOf(deps: HealthDeps, event: ApiEvent): Promise<Caller | undefined> {
  if (headerOf(event, 'Authorization') === undefined) return undefined;
  const verification = await verifySoleToken(deps, event);
  return verification.ok ? verification.caller : undefined;
}
