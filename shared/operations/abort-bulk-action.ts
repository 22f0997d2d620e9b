import { ProblemError } from '../errors/problem-error.ts';
import { standaloneEntry } from '../evidence/audit-chain.ts';
import type { Caller } from '../evidence/caller.ts';
import type { JsonObject } from '../jobs/ports.ts';
import { aboutNobody } from './about-nobody.ts';
import { bulkActionView } from './bulk-action-view.ts';
import type { BulkAction } from './bulk-ports.ts';
import type { Engine } from './engine.ts';
import { actorOf, type RequestContext } from './find-job.ts';
import { findBulkAction } from './get-bulk-action.ts';

const TRIES = 5;

/**
 * Stops a bulk action: of the jobs that it has in hand at the moment, some dozens may still be changed. What it has
 * changed stays changed. Aborting an aborted one changes nothing.
 * @throws ProblemError `forbidden`, `not_found`, `state_conflict` (it is completed, or moves too fast)
 */
export async function abortBulkAction(
  deps: Pick<Engine, 'bulkActions' | 'refs' | 'random' | 'log'>,
  caller: Caller,
  id: string,
  request: RequestContext,
): Promise<JsonObject> {
  const role = aboutNobody('abortBulkAction', caller, request, 'None of your roles may stop a bulk action.');
  const at = request.receivedAt;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const before = await findBulkAction(deps, id);
    if (before.status === 'aborted') return bulkActionView(before);
    if (before.status === 'completed')
      throw new ProblemError('state_conflict', 'It is completed: there is nothing left to stop.');
    const { leaseUntil, ...rest } = before;
    const after: BulkAction = {
      ...rest,
      status: 'aborted',
      updatedAt: at,
      endedAt: at,
      revision: before.revision + 1,
    };
    const entry = standaloneEntry(
      {
        at,
        action: 'bulk_action.aborted',
        outcome: 'success',
        actor: actorOf(deps, caller, role),
        correlationId: request.correlationId,
        details: { bulk_action_id: id, changed: before.changed, refused: before.refused },
      },
      deps.random.ulid(at),
    );
    if (!(await deps.bulkActions.change(before, after, entry))) continue;
    deps.log.warn('bulk_action.aborted', { role, count: after.changed });
    return bulkActionView(after);
  }
  throw new ProblemError('state_conflict', 'It is moving right now; try again.');
}
