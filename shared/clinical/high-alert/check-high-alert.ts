import { resolveMedication } from '../names/index.ts';
import { normalise } from '../names/normalise.ts';
import type { Schedule } from '../schedule.ts';
import { shortestIntervalHours } from '../shortest-interval.ts';
import { ORAL_RULES } from './oral.ts';
import { PATCH_RULES } from './patches.ts';
import type { FrequencyLimit, HighAlertRule } from './rule.ts';
import { WEEKLY_INJECTION_RULES } from './weekly-injections.ts';

/** The reviewed table. What it does not list is not limited by it. */
export const HIGH_ALERT_RULES: readonly HighAlertRule[] = [
  ...ORAL_RULES,
  ...PATCH_RULES,
  ...WEEKLY_INJECTION_RULES,
];

/** What the table says about a schedule. */
export type HighAlertCheck =
  /** Nothing in the table is exceeded. */
  | { readonly status: 'passed' }
  /** Nobody knows: there is no name, or it does not tell the ingredient, or not the form or strength that decides. */
  | {
      readonly status: 'not_checked';
      readonly reason: 'no_name' | 'name_not_recognised' | 'form_or_strength_not_stated';
    }
  /** More often than a listed product may be used. */
  | { readonly status: 'too_frequent'; readonly rule: HighAlertRule };

export interface HighAlertQuestion {
  /** Name with strength and form as written, or an RxCUI; absent when nobody told it. */
  readonly medicationName?: string | undefined;
  readonly schedule: Schedule;
  /** For doses as needed: the most that are allowed in a day; absent counts as any number. */
  readonly maxDosesPerDay?: number | undefined;
}

/**
 * Holds how often a medication is scheduled against the table of products that must not be used more often. A name is
 * never guessed: what `resolveMedication` does not recognise is not checked, and the answer says so.
 */
export function checkHighAlert(question: HighAlertQuestion): HighAlertCheck {
  const { medicationName } = question;
  if (medicationName === undefined) return { status: 'not_checked', reason: 'no_name' };
  const resolution = resolveMedication(medicationName);
  if (resolution.status !== 'resolved') return { status: 'not_checked', reason: 'name_not_recognised' };
  const name = normalise(medicationName);
  const exceeded = HIGH_ALERT_RULES.filter(
    (rule) =>
      rule.ingredients.every((ingredient) => resolution.ingredients.includes(ingredient)) &&
      exceeds(question, rule),
  );
  const meant = exceeded.find((rule) => concerns(rule, name) === 'yes');
  if (meant) return { status: 'too_frequent', rule: meant };
  return exceeded.some((rule) => concerns(rule, name) === 'unknown')
    ? { status: 'not_checked', reason: 'form_or_strength_not_stated' }
    : { status: 'passed' };
}

function concerns(rule: HighAlertRule, name: string): 'yes' | 'no' | 'unknown' {
  const { appliesTo, ifUnstated, notFor, openFor, strengthsMg } = rule;
  const unstated = ({ applies: 'yes', unknown: 'unknown', other_product: 'no' } as const)[ifUnstated];
  if (notFor?.test(name) && !/\b(?:otrexup|rasuvo)\b/.test(name)) return 'no';
  if (strengthsMg) {
    const stated = strengthsIn(name);
    if (stated.length === 0) return unstated;
    return stated.some((mg) => strengthsMg.includes(mg)) ? 'yes' : 'no';
  }
  if (!appliesTo || appliesTo.test(name)) return 'yes';
  return openFor?.test(name) ? 'unknown' : unstated;
}

/** Milligrams in a name; a bare number counts as milligrams, as prescribers write `alendronate 70`. */
const strengthsIn = (name: string): number[] =>
  [...name.matchAll(/(?<![\p{L}\d.,])(\d+(?:\.\d+)?) ?(mg|mcg|iu|units?|ml|%)?(?![\p{L}\d])/gu)].flatMap(
    ([, digits, unit = 'mg']) => (unit === 'mg' ? [Number(digits)] : []),
  );

function exceeds({ schedule, maxDosesPerDay }: HighAlertQuestion, rule: HighAlertRule): boolean {
  if (schedule.frequency === 'PRN') {
    if (rule.asNeededAllowed) {
      return 'mostDosesPerDay' in rule.limit && (maxDosesPerDay ?? 0) > rule.limit.mostDosesPerDay;
    }
    const most = maxDosesPerDay ?? Infinity;
    return isOver(rule.limit, 24 / most, most);
  }
  const hours = shortestIntervalHours(schedule);
  if (hours === null) return false;
  return isOver(rule.limit, hours, schedule.times.length || Math.ceil(24 / hours));
}

const isOver = (limit: FrequencyLimit, intervalHours: number, dosesPerDay: number): boolean =>
  'shortestIntervalHours' in limit
    ? intervalHours < limit.shortestIntervalHours
    : dosesPerDay > limit.mostDosesPerDay;
