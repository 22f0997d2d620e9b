import { standaloneEntry } from '../evidence/audit-chain.ts';
import type { ReviewStatus } from '../evidence/break-glass.ts';
import type { Caller } from '../evidence/caller.ts';
import type { JsonObject } from '../jobs/ports.ts';
import { grantView } from './break-glass-view.ts';
import type { Engine } from './engine.ts';
import { actorOf, type RequestContext } from './find-job.ts';
import { recordRead } from './record-read.ts';
import { reviewingRole } from './review-break-glass.ts';

export interface BreakGlassQuery {
  readonly status: ReviewStatus;
  readonly limit: number;
  readonly cursor?: string;
}

/**
 * Uses of emergency access by what became of their review, in codes. The audit entry is written before the answer.
 * @throws ProblemError `forbidden`, `invalid_input` (a cursor that is not one of ours), `read_not_recorded`
 */
export async function listBreakGlass(
  deps: Pick<Engine, 'breakGlass' | 'audit' | 'refs' | 'random'>,
  caller: Caller,
  { status, limit, cursor }: BreakGlassQuery,
  request: RequestContext,
): Promise<JsonObject> {
  const role = reviewingRole(caller, 'listBreakGlass', request);
  const { receivedAt: at, correlationId } = request;
  const { grants, next } = await deps.breakGlass.page(status, at, limit, cursor);
  const entry = standaloneEntry(
    {
      at,
      action: 'break_glass.listed',
      outcome: 'success',
      actor: actorOf(deps, caller, role),
      correlationId,
      details: { status, count: grants.length, first_page: cursor === undefined },
    },
    deps.random.ulid(at),
  );
  await recordRead(deps, entry);
  return {
    grants: grants.map((grant) => grantView(grant, at)),
    ...(next !== undefined && { next_cursor: next }),
  };
}
