import type { JsonReader } from './read-json.ts';
import type { Statement } from './reference-data.ts';

/** A rule's own words, with what the file states for all of its rules where the rule itself is silent. */
export const readStatement = (rule: JsonReader, file: JsonReader): Statement => ({
  id: rule.text('id'),
  title: rule.text('title'),
  level: rule.level('level'),
  mechanism: rule.optionalText('mechanism'),
  effect: rule.text('effect'),
  management: rule.text('management'),
  modifiers: rule.texts('modifiers'),
  evidence: rule.text('evidence', file.optionalText('evidence') ?? undefined),
  sourceId: rule.text('source', file.optionalText('source') ?? undefined),
  verification: rule.verification('verification', file.optionalText('verification') ?? undefined),
});
