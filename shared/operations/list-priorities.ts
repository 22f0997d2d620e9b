import type { Caller } from '../evidence/caller.ts';
import type { JsonObject } from '../jobs/ports.ts';
import { PRIORITY_NAMES } from '../lifecycle/priority.ts';
import { aboutNobody } from './about-nobody.ts';
import { pauseView } from './change-pause.ts';
import { deliveriesAtRisk } from './deliveries-at-risk.ts';
import { dosesDue, dosesView } from './doses-due.ts';
import type { Engine } from './engine.ts';
import type { RequestContext } from './find-job.ts';

/** Counted no further: an operator wants to know whether there is a handful or a heap. */
const MOST_JOBS = 1_000;

/**
 * The four priorities: running, paused or resuming, since when and by whom, and how many of their jobs are queued,
 * retrying or running. For CRITICAL also what a pause would put at risk.
 * @throws ProblemError `forbidden`
 */
export async function listPriorities(
  deps: Pick<Engine, 'pauses' | 'openJobs' | 'dueBuckets' | 'pastDoses'>,
  caller: Caller,
  request: RequestContext,
): Promise<JsonObject> {
  aboutNobody('listPriorities', caller, request, 'None of your roles may look at the priorities.');
  const [states, atRisk, due, ...open] = await Promise.all([
    deps.pauses.read(),
    deliveriesAtRisk(deps),
    dosesDue(deps, request.receivedAt),
    ...PRIORITY_NAMES.map((priority) => deps.openJobs.count({ priority, watches: ['open'] }, MOST_JOBS)),
  ]);
  const priorities = PRIORITY_NAMES.map((priority, index) => ({
    ...pauseView(priority, states[priority]),
    open_jobs: { ...(open[index] ?? { count: 0, more: true }) },
    ...(priority === 'CRITICAL' && { deliveries_that_may_expire: { ...atRisk }, doses_due: dosesView(due) }),
  }));
  return { priorities };
}
