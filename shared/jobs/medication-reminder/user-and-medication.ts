import type { MedicationBody, RecordWrite, Ref, StoredRecord } from '../ports.ts';
import type { MedicationReminder } from './schema.ts';

/** What stands of a user and one medication before the job. */
export interface StoredBefore {
  readonly user: StoredRecord<'user'> | undefined;
  readonly medication: StoredRecord<'medication'> | undefined;
  readonly schedule: StoredRecord<'schedule'> | undefined;
}

/**
 * A new user keeps the zone that the first request named, marked as that; a stopped medication becomes active again.
 */
export function userAndMedication(
  payload: MedicationReminder,
  owner: Ref,
  medicationRef: Ref,
  stored: StoredBefore,
): RecordWrite[] {
  const writes: RecordWrite[] = [];
  const { time_zone: timeZone, time_zone_source: source } = payload.schedule;
  if (!stored.user) {
    const zone =
      source === 'request' && timeZone !== undefined
        ? { timeZone, timeZoneSource: 'first_request' as const }
        : {};
    const body = { userId: payload.user_id, ...zone };
    writes.push({ type: 'user', owner, id: '', expect: 'absent', state: {}, body });
  }
  const medication = medicationAfter(payload, stored);
  if (medication) {
    writes.push({
      type: 'medication',
      owner,
      id: medicationRef,
      expect: stored.medication?.version ?? 'absent',
      // A pause ends when somebody ends it: a new schedule does not.
      state: { status: stored.medication?.state.status === 'paused' ? 'paused' : 'active' },
      body: medication,
    });
  }
  return writes;
}

/**
 * What the request tells fills what is not known yet; `undefined` when nothing is to be written. With its first schedule a
 * medication is always written: whoever stops it in that moment finds no schedule to stop, so one of the two has to wait.
 */
function medicationAfter(
  { medication_id: medicationId, schedule, user_id: userId }: MedicationReminder,
  { medication: stored, schedule: before }: StoredBefore,
): MedicationBody | undefined {
  const body: MedicationBody = stored?.body ?? { userId, medicationId };
  const told = {
    ...(body.name === undefined &&
      schedule.medication_name !== undefined && { name: schedule.medication_name }),
    ...(body.doseUnits === undefined &&
      schedule.dose_units !== undefined && { doseUnits: schedule.dose_units }),
    ...(body.maxDosesPerDay === undefined &&
      schedule.max_doses_per_day !== undefined && { maxDosesPerDay: schedule.max_doses_per_day }),
  };
  const goesOn = stored !== undefined && before !== undefined && stored.state.status !== 'stopped';
  return goesOn && Object.keys(told).length === 0 ? undefined : { ...body, ...told };
}
