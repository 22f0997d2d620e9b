import type { Level, Verification } from './level.ts';

/** Where a statement comes from. */
export interface Source {
  readonly id: string;
  readonly citation: string;
  readonly url: string | null;
  /** Date of the publication or extract: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. */
  readonly date: string;
}

/** What one rule says, whichever way it finds the medications that it is about. */
export interface Statement {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly mechanism: string | null;
  readonly effect: string;
  readonly management: string;
  /** What makes it more or less serious in one patient. */
  readonly modifiers: readonly string[];
  readonly evidence: string;
  readonly sourceId: string;
  readonly verification: Verification;
}

/** Every ingredient of `object` against every one of `precipitant`. */
export interface PairRule extends Statement {
  readonly object: ReadonlySet<string>;
  readonly precipitant: ReadonlySet<string>;
  /** Whether the precipitant acts on the object, or each on the other. */
  readonly mutual: boolean;
  /** Rules that this more specific one replaces for the pairs on which both agree. */
  readonly overrides: readonly { readonly rule: string; readonly reason: string }[];
}

/** Several drugs at once: at least `minimum` different ones of one set, or one of each set. */
export interface GroupRule extends Statement {
  readonly sets: readonly ReadonlySet<string>[];
  readonly minimum: number;
}

/**
 * In different entries: one ingredient twice (any one where no members are named), the same substance under several
 * names, or two drugs of one class.
 */
export interface DuplicateRule extends Statement {
  readonly members: ReadonlySet<string>;
  readonly by: 'ingredient' | 'substance' | 'class';
}

export interface ReferenceData {
  readonly id: string;
  readonly version: string;
  readonly date: string;
  readonly sources: ReadonlyMap<string, Source>;
  readonly pairs: readonly PairRule[];
  readonly groups: readonly GroupRule[];
  readonly duplicates: readonly DuplicateRule[];
  /** Ingredients whose interactions the data set declares to have been gone through. */
  readonly assessed: ReadonlySet<string>;
  /** Those among them of which the data set states that nothing of weight is known, so that no rule names them. */
  readonly noneKnown: ReadonlySet<string>;
  /** Ingredients that act in the whole body when they are put on the skin. */
  readonly systemicFromSkin: ReadonlySet<string>;
}

/** The reference data cannot be used. The answer of a check is then `error`, never a reassurance. */
export class ReferenceDataError extends Error {
  override readonly name = 'ReferenceDataError';
}
