import type { Lexicon } from '../names/lexicon.ts';
import { type Resolution, resolveText } from '../names/resolve-medication.ts';
import { findDuplicates } from './find-duplicates.ts';
import { findGroups } from './find-groups.ts';
import { findPairs } from './find-pairs.ts';
import { type Entry, type Finding, inOrder } from './finding.ts';
import { type InteractionCheck, NOT_CHECKED, noReferenceData, statementFor } from './interaction-check.ts';
import { byText, LEVELS, type Level, rankOf } from './level.ts';
import { routeNote } from './route-note.ts';
import type { RuleIndex } from './rule-index.ts';

export interface CheckOptions {
  /** Hides findings below it from the list, never contraindicated or major ones, and counts what it hides. */
  readonly minimum_level?: Level;
}

interface Heard {
  readonly medication: string;
  readonly resolution: Resolution;
}

/**
 * Holds every pair of medications against the rules. The outcome is computed before any filter:
 * `error` > `incomplete` > `findings` > `nothing_to_compare` > `none_found`. One entry that is not recognised, or one
 * ingredient that the data set does not declare as assessed, makes it `incomplete`. Order of the medications changes nothing in the answer.
 */
export function check(
  texts: readonly string[],
  lexicon: Lexicon,
  index: RuleIndex,
  options: CheckOptions = {},
): InteractionCheck {
  if (lexicon.entries.size === 0 || index.data.pairs.length === 0) return noReferenceData(texts.length);
  const heard = [...texts]
    .sort(byText)
    .map((medication): Heard => ({ medication, resolution: resolveText(medication, lexicon) }));
  const entries = heard.flatMap(entriesOf);
  const unrecognised = heard
    .filter((one) => one.resolution.status === 'unrecognised')
    .map((one) => ({ medication: one.medication, candidates: one.resolution.candidates }));
  const notAssessed = entries.flatMap((entry) =>
    entry.ingredients
      .filter((ingredient) => !index.isAssessed(ingredient))
      .map((ingredient) => ({
        medication: entry.medication,
        ingredient,
        reason: 'recognised_not_assessed' as const,
      })),
  );

  const missing = new Set(notAssessed.map((one) => one.ingredient));

  const pairs = findPairs(entries, index);
  const all = [...pairs.findings, ...findGroups(entries, index), ...findDuplicates(entries, index)]
    .sort(inOrder)
    .map(
      (found): Finding => ({ ...found, route_note: routeNote(found, entries, index.data.systemicFromSkin) }),
    );
  const outcome =
    unrecognised.length > 0 || notAssessed.length > 0
      ? 'incomplete'
      : all.length > 0
        ? 'findings'
        : pairs.compared === 0
          ? 'nothing_to_compare'
          : 'none_found';
  const shown = all.filter((finding) => isShown(finding, options.minimum_level));
  const hidden = all.filter((finding) => !shown.includes(finding));
  const assessed = [...new Set(entries.flatMap((entry) => entry.ingredients))]
    .sort()
    .filter((ingredient) => index.isAssessed(ingredient))
    .map((ingredient) => ({ ingredient, rules: index.coverageOf(ingredient) }));

  return {
    outcome,
    statement: statementFor(outcome, all.length, unrecognised.length, missing.size),
    findings: shown,
    hidden: perLevel(hidden),
    counts: {
      entries: texts.length,
      recognised: heard.length - unrecognised.length,
      unrecognised: unrecognised.length,
      not_assessed: missing.size,
      pairs_compared: pairs.compared,
      interruptive: all.filter((finding) => finding.interruptive).length,
      by_level: perLevel(all),
    },
    recognised: heard.flatMap(({ medication, resolution }) =>
      resolution.status === 'resolved'
        ? [{ medication, ingredients: resolution.ingredients, matched_by: resolution.matchedBy }]
        : [],
    ),
    unrecognised,
    not_assessed: notAssessed,
    assessed,
    not_checked: NOT_CHECKED,
    data_set: {
      id: index.data.id,
      version: index.data.version,
      date: index.data.date,
      names_version: lexicon.version,
      rules: index.data.pairs.length + index.data.groups.length + index.data.duplicates.length,
    },
  };
}

/**
 * What an entry stands for in the comparison. Ingredients of one product belong together and are not held against each
 * other; a text that merely lists medications which nobody sells as one product (`warfarin, aspirin`) is several.
 */
const entriesOf = ({ medication, resolution }: Heard): Entry[] =>
  resolution.status === 'resolved'
    ? resolution.products.map(({ ingredients }) => ({ medication, ingredients }))
    : [];

const isShown = (finding: Finding, minimum: Level | undefined): boolean =>
  minimum === undefined || finding.interruptive || rankOf(finding.level) <= rankOf(minimum);

const perLevel = (findings: readonly Finding[]): Record<Level, number> => {
  const count = (level: Level): number => findings.filter((finding) => finding.level === level).length;
  const [contraindicated, major, moderate, minor] = LEVELS.map(count);
  return {
    contraindicated: contraindicated ?? 0,
    major: major ?? 0,
    moderate: moderate ?? 0,
    minor: minor ?? 0,
  };
};
