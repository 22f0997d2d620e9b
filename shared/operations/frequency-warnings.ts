import { checkHighAlert } from '../clinical/index.ts';
import type { JsonObject, MedicationBody, StoredRecord } from '../jobs/ports.ts';

const TOO_FREQUENT = {
  code: 'high_alert_frequency',
  detail:
    'The schedule that stands uses this medication more often than it may be used: have a clinician or pharmacist look at it, and send a new schedule.',
};

/**
 * What a name says about the schedule that stands: it may have been made before anybody knew which medication it is for. It
 * is not stopped by that, because a name may be wrong, too.
 */
export function frequencyWarnings(
  { name, rxcui, maxDosesPerDay }: MedicationBody,
  schedule: StoredRecord<'schedule'> | undefined,
): readonly JsonObject[] {
  if (schedule?.state.status !== 'active') return [];
  const { body } = schedule;
  const names = [name, rxcui && `rxcui:${rxcui}`].filter((one) => one !== undefined);
  const checks = names.map((medicationName) =>
    checkHighAlert({
      medicationName,
      schedule: body,
      maxDosesPerDay: body.maxDosesPerDay ?? maxDosesPerDay,
    }),
  );
  return checks.some(({ status }) => status === 'too_frequent') ? [TOO_FREQUENT] : [];
}
