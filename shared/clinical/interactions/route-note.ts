import { normalise } from '../names/normalise.ts';
import type { Entry, Found } from './finding.ts';

const LOCAL_FORM =
  /(?<![\p{L}-])(?:shampoo|cream|ointment|oint|gel|lotion|foam|topical|ophthalmic|otic|(?:eye|ear)\s*-?\s*(?:drops?|ointment|gel|solution))(?![\p{L}-])/u;
/** Whatever says that the drug is meant to reach the blood, or may. */
const OTHER_ROUTE =
  /(?<![\p{L}])(?:oral|orally|po|tablets?|tabs?|capsules?|caps?|injection|injectable|iv|im|sc|subcutaneous|transdermal|patch|patches|rectal|vaginal|buccal|sublingual|nasal)(?![\p{L}])/u;

/** Whether the words clearly name a form for skin, hair, eyes or ears, and no other route. */
const namesLocalForm = (medication: string): boolean => {
  const text = normalise(medication);
  return LOCAL_FORM.test(text) && !OTHER_ROUTE.test(text);
};

/**
 * What a finding says about entries that were named in a form for local use. No rule looks at the route, so the level
 * stays that of systemic use: this only tells the reader. `null` where there is no such entry, also where the drug acts
 * in the whole body from the skin (`systemicFromSkin`: nitroglycerin ointment).
 */
export function routeNote(
  finding: Pick<Found, 'medications' | 'ingredients'>,
  entries: readonly Entry[],
  systemicFromSkin: ReadonlySet<string>,
): string | null {
  const named = entries
    .filter(({ medication }) => finding.medications.includes(medication) && namesLocalForm(medication))
    .filter(({ ingredients }) =>
      ingredients.some((name) => finding.ingredients.includes(name) && !systemicFromSkin.has(name)),
    )
    .map(({ medication }) => `"${medication}"`);
  if (named.length === 0) return null;
  return (
    `Named in a form for local use: ${[...new Set(named)].join(', ')}. The level is that of systemic use and was not ` +
    'lowered; how much is absorbed was not judged.'
  );
}
