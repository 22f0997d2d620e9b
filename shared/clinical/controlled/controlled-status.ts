import { DEA_SCHEDULES, type DeaSchedule } from '../controlled-substances.ts';
import { resolveMedication } from '../names/index.ts';
import { LISTED_IN_COMBINATION, LISTED_INGREDIENTS } from './listed-ingredients.ts';

/** What the names of a medication say of the Controlled Substances Act. `not_known`: no name is recognised. */
export type ControlledStatus =
  | { readonly status: 'not_known' | 'not_controlled' | 'never_prescribed' }
  | {
      readonly status: 'controlled';
      /** The most lenient schedule in which a product of these ingredients may stand. */
      readonly mostLenient: DeaSchedule;
    };

/**
 * Looks names and codes (`rxcui 161`) up in the table of controlled ingredients. Those that are not recognised say nothing;
 * of the others the strictest counts. Products that 21 CFR 1308.32 exempts are not told apart: they count as controlled.
 */
export function controlledStatus(names: readonly string[]): ControlledStatus {
  const resolved = names.map((name) => resolveMedication(name)).filter(({ status }) => status === 'resolved');
  if (resolved.length === 0) return { status: 'not_known' };
  const found = resolved.flatMap(({ ingredients }) =>
    ingredients.flatMap((one) => schedulesOf(one, ingredients.length > 1) ?? []),
  );
  if (found.includes('I')) return { status: 'never_prescribed' };
  const mostLenient = DEA_SCHEDULES.find((schedule) => found.includes(schedule));
  return mostLenient === undefined ? { status: 'not_controlled' } : { status: 'controlled', mostLenient };
}

/** The most lenient schedule of one ingredient, by itself or beside others. */
function schedulesOf(ingredient: string, combined: boolean) {
  const listings = [...(combined ? LISTED_IN_COMBINATION : []), ...LISTED_INGREDIENTS];
  return listings.find(({ ingredients }) => ingredients.includes(ingredient))?.schedules.at(-1);
}

/** Whether a stated schedule is more lenient than any in which such a product may stand. */
export const isTooLenient = (stated: DeaSchedule, mostLenient: DeaSchedule): boolean =>
  DEA_SCHEDULES.indexOf(stated) > DEA_SCHEDULES.indexOf(mostLenient);
