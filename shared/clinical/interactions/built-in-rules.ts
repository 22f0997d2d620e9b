import { readDataFile } from '../data-file.ts';
import { parseReferenceData } from './parse-rules.ts';
import { ReferenceDataError } from './reference-data.ts';
import { RuleIndex } from './rule-index.ts';

const RULE_FILES = [
  'onc-high',
  'onc-low',
  'cyp',
  'label',
  'dangerous',
  'further',
  'completed',
  'label-pairs',
  'read',
  'lists',
] as const;

let built: RuleIndex | undefined;

/**
 * The rules that come with the product. Read and indexed at the first use, not at import.
 * @throws ReferenceDataError when a file of them is missing or broken
 */
export function builtInRules(): RuleIndex {
  const read = (name: string): unknown => readDataFile(name, import.meta.url, ReferenceDataError);
  built ??= new RuleIndex(
    parseReferenceData(
      read('classes'),
      RULE_FILES.map((name) => read(`rules-${name}`)),
      read('coverage'),
    ),
  );
  return built;
}
