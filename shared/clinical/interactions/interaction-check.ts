import type { Candidate } from '../names/find-candidates.ts';
import type { MatchedBy } from '../names/resolve-medication.ts';
import type { Finding } from './finding.ts';
import type { Level } from './level.ts';

/** In order of precedence. */
export const OUTCOMES = ['error', 'incomplete', 'findings', 'nothing_to_compare', 'none_found'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What no check looks at, said in every answer. */
export const NOT_CHECKED = [
  'dose, frequency, route and duration',
  'kidney and liver function, age, weight and diagnoses',
  'allergies and intolerances',
  'pregnancy and breast-feeding',
  'food, alcohol and tobacco',
  'medications and products that were not listed',
  'interactions that the rules of this data set do not hold',
] as const;

/** The answer of a check: plain JSON, stored and returned as it is. */
export type InteractionCheck = {
  readonly outcome: Outcome;
  /** One sentence for a person, careful about what it does not say. */
  readonly statement: string;
  readonly findings: readonly Finding[];
  /** Findings that `minimum_level` keeps out of the list. */
  readonly hidden: Readonly<Record<Level, number>>;
  readonly counts: {
    readonly entries: number;
    readonly recognised: number;
    readonly unrecognised: number;
    readonly not_assessed: number;
    readonly pairs_compared: number;
    readonly interruptive: number;
    readonly by_level: Readonly<Record<Level, number>>;
  };
  readonly recognised: readonly {
    readonly medication: string;
    readonly ingredients: readonly string[];
    readonly matched_by: MatchedBy;
  }[];
  readonly unrecognised: readonly {
    readonly medication: string;
    readonly candidates: readonly CandidateView[];
  }[];
  readonly not_assessed: readonly {
    readonly medication: string;
    readonly ingredient: string;
    readonly reason: 'recognised_not_assessed';
  }[];
  /** Ingredients that the data set declares as gone through, and how many rules of the data set are about each. */
  readonly assessed: readonly { readonly ingredient: string; readonly rules: number }[];
  readonly not_checked: readonly string[];
  /** `null` when there is none that could be used. */
  readonly data_set: {
    readonly id: string;
    readonly version: string;
    readonly date: string;
    readonly names_version: string;
    readonly rules: number;
  } | null;
};

type CandidateView = { readonly [K in keyof Candidate]: Candidate[K] };

const NONE = { contraindicated: 0, major: 0, moderate: 0, minor: 0 } as const;

/** The answer when names or rules are missing: nothing was compared, and it says so. */
export const noReferenceData = (entries: number): InteractionCheck => ({
  outcome: 'error',
  statement: statementFor('error', 0, 0, 0),
  findings: [],
  hidden: NONE,
  counts: {
    entries,
    recognised: 0,
    unrecognised: 0,
    not_assessed: 0,
    pairs_compared: 0,
    interruptive: 0,
    by_level: NONE,
  },
  recognised: [],
  unrecognised: [],
  not_assessed: [],
  assessed: [],
  not_checked: NOT_CHECKED,
  data_set: null,
});

const some = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** Says what an outcome means and what it does not. */
export function statementFor(
  outcome: Outcome,
  findings: number,
  unrecognised: number,
  notAssessed: number,
): string {
  const found = some(findings, 'finding', 'findings');
  switch (outcome) {
    case 'incomplete':
      return [
        'The check is incomplete.',
        unrecognised > 0 ? `Not recognised: ${some(unrecognised, 'entry', 'entries')}.` : '',
        notAssessed > 0
          ? `Recognised, but not assessed in this data set: ${some(notAssessed, 'ingredient', 'ingredients')}.`
          : '',
        `Their interactions were not gone through. What rules there are was compared: ${found}.`,
      ]
        .filter((sentence) => sentence !== '')
        .join(' ');
    case 'findings':
      return `${found} to be looked at.`;
    case 'nothing_to_compare':
      return 'There was nothing to compare: two different products are needed.';
    case 'none_found':
      return 'No rule of this data set names any of the pairs. This does not say that no interaction exists.';
    case 'error':
      return 'Nothing was compared: the reference data is missing or cannot be used.';
  }
}
