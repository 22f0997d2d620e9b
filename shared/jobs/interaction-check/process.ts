import { checkInteractions, type InteractionCheck, LEVELS } from '../../clinical/interactions/index.ts';
import type { Done, JobView } from '../ports.ts';
import { factsOf } from './facts.ts';
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

/** Pure computation: nothing is read, written or published, so an attempt that is repeated answers the same. */
export async function process(job: Pick<JobView<InteractionCheckPayload>, 'payload'>): Promise<Done> {
  const result = checkInteractions(job.payload.medications);
  return { end: 'succeeded', result, summary: summaryOf(result), facts: factsOf(result) };
}
