import type { Recall, RecallQuery, Ref } from '../jobs/ports.ts';
import type { KeyedHashes } from './ports.ts';
import type { RecallEntry } from './recall-ports.ts';

/**
 * A transaction holds 100 items, the last one of a job some 10 of its own. A check to which more rules apply stands under
 * one hash for all such checks instead, and a search for a rule looks there, too.
 */
export const MOST_RULE_ENTRIES = 48;

export const recallEntry = (refs: Pick<KeyedHashes, 'recall'>, recall: Recall): RecallEntry => ({
  recall,
  refs: [
    refs.recall('data_set', recall.dataSet),
    ...(recall.rules.length > MOST_RULE_ENTRIES
      ? [refs.recall('many', '')]
      : recall.rules.map((rule) => refs.recall('rule', rule))),
  ],
});

/** Where the results of a query stand. Under the first one all are wanted, under the second only some. */
export const refsFor = (
  refs: Pick<KeyedHashes, 'recall'>,
  { rule, dataSet = '' }: RecallQuery,
): readonly Ref[] =>
  rule === undefined
    ? [refs.recall('data_set', dataSet)]
    : [refs.recall('rule', rule), refs.recall('many', '')];
