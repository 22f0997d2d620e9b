import {
  type CompleteSchedule,
  checkHighAlert,
  type HighAlertCheck,
  type HighAlertRule,
  scheduleOf,
} from '../../clinical/index.ts';
import type { Problem } from '../../errors/problem-error.ts';
import type { Role } from '../../lifecycle/role.ts';
import type { MedicationBody } from '../ports.ts';

/** `not_checked`: the name or what it leaves open did not allow it. `overridden`: too frequent, and taken on by a professional. */
export type HighAlertOutcome = 'passed' | 'not_checked' | 'overridden';

export type FrequencyVerdict =
  | { readonly ok: true; readonly highAlert: HighAlertOutcome }
  | { readonly ok: false; readonly problems: readonly Problem[] };

interface Case {
  readonly schedule: CompleteSchedule;
  readonly medication: MedicationBody | undefined;
  readonly overrideReason: string | undefined;
  readonly role: Role | undefined;
}

/** Who may take on a frequency that the table of high-alert products refuses. */
const MAY_OVERRIDE: readonly Role[] = ['clinician', 'pharmacist'];

/**
 * Refuses a high-alert product that is scheduled more often than it may be used, unless a clinician or pharmacist says
 * why. The request's name and the stored one are both looked at, so that leaving the name out lifts nothing.
 */
export function judgeFrequency({ schedule, medication, overrideReason, role }: Case): FrequencyVerdict {
  const checks = namesOf(schedule, medication).map((medicationName) =>
    checkHighAlert({
      medicationName,
      schedule: scheduleOf(schedule),
      maxDosesPerDay: schedule.max_doses_per_day,
    }),
  );
  const refused = checks.find((check) => check.status === 'too_frequent');
  if (!refused) {
    // A name that nobody can resolve is not vouched for by another one that passes.
    const all = checks.length > 0 && checks.every(isPassed);
    return { ok: true, highAlert: all ? 'passed' : 'not_checked' };
  }
  const mayOverride = role !== undefined && MAY_OVERRIDE.includes(role);
  if (overrideReason !== undefined && mayOverride) return { ok: true, highAlert: 'overridden' };
  return { ok: false, problems: problemsOf(refused.rule, overrideReason !== undefined) };
}

const isPassed = (check: HighAlertCheck): boolean => check.status === 'passed';

function namesOf(schedule: CompleteSchedule, medication: MedicationBody | undefined): string[] {
  const { medication_name: sent } = schedule;
  const { name, rxcui } = medication ?? {};
  return [sent, name, rxcui && `rxcui:${rxcui}`].filter((one) => one !== undefined);
}

function problemsOf({ limit }: HighAlertRule, overrideWasSent: boolean): readonly Problem[] {
  const most =
    'mostDosesPerDay' in limit
      ? `at most ${limit.mostDosesPerDay} times a day`
      : `at most once in ${inWords(limit.shortestIntervalHours)}`;
  const detail = `This medication may be used ${most}: choose a longer interval, or have a clinician or pharmacist send override_reason.`;
  const refused = { pointer: '/schedule/frequency', code: 'high_alert_frequency', detail };
  if (!overrideWasSent) return [refused];
  const roles = 'Only a clinician or a pharmacist may override this.';
  return [refused, { pointer: '/schedule/override_reason', code: 'override_not_allowed', detail: roles }];
}

const inWords = (hours: number): string =>
  hours % 24 === 0 && hours > 72 ? `${hours / 24} days` : `${hours} hours`;
