import { checkInteractions, type InteractionCheck, LEVELS } from '../../clinical/interactions/index.ts';
import type { Done, JobView, World } from '../ports.ts';
import { factsOf } from './facts.ts';
import { referenceFor } from './reference-for.ts';
import type { InteractionCheckPayload } from './schema.ts';

/** Outcome and counts, no drug and no name: lists of jobs show this line. */
export function summaryOf({ outcome, counts }: InteractionCheck): string {
  const levels = LEVELS.filter((level) => counts.by_level[level] > 0).map(
    (level) => `${counts.by_level[level]} ${level}`,
  );
  const gaps = [
    counts.unrecognised > 0 ? `${counts.unrecognised} unrecognised` : '',
    counts.not_assessed > 0 ? `${counts.not_assessed} not assessed` : '',
  ].filter((part) => part !== '');
  const parts = [...levels, ...gaps, `${counts.pairs_compared} pairs compared`];
  return `${outcome}: ${parts.join(', ')}`;
}

/** Nothing is written or published; what is read is the reference data that the answer names. */
export async function process(
  job: Pick<JobView<InteractionCheckPayload>, 'payload' | 'attempt'>,
  world: Pick<World, 'reference'>,
): Promise<Done> {
  const { lexicon, rules } = await referenceFor(job.attempt, world);
  const result = checkInteractions(job.payload.medications, { lexicon, rules });
  return { end: 'succeeded', result, summary: summaryOf(result), facts: factsOf(result) };
}
