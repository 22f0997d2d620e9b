import { PermanentError } from '../../errors/attempt-error.ts';
import type { MedicationBody, Ref, ScheduleBody, World } from '../ports.ts';

/** With the 30 that may be given, some 4,000 pairs. */
export const MOST_CURRENT = 60;

/** A medication on the record, and all that it is called there. */
export interface CurrentMedication {
  readonly medicationId: string;
  readonly names: readonly string[];
}

export interface CurrentMedications {
  readonly active: readonly CurrentMedication[];
  /** Ids of those whose reminders are paused: whether they are taken at the moment is not known. */
  readonly paused: readonly string[];
}

/**
 * The medications that stand on the user's record, in order of their ids. A schedule without a medication record counts
 * as one: somebody is reminded of it.
 * @throws PermanentError `too_many_current_medications`: a check of a part of them would reassure falsely
 */
export async function readCurrent(world: World, owner: Ref): Promise<CurrentMedications> {
  const schedules = new Map<Ref, ScheduleBody>();
  for await (const { id, state, body } of world.records.list('schedule', owner, ''))
    if (state.status === 'active') schedules.set(id, body);
  const active: CurrentMedication[] = [];
  const paused: string[] = [];
  for await (const { id, state, body } of world.records.list('medication', owner, '')) {
    const schedule = schedules.get(id);
    schedules.delete(id);
    if (state.status === 'paused') paused.push(body.medicationId);
    if (state.status === 'active')
      active.push({ medicationId: body.medicationId, names: namesOf(body, schedule) });
  }
  for (const body of schedules.values())
    active.push({ medicationId: body.medicationId, names: namesOf(undefined, body) });
  if (active.length > MOST_CURRENT)
    throw new PermanentError(
      'too_many_current_medications',
      `More than ${MOST_CURRENT} medications are active on the record; stop those that are not taken any more.`,
    );
  return { active: active.toSorted(byId), paused: paused.toSorted() };
}

/** As a person wrote it on the record, as the request for reminders wrote it, its code. */
function namesOf(medication: MedicationBody | undefined, schedule: ScheduleBody | undefined) {
  const code = medication?.rxcui === undefined ? undefined : `rxcui:${medication.rxcui}`;
  return [medication?.name, schedule?.medicationName, code].flatMap((name) =>
    name === undefined || name.trim() === '' ? [] : [name],
  );
}

const byId = (a: CurrentMedication, b: CurrentMedication): number =>
  a.medicationId < b.medicationId ? -1 : 1;
