import type { Caller } from '../evidence/caller.ts';
import type { JsonObject, StoredRecord } from '../jobs/ports.ts';
import { aboutPatient } from './about-patient.ts';
import type { Engine } from './engine.ts';
import type { RequestContext } from './find-job.ts';
import { medicationView } from './medication-view.ts';
import { recordRead } from './record-read.ts';

/**
 * The medications of one user by id, stopped ones included. The audit entry is written before the answer: a read that
 * leaves none is refused.
 * @throws ProblemError `forbidden`, `read_not_recorded`
 */
export async function listMedications(
  deps: Pick<Engine, 'records' | 'audit' | 'refs' | 'random' | 'emergencyGrants'>,
  caller: Caller,
  target: { readonly userId: string },
  request: RequestContext,
): Promise<JsonObject> {
  const { owner, entry } = await aboutPatient(deps, 'listMedications', caller, target.userId, request);
  const schedules = new Map<string, StoredRecord<'schedule'>>();
  for await (const schedule of deps.records.list('schedule', owner, '')) schedules.set(schedule.id, schedule);
  const medications: StoredRecord<'medication'>[] = [];
  for await (const medication of deps.records.list('medication', owner, '')) medications.push(medication);
  await recordRead(deps, entry('medications.read', { count: medications.length }));
  return {
    user_id: target.userId,
    medications: medications
      .toSorted((a, b) => (a.body.medicationId < b.body.medicationId ? -1 : 1))
      .map((medication) => medicationView(medication, schedules.get(medication.id))),
  };
}
