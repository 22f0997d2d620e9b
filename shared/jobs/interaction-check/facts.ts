import type { InteractionCheck } from '../../clinical/interactions/index.ts';
import type { JsonObject } from '../ports.ts';

/** What roll-ups count of a check: its outcome and how many of what, no drug and no rule. */
export const factsOf = ({ outcome, counts }: InteractionCheck): JsonObject => ({
  outcome,
  by_level: { ...counts.by_level },
  interruptive: counts.interruptive,
  entries: counts.entries,
  unrecognised: counts.unrecognised,
  not_assessed: counts.not_assessed,
});
