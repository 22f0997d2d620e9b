import { isOverMostRefills } from '../clinical/index.ts';
import { type Problem, ProblemError } from '../errors/problem-error.ts';
import type { MedicationBody } from '../jobs/ports.ts';
import { addSeconds, type Instant } from '../lifecycle/instant.ts';
import { readInstant } from '../lifecycle/read-instant.ts';
import type { MedicationWishes } from './bodies/medication.ts';
import { contradicts } from './medication-view.ts';

const FACTS = [
  'name',
  'rxcui',
  'doseUnits',
  'lastFillDate',
  'daysSupply',
  'refillsLeft',
  'issuedOn',
  'deaSchedule',
  'discardAfterDays',
  'maxDosesPerDay',
] as const satisfies readonly (keyof MedicationBody)[];

/** The members of a medication that a caller states; the rest of its record is the system's. */
type MedicationFacts = Pick<MedicationBody, (typeof FACTS)[number]>;

/** What callers do not state, such as the last count: it outlives every change of the facts. */
export const withoutFacts = (
  body: MedicationBody | undefined,
): Partial<Omit<MedicationBody, keyof MedicationFacts>> =>
  Object.fromEntries(Object.entries(body ?? {}).filter(([name]) => !FACTS.some((fact) => fact === name)));

/**
 * Reads the facts of a medication from a body that has passed its schema.
 * @throws ProblemError `invalid_input` that names every member with a fault
 */
export function readMedication(body: MedicationWishes, now: Instant): MedicationFacts {
  const problems: Problem[] = [];
  if (body.name === undefined && body.rxcui === undefined)
    problems.push({ pointer: '/name', code: 'required', detail: 'Give the name or the RxCUI, or both.' });
  if (contradicts(body))
    problems.push({
      pointer: '/rxcui',
      code: 'does_not_fit_name',
      detail: 'Name and RxCUI stand for different ingredients.',
    });
  if (body.dea_schedule && isOverMostRefills(body.dea_schedule, body.refills_left))
    problems.push({
      pointer: '/refills_left',
      code: 'more_than_five_refills',
      detail: 'A prescription for schedule III or IV has at most five refills (21 CFR 1306.22(a)).',
    });
  if (body.dea_schedule === 'II' && (body.refills_left ?? 0) > 0)
    problems.push({
      pointer: '/refills_left',
      code: 'schedule_ii_is_never_refilled',
      detail:
        'A prescription for schedule II is never refilled (21 CFR 1306.12(a)): leave it out, or send 0.',
    });
  // The first day of a zone ahead of UTC: a dispensing of today is never refused.
  const today = addSeconds(now, 14 * 3600).slice(0, 10);
  for (const member of ['last_fill_date', 'issued_on'] as const) {
    const date = body[member];
    if (date === undefined) continue;
    const read = readInstant(`${date}T00:00Z`);
    if (!read.ok) problems.push({ pointer: `/${member}`, code: 'invalid_date', detail: read.detail });
    else if (date > today)
      problems.push({
        pointer: `/${member}`,
        code: 'in_future',
        detail: 'Give a day of the past, or today.',
      });
  }
  if (problems.length > 0)
    throw new ProblemError('invalid_input', 'The request does not fit its documented form; see problems.', {
      problems,
    });
  return factsOf(body);
}

const factsOf = (body: MedicationWishes): MedicationFacts => ({
  ...(body.name !== undefined && { name: body.name }),
  ...(body.rxcui !== undefined && { rxcui: body.rxcui }),
  ...(body.dose_units !== undefined && { doseUnits: body.dose_units }),
  ...(body.last_fill_date !== undefined && { lastFillDate: body.last_fill_date }),
  ...(body.days_supply !== undefined && { daysSupply: body.days_supply }),
  ...(body.refills_left !== undefined && { refillsLeft: body.refills_left }),
  ...(body.issued_on !== undefined && { issuedOn: body.issued_on }),
  ...(body.dea_schedule !== undefined && { deaSchedule: body.dea_schedule }),
  ...(body.discard_after_days !== undefined && { discardAfterDays: body.discard_after_days }),
  ...(body.max_doses_per_day !== undefined && { maxDosesPerDay: body.max_doses_per_day }),
});
