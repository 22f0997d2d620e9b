/** Words of one kind that exclude one another: group → what says so. Those that say less (`oral`, `tablet`) are in none. */
type Kind = Readonly<Record<string, RegExp>>;

const words = (list: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])(?:${list})(?![\\p{L}\\p{N}])`, 'u');

const FORM: Kind = {
  tablet: words('tablets?|tabs?|caplets?'),
  capsule: words('capsules?|caps?|softgels?|gelcaps?'),
  mouth: words('lozenges?|troches?|buccal|sublingual|sl|films?|gum|chewing'),
  liquid: words('solution|soln|suspension|susp|syrup|elixir|liquid'),
  patch: words('patch|patches|transdermal'),
  skin: words('cream|ointment|oint|gel|lotion|foam|shampoo|topical'),
  injection: words(
    'injections?|injectable|inj|vials?|pens?|syringes?|prefilled|autoinjector|intravenous|intramuscular|subcutaneous|iv|im|sc|subq',
  ),
  inhaled: words('inhaler|inhalation|inhaled|hfa|diskus|respimat|nebulizer|nebuliser'),
  nasal: words('nasal'),
  eye: words('ophthalmic|eye'),
  ear: words('otic|ear'),
  rectal: words('rectal|suppository|suppositories|enema'),
  vaginal: words('vaginal'),
  implant: words('implant|pellets?'),
};

const RELEASE: Kind = {
  slow: words('er|xr|sr|cr|la|xl|extended|sustained|controlled|prolonged|modified'),
  late: words('dr|ec|delayed|enteric'),
  atOnce: words('ir|immediate'),
};

const FREQUENCY: Kind = {
  weekly: words('weekly|every week|(?:once )?a week|per week'),
  often: words('twice|bid|tid|qid|times (?:daily|a day|per day)|every \\d{1,2} (?:hours?|hrs?|h)'),
  needed: words('prn|as needed'),
  daily: words('(?<!twice |times )daily|(?<!times )(?:a|per) day|qd|qam|qpm|qhs|every day|nightly'),
};

const groupsOf = (kind: Kind, text: string): readonly string[] =>
  Object.keys(kind).filter((group) => kind[group]?.test(text));

const exclude = (a: readonly string[], b: readonly string[]): boolean =>
  a.length > 0 && b.length > 0 && !a.some((group) => b.includes(group));

/** Shares of a mixture: `70/30`. */
const mixtureIn = (text: string): string =>
  [...text.matchAll(/(?<![\d/])(\d{2})\s*\/\s*(\d{2})(?![\d/])/gu)]
    .filter(([, one, other]) => Number(one) + Number(other) === 100)
    .map(([, one, other]) => `${one}/${other}`)
    .join();

/**
 * Whether two texts about the same drug cannot be about the same product: each tells a form, a release or a frequency,
 * and no common one; or one is a mixture and the other is not. What only one of them tells keeps nothing apart.
 */
export const tellsOtherProduct = (a: string, b: string): boolean =>
  [FORM, RELEASE, FREQUENCY].some((kind) => exclude(groupsOf(kind, a), groupsOf(kind, b))) ||
  (a !== '' && b !== '' && mixtureIn(a) !== mixtureIn(b));
