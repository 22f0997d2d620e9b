import { type Resolution, resolveMedication } from '../clinical/index.ts';
import type { JsonObject, StoredRecord } from '../jobs/ports.ts';
import { entityTag } from './version-precondition.ts';

interface Named {
  readonly name?: string | undefined;
  readonly rxcui?: string | undefined;
}

/**
 * What name and code stand for. A name that is not recognised, or means something else than the code, is not made good by
 * it: one of the two is wrong, and nobody knows which. Then similar names and what the code stands for are a question
 * to a person (`candidates`), never an answer.
 */
export function recognise({ name, rxcui }: Named): JsonObject {
  const byCode = rxcui === undefined ? undefined : resolveMedication(`rxcui ${rxcui}`);
  const found = name === undefined ? byCode : resolveMedication(name);
  if (!found) return { recognition: 'unnamed' };
  const differ = byCode !== undefined && areDifferent(found, byCode);
  if (found.status === 'resolved' && !differ)
    return { recognition: 'recognised', ingredients: found.ingredients };
  const reason = differ
    ? 'name_and_code_differ'
    : name === undefined
      ? 'code_not_recognised'
      : 'name_not_recognised';
  const meant = [found, byCode].flatMap((one) => (one?.status === 'resolved' ? [candidateOf(one)] : []));
  const alike = found.candidates.map(({ name: candidate, ingredients, score }) => ({
    name: candidate,
    ingredients,
    score,
  }));
  return { recognition: 'unrecognised', reason, candidates: [...meant, ...alike] };
}

/** One of two meanings of which one is wrong: no more likely than the other. */
const candidateOf = ({ ingredients }: Resolution) => ({
  name: ingredients.join(' + '),
  ingredients,
  score: 0.5,
});

/** Whether name and code are both recognised and stand for different ingredients. */
export const contradicts = ({ name, rxcui }: Named): boolean =>
  name !== undefined &&
  rxcui !== undefined &&
  areDifferent(resolveMedication(name), resolveMedication(`rxcui ${rxcui}`));

const areDifferent = (a: Resolution, b: Resolution): boolean =>
  a.status === 'resolved' && b.status === 'resolved' && a.ingredients.join('+') !== b.ingredients.join('+');

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
