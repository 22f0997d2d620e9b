import head from './data/classes.json' with { type: 'json' };
import coverage from './data/coverage.json' with { type: 'json' };
import cyp from './data/rules-cyp.json' with { type: 'json' };
import dangerous from './data/rules-dangerous.json' with { type: 'json' };
import further from './data/rules-further.json' with { type: 'json' };
import label from './data/rules-label.json' with { type: 'json' };
import lists from './data/rules-lists.json' with { type: 'json' };
import oncHigh from './data/rules-onc-high.json' with { type: 'json' };
import oncLow from './data/rules-onc-low.json' with { type: 'json' };
import read from './data/rules-read.json' with { type: 'json' };
import { parseReferenceData } from './parse-rules.ts';
import { RuleIndex } from './rule-index.ts';

let built: RuleIndex | undefined;

/** The rules that come with the product. Read and indexed at the first use, not at import. */
export function builtInRules(): RuleIndex {
  built ??= new RuleIndex(
    parseReferenceData(head, [oncHigh, oncLow, cyp, label, dangerous, further, read, lists], coverage),
  );
  return built;
}
