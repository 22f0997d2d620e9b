import type { Caller } from '../evidence/caller.ts';
import type { JsonObject } from '../jobs/ports.ts';
import type { Priority } from '../lifecycle/priority.ts';
import { type ChangePauseDeps, changePause, demandOperator } from './change-pause.ts';
import type { RequestContext } from './find-job.ts';

/**
 * Lets the jobs of a paused priority go on. It sends nothing again by itself: their messages wait in the queue, the
 * reconciler replaces those that are lost, and each claim looks at the job's window, so what is no longer wanted ends
 * as `expired`. Resuming one that runs changes nothing.
 * @throws ProblemError `forbidden`, `state_conflict`
 */
export async function resumePriority(
  deps: ChangePauseDeps,
  caller: Caller,
  priority: Priority,
  request: RequestContext,
): Promise<JsonObject> {
  const actor = demandOperator(deps, 'resumePriority', caller, request);
  return changePause(deps, 'resume', priority, { ...request, actor });
}
