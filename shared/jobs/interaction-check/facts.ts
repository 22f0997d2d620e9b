import type { InteractionCheck } from '../../clinical/interactions/index.ts';
import type { JsonObject, WorkCounts } from '../ports.ts';

/** What roll-ups count of a check: its outcome and how many of what, no drug and no rule. */
export const factsOf = ({ outcome, counts }: InteractionCheck): JsonObject => ({
  outcome,
  by_level: { ...counts.by_level },
  interruptive: counts.interruptive,
  entries: counts.entries,
  unrecognised: counts.unrecognised,
  not_assessed: counts.not_assessed,
});

/** The same for the dashboards; a level that was not found adds nothing. */
export const countsOf = ({ outcome, counts }: InteractionCheck): WorkCounts => {
  const { contraindicated, major, moderate, minor } = counts.by_level;
  return {
    ...(contraindicated > 0 && { findings_contraindicated: contraindicated }),
    ...(major > 0 && { findings_major: major }),
    ...(moderate > 0 && { findings_moderate: moderate }),
    ...(minor > 0 && { findings_minor: minor }),
    interaction_checks_incomplete: outcome === 'incomplete' || outcome === 'error' ? 1 : 0,
  };
};
