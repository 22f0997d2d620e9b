import { type ApiAnswer, jsonAnswer } from '#functions/http/api-answer.ts';
import type { ApiEvent } from '#functions/http/api-event.ts';
import type { CallerDeps } from '#functions/http/authenticate.ts';
import { demandCompliance } from '#functions/http/demand-compliance.ts';
import type { Exchange } from '#functions/http/exchange.ts';
import { readKey } from '#functions/http/read-key.ts';
import { validBody } from '#functions/http/valid-body.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import type { ComplianceProbes } from '#shared/evidence/compliance-checks.ts';
import { membersFor } from '#shared/evidence/response-members.ts';
import type { Engine } from '#shared/operations/engine.ts';
import { noteGrant } from '#shared/operations/find-job.ts';
import { openBreakGlass, openingRole } from '#shared/operations/open-break-glass.ts';

export type BreakGlassApiDeps = Pick<
  Engine,
  'breakGlass' | 'audit' | 'queue' | 'refs' | 'random' | 'metrics' | 'log' | 'kinds' | 'settings'
> &
  CallerDeps & { readonly probes: ComplianceProbes };

/** `POST /break-glass`, as a job endpoint: form, role, compliance, evidence. */
export async function openGrant(
  deps: BreakGlassApiDeps,
  event: ApiEvent,
  exchange: Exchange,
  caller: Caller,
): Promise<ApiAnswer> {
  const idempotencyKey = readKey(event);
  const body = validBody(event, 'openBreakGlass');
  exchange.userId = body.user_id;
  exchange.step = 'authorize';
  const role = openingRole(deps, caller, body.user_id);
  noteGrant(exchange, role, membersFor('openBreakGlass', role));
  const checks = await demandCompliance(deps.probes, caller, exchange, body.user_id);
  exchange.step = 'recordAcceptance';
  const request = { body, caller, role, checks, ...(idempotencyKey !== undefined && { idempotencyKey }) };
  return jsonAnswer(201, await openBreakGlass(deps, request, exchange));
}
