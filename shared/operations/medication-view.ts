import { resolveMedication } from '../clinical/index.ts';
import type { JsonObject, MedicationBody, StoredRecord } from '../jobs/ports.ts';
import { entityTag } from './version-precondition.ts';

type Named = Pick<MedicationBody, 'name' | 'rxcui'>;

/**
 * What name or code stand for. A code decides; of a name only an exact meaning counts. Similar names are a question to a
 * person (`candidates`) and are never taken for an answer.
 */
export function recognise({ name, rxcui }: Named): JsonObject {
  const resolution = rxcui === undefined ? undefined : resolveMedication(`rxcui ${rxcui}`);
  const found =
    resolution?.status === 'resolved' || name === undefined ? resolution : resolveMedication(name);
  if (!found) return { recognition: 'unnamed' };
  if (found.status === 'resolved') return { recognition: 'recognised', ingredients: found.ingredients };
  return {
    recognition: 'unrecognised',
    candidates: found.candidates.map(({ name: candidate, ingredients, score }) => ({
      name: candidate,
      ingredients,
      score,
    })),
  };
}

/** Whether name and code are both recognised and stand for different ingredients. */
export function contradicts({ name, rxcui }: Named): boolean {
  if (name === undefined || rxcui === undefined) return false;
  const [byName, byCode] = [resolveMedication(name), resolveMedication(`rxcui ${rxcui}`)];
  return (
    byName.status === 'resolved' &&
    byCode.status === 'resolved' &&
    byName.ingredients.join('+') !== byCode.ingredients.join('+')
  );
}

/** One medication as the API shows it. `reminders` says whether a schedule stands and goes on. */
export function medicationView(
  { state, body, version }: Pick<StoredRecord<'medication'>, 'state' | 'body' | 'version'>,
  schedule: StoredRecord<'schedule'> | undefined,
): JsonObject {
  const { lastSnapshot } = body;
  return {
    medication_id: body.medicationId,
    status: state.status,
    etag: entityTag(version),
    reminders: schedule?.state.status ?? 'none',
    ...recognise(body),
    ...defined({
      name: body.name,
      rxcui: body.rxcui,
      dose_units: body.doseUnits,
      last_fill_date: body.lastFillDate,
      days_supply: body.daysSupply,
      refills_left: body.refillsLeft,
      issued_on: body.issuedOn,
      dea_schedule: body.deaSchedule,
      discard_after_days: body.discardAfterDays,
      max_doses_per_day: body.maxDosesPerDay,
    }),
    ...(lastSnapshot && {
      last_count: { supply_units: lastSnapshot.supplyUnits, taken_at: lastSnapshot.takenAt },
    }),
  };
}

const defined = (members: Readonly<Record<string, string | number | undefined>>): JsonObject =>
  Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
