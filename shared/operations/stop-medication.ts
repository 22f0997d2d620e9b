import { ProblemError } from '../errors/problem-error.ts';
import { authorize, ROUTE_ACCESS } from '../evidence/access.ts';
import { standaloneEntry } from '../evidence/audit-chain.ts';
import type { Caller } from '../evidence/caller.ts';
import type { JsonObject, RecordWrite } from '../jobs/ports.ts';
import { keptUse } from '../jobs/replacing/kept-use.ts';
import type { Engine } from './engine.ts';
import { actorOf, type RequestContext } from './find-job.ts';
import { dosesLeftUnmade, stoppedSchedule } from './stopped-schedule.ts';

const TRIES = 3;

/**
 * Stops a medication and its reminders. Deliveries that are under way re-read the schedule before they publish, so
 * nothing is sent from here on. Stopping a stopped one changes nothing and is answered alike.
 * @throws ProblemError `forbidden`, `medication_not_found`
 */
export async function stopMedication(
  deps: Pick<Engine, 'schedules' | 'refs' | 'random'>,
  caller: Caller,
  target: { readonly userId: string; readonly medicationId: string },
  request: RequestContext,
): Promise<JsonObject> {
  const verdict = authorize(ROUTE_ACCESS.stopMedication, caller, target.userId);
  if (!verdict.granted)
    throw new ProblemError('forbidden', 'None of your roles may stop a medication of that user.');
  const owner = deps.refs.user(target.userId);
  const id = deps.refs.medication(target.userId, target.medicationId);
  const answer = { medication_id: target.medicationId, status: 'stopped' };
  for (let tries = 0; tries < TRIES; tries += 1) {
    const medication = await deps.schedules.read({ type: 'medication', owner, id });
    if (!medication)
      throw new ProblemError('medication_not_found', 'That user has no medication of that id.');
    const schedule = await deps.schedules.read({ type: 'schedule', owner, id });
    if (medication.state.status === 'stopped' && schedule?.state.status !== 'active') return answer;
    const state = { status: 'stopped', stoppedAt: request.receivedAt } as const;
    const after = { state, body: medication.body };
    const kept = keptUse({ medication, schedule }, after, owner, request.receivedAt);
    const writes: RecordWrite[] = [
      { type: 'medication', owner, id, expect: medication.version, state, body: kept.body },
    ];
    if (schedule)
      writes.push(
        stoppedSchedule(schedule, kept.schedule, owner, request.receivedAt),
        ...(await dosesLeftUnmade(deps, schedule, owner, request.receivedAt)),
      );
    const entry = standaloneEntry(
      {
        at: request.receivedAt,
        action: 'medication.stopped',
        outcome: 'success',
        actor: actorOf(deps, caller, verdict.role),
        subjectRef: owner,
        correlationId: request.correlationId,
        details: { medication_ref: id, reminders: schedule !== undefined },
      },
      deps.random.ulid(request.receivedAt),
    );
    if ((await deps.schedules.commit(writes, [], [entry])) === 'committed') return answer;
  }
  throw new ProblemError('state_conflict', 'The medication is changing right now; try again.');
}
