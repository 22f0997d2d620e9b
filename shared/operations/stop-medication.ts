import { ProblemError } from '../errors/problem-error.ts';
import type { Caller } from '../evidence/caller.ts';
import type { JsonObject, RecordWrite } from '../jobs/ports.ts';
import { keptUse } from '../jobs/replacing/kept-use.ts';
import { aboutPatient } from './about-patient.ts';
import type { Engine } from './engine.ts';
import type { RequestContext } from './find-job.ts';
import { recordRead } from './record-read.ts';
import { dosesLeftUnmade, stoppedSchedule } from './stopped-schedule.ts';

const TRIES = 3;

/**
 * Stops a medication and its reminders. Deliveries that are under way re-read the schedule before they publish, so
 * nothing is sent from here on. Stopping a stopped one changes nothing, is answered alike and recorded as a read.
 * @throws ProblemError `forbidden`, `medication_not_found`, `read_not_recorded`
 */
export async function stopMedication(
  deps: Pick<Engine, 'schedules' | 'records' | 'refs' | 'random' | 'audit'>,
  caller: Caller,
  target: { readonly userId: string; readonly medicationId: string },
  request: RequestContext,
): Promise<JsonObject> {
  const { owner, entry } = await aboutPatient(deps, 'stopMedication', caller, target.userId, request);
  const id = deps.refs.medication(target.userId, target.medicationId);
  const answer = { medication_id: target.medicationId, status: 'stopped' };
  for (let tries = 0; tries < TRIES; tries += 1) {
    const medication = await deps.schedules.read({ type: 'medication', owner, id });
    if (!medication)
      throw new ProblemError('medication_not_found', 'That user has no medication of that id.');
    const schedule = await deps.schedules.read({ type: 'schedule', owner, id });
    if (medication.state.status === 'stopped' && schedule?.state.status !== 'active') {
      await recordRead(deps, entry('medications.read', { medication_ref: id, repeated: true }));
      return answer;
    }
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
    const evidence = entry('medication.stopped', { medication_ref: id, reminders: schedule !== undefined });
    if ((await deps.schedules.commit(writes, [], [evidence])) === 'committed') return answer;
  }
  throw new ProblemError('state_conflict', 'The medication is changing right now; try again.');
}
