import { ProblemError } from '../errors/problem-error.ts';
import type { Caller } from '../evidence/caller.ts';
import type { JsonObject } from '../jobs/ports.ts';
import { aboutNobody } from './about-nobody.ts';
import { bulkActionView } from './bulk-action-view.ts';
import type { BulkAction } from './bulk-ports.ts';
import type { Engine } from './engine.ts';
import type { RequestContext } from './find-job.ts';

/** How far a bulk action is: codes and counts. @throws ProblemError `forbidden`, `not_found` */
export async function getBulkAction(
  deps: Pick<Engine, 'bulkActions'>,
  caller: Caller,
  id: string,
  request: RequestContext,
): Promise<JsonObject> {
  aboutNobody('getBulkAction', caller, request, 'None of your roles may look at bulk actions.');
  return bulkActionView(await findBulkAction(deps, id));
}

/** @throws ProblemError `not_found` */
export async function findBulkAction(deps: Pick<Engine, 'bulkActions'>, id: string): Promise<BulkAction> {
  const action = await deps.bulkActions.read(id);
  if (!action) throw new ProblemError('not_found', 'There is no bulk action of that id.');
  return action;
}
