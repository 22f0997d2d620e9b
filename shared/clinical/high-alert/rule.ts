/** How far the cited document was opened for a rule; the same marks as the interaction rules have. */
export type Verification = 'primary_read' | 'secondary' | 'unverified';

/** What a schedule may not exceed. */
export type FrequencyLimit =
  | { readonly shortestIntervalHours: number }
  | { readonly mostDosesPerDay: number };

/** How often a product may be used at most whose more frequent use has harmed people. */
export interface HighAlertRule {
  readonly id: string;
  /** All of them must be in the product, by the names that `resolveMedication` gives. */
  readonly ingredients: readonly string[];
  readonly limit: FrequencyLimit;
  /** Words of the name that tell that the product is meant; absent: every product with these ingredients. */
  readonly appliesTo?: RegExp;
  /** Words of the name that tell that another product is meant. Looked for first. */
  readonly notFor?: RegExp;
  /** Words that leave open whether the product is meant, where none tells that it is. */
  readonly openFor?: RegExp;
  /** Strengths in mg for which it holds; absent: any. */
  readonly strengthsMg?: readonly number[];
  /** A name that tells neither: the product is meant, or nobody knows, or the usual product is another one. */
  readonly ifUnstated: 'applies' | 'unknown' | 'other_product';
  /** True when the label itself has the product used at need. */
  readonly asNeededAllowed?: true;
  /** What happens when it is used more often. */
  readonly harm: string;
  readonly source: HighAlertSource;
}

export interface HighAlertSource {
  readonly document: string;
  readonly url: string;
  /** Date of the document's version. */
  readonly version: string;
  /** When it was opened. */
  readonly readOn: string;
  readonly verification: Verification;
}
