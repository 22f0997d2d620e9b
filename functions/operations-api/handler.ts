import { type ApiAnswer, jsonAnswer } from '#functions/http/api-answer.ts';
import type { ApiEvent } from '#functions/http/api-event.ts';
import { authenticate } from '#functions/http/authenticate.ts';
import type { Exchange } from '#functions/http/exchange.ts';
import { pathPriority } from '#functions/http/path-id.ts';
import { refuseBody } from '#functions/http/refuse-body.ts';
import { routeNameOf } from '#functions/http/route-name.ts';
import { ProblemError } from '#shared/errors/problem-error.ts';
import type { Engine } from '#shared/operations/engine.ts';
import { listPriorities } from '#shared/operations/list-priorities.ts';
import { pausePriority } from '#shared/operations/pause-priority.ts';
import type { KeyedHashes } from '#shared/operations/ports.ts';
import { resumePriority } from '#shared/operations/resume-priority.ts';
import { type HealthDeps, health } from './health.ts';
import { readConfirmation } from './read-confirmation.ts';

export type OperationsApiDeps = HealthDeps &
  Pick<Engine, 'pauses' | 'intake' | 'openJobs' | 'dueBuckets' | 'pastDoses' | 'random' | 'log'> & {
    /** Loaded when they are needed: health has to answer while their key cannot be used. */
    readonly refs: () => Promise<KeyedHashes>;
  };

/** `GET /health`, `GET /priorities`, `POST /priorities/{priority}/pause` and `/resume`. */
export const operationsApi =
  (deps: OperationsApiDeps) =>
  async (event: ApiEvent, exchange: Exchange): Promise<ApiAnswer> => {
    const route = routeNameOf(event);
    if (route === 'health') return health(deps, event, exchange);
    const caller = await authenticate(deps, event, exchange);
    exchange.step = 'validateInput';
    switch (route) {
      case 'listPriorities':
        exchange.step = 'authorize';
        return jsonAnswer(200, await listPriorities(deps, caller, exchange));
      case 'pausePriority': {
        const ask = { priority: pathPriority(event), ...readConfirmation(event) };
        exchange.step = 'authorize';
        const refs = await deps.refs();
        return jsonAnswer(200, await pausePriority({ ...deps, refs }, caller, ask, exchange));
      }
      case 'resumePriority': {
        const priority = pathPriority(event);
        refuseBody(event);
        exchange.step = 'authorize';
        const refs = await deps.refs();
        return jsonAnswer(200, await resumePriority({ ...deps, refs }, caller, priority, exchange));
      }
      default:
        throw new ProblemError('not_found', 'There is nothing under this path.');
    }
  };
