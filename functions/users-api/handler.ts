import { type ApiAnswer, jsonAnswer } from '#functions/http/api-answer.ts';
import type { ApiEvent } from '#functions/http/api-event.ts';
import { authenticate } from '#functions/http/authenticate.ts';
import type { Exchange } from '#functions/http/exchange.ts';
import { pathId } from '#functions/http/path-id.ts';
import { refuseBody } from '#functions/http/refuse-body.ts';
import { routeNameOf } from '#functions/http/route-name.ts';
import type { VerifyToken } from '#functions/http/token-verifier.ts';
import { ProblemError } from '#shared/errors/problem-error.ts';
import type { Engine } from '#shared/operations/engine.ts';
import { stopMedication } from '#shared/operations/stop-medication.ts';

export type UsersApiDeps = Pick<Engine, 'schedules' | 'refs' | 'random'> & {
  readonly verifyToken: VerifyToken;
};

/** `DELETE /users/{user_id}/medications/{medication_id}`. */
export const usersApi =
  (deps: UsersApiDeps) =>
  async (event: ApiEvent, exchange: Exchange): Promise<ApiAnswer> => {
    const caller = await authenticate(deps, event, exchange);
    exchange.step = 'validateInput';
    if (routeNameOf(event) !== 'stopMedication')
      throw new ProblemError('not_found', 'There is nothing under this path.');
    const userId = pathId(event, 'user_id');
    const medicationId = pathId(event, 'medication_id');
    refuseBody(event);
    exchange.userId = userId;
    exchange.step = 'authorize';
    return jsonAnswer(200, await stopMedication(deps, caller, { userId, medicationId }, exchange));
  };
