import { builtInLexicon } from '../names/built-in-lexicon.ts';
import { type Lexicon, NameDataError } from '../names/lexicon.ts';
import { builtInRules } from './built-in-rules.ts';
import { type CheckOptions, check } from './check-interactions.ts';
import { type InteractionCheck, noReferenceData } from './interaction-check.ts';
import { LEVELS } from './level.ts';
import { parseReferenceData } from './parse-rules.ts';
import { ReferenceDataError } from './reference-data.ts';
import { RuleIndex } from './rule-index.ts';

export type { Finding } from './finding.ts';
export { type InteractionCheck, NOT_CHECKED, OUTCOMES, type Outcome } from './interaction-check.ts';
export { LEVELS, type Level, VERIFICATIONS, type Verification } from './level.ts';
export { type PatientView, patientView } from './patient-view.ts';
export { type ReferenceData, ReferenceDataError } from './reference-data.ts';
export { builtInRules, parseReferenceData, RuleIndex };

export interface InteractionOptions extends CheckOptions {
  /** Other names or rules than the built-in ones. A function may throw `NameDataError` or `ReferenceDataError`. */
  readonly lexicon?: Lexicon | (() => Lexicon);
  readonly rules?: RuleIndex | (() => RuleIndex);
}

/**
 * Checks every pair of the medications against the rules, after telling their ingredients from their names.
 * Never answers "none found" unless every entry was recognised, every ingredient is declared as assessed and nothing is
 * hidden. Pure and deterministic; reference data that is missing or cannot be used gives the outcome `error`.
 * @throws TypeError when the medications are no list of texts, the options no object, or the minimum level no level
 */
export function checkInteractions(
  texts: readonly string[],
  options: InteractionOptions | null = {},
): InteractionCheck {
  if (typeof options !== 'object') throw new TypeError('The options must be an object.');
  const { lexicon = builtInLexicon, rules = builtInRules, ...rest } = options ?? {};
  if (!Array.isArray(texts) || Array.from<unknown>(texts).some((text) => typeof text !== 'string'))
    throw new TypeError('The medications must be a list of texts.');
  if (rest.minimum_level !== undefined && !LEVELS.includes(rest.minimum_level))
    throw new TypeError(`The minimum level must be one of ${LEVELS.join(', ')}.`);
  try {
    const names = typeof lexicon === 'function' ? lexicon() : lexicon;
    const index = typeof rules === 'function' ? rules() : rules;
    // Callers without types hand over what they found, also nothing.
    return names && index ? check(texts, names, index, rest) : noReferenceData(texts.length);
  } catch (error) {
    if (error instanceof ReferenceDataError || error instanceof NameDataError)
      return noReferenceData(texts.length);
    throw error;
  }
}
