import { builtInRules } from '../interactions/built-in-rules.ts';
import type { RuleIndex } from '../interactions/rule-index.ts';
import { builtInLexicon } from '../names/built-in-lexicon.ts';
import type { Lexicon } from '../names/lexicon.ts';

/** Names and rules that a check goes by: the built-in ones, or those with a deployer's pack on top. */
export interface Reference {
  readonly lexicon: () => Lexicon;
  readonly rules: () => RuleIndex;
}

export const BUILT_IN: Reference = { lexicon: builtInLexicon, rules: builtInRules };
