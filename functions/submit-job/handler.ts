import { type ApiAnswer, jsonAnswer } from '#functions/http/api-answer.ts';
import type { ApiEvent } from '#functions/http/api-event.ts';
import { authenticate, type CallerDeps } from '#functions/http/authenticate.ts';
import type { Exchange } from '#functions/http/exchange.ts';
import type { Engine } from '#shared/operations/engine.ts';
import { logWithFields } from '#shared/operations/log-with-fields.ts';
import type { HasRoom } from '#shared/operations/ports.ts';
import { applyBusinessRules, recordAcceptance } from '#shared/operations/submit-job.ts';
import { authorize } from './authorize.ts';
import { recordMetrics } from './record-metrics.ts';
import { validateInput } from './validate-input.ts';
import { type StepDeps, verifyCompliance } from './verify-compliance.ts';

export type SubmitDeps = Pick<
  Engine,
  | 'store'
  | 'audit'
  | 'queue'
  | 'refs'
  | 'random'
  | 'metrics'
  | 'log'
  | 'records'
  | 'emergencyGrants'
  | 'settings'
> &
  CallerDeps &
  StepDeps & {
    readonly hasRoom: HasRoom;
    readonly userJobLimit: number;
  };

/** `POST /jobs/<kind>`: the specification's seven steps, in its order. */
export const submitJob =
  (deps: SubmitDeps) =>
  async (event: ApiEvent, exchange: Exchange): Promise<ApiAnswer> => {
    const { kind } = deps;
    const { correlationId, receivedAt } = exchange;

    const input = await validateInput(deps, event, exchange); // 1
    const known = await authenticate(deps, event, exchange); // 2
    const { role, caller } = await authorize(deps, known, input, exchange); // 3
    const checks = await verifyCompliance(deps, caller, input, exchange); // 4

    exchange.step = 'applyBusinessRules';
    const request = { ...input, kind, caller, role, checks, correlationId, receivedAt };
    const plan = await applyBusinessRules(deps, request); // 5

    exchange.step = 'recordAcceptance';
    const log = logWithFields(deps.log, { correlation_id: correlationId });
    const accepted = await recordAcceptance({ ...deps, log }, plan); // 6

    recordMetrics(deps, exchange, accepted); // 7
    return jsonAnswer(202, accepted.body, { location: accepted.location });
  };
