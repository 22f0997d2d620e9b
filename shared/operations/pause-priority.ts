import { ProblemError } from '../errors/problem-error.ts';
import type { Caller } from '../evidence/caller.ts';
import type { JsonObject } from '../jobs/ports.ts';
import type { Priority } from '../lifecycle/priority.ts';
import { type ChangePauseDeps, changePause, demandOperator } from './change-pause.ts';
import { deliveriesAtRisk } from './deliveries-at-risk.ts';
import { type DosesDue, dosesDue, dosesView } from './doses-due.ts';
import type { Engine } from './engine.ts';
import type { RequestContext } from './find-job.ts';

/** What whoever pauses CRITICAL has to know, and to confirm. */
const criticalWarning = ({ from, to, count, more, by_hour: [next] }: DosesDue): string =>
  `From ${from} to ${to} ${more ? 'at least ' : 'about '}${count} doses become due, ${next?.count ?? 0} of them within the hour. ` +
  'While CRITICAL is paused no patient is told of a dose, and doses whose window passes meanwhile end as not_sent: ' +
  'nothing tells them afterwards. Send {"confirm": "CRITICAL"} if that is what you want.';

/**
 * Lets the jobs of a priority wait: they are accepted, and no worker takes them until it is resumed; what runs already
 * ends. Pausing a paused one changes nothing and is answered alike.
 * @param confirm the priority's name once more; CRITICAL is not paused without it
 * @returns for CRITICAL also how many deliveries stand now that may expire, and how many doses become due in each of the next 24 hours
 * @throws ProblemError `forbidden`, `confirmation_required`, `state_conflict`
 */
export async function pausePriority(
  deps: ChangePauseDeps & Pick<Engine, 'openJobs' | 'dueBuckets' | 'pastDoses'>,
  caller: Caller,
  { priority, confirm }: { readonly priority: Priority; readonly confirm?: string },
  request: RequestContext,
): Promise<JsonObject> {
  const actor = demandOperator(deps, 'pausePriority', caller, request);
  if (confirm !== undefined && confirm !== priority)
    throw new ProblemError('confirmation_required', 'What is confirmed is not the priority in the path.');
  if (priority !== 'CRITICAL') return changePause(deps, 'pause', priority, { ...request, actor });
  const due = await dosesDue(deps, request.receivedAt);
  if (confirm === undefined) throw new ProblemError('confirmation_required', criticalWarning(due));
  const atRisk = await deliveriesAtRisk(deps);
  const details = { confirmed: true, deliveries: atRisk.count, more: atRisk.more, doses_due: due.count };
  const answer = await changePause(deps, 'pause', priority, { ...request, actor, details });
  return { ...answer, deliveries_that_may_expire: { ...atRisk }, doses_due: dosesView(due) };
}
