import {
  checkInteractions,
  type InteractionCheck,
  ReferenceDataError,
} from '../../clinical/interactions/index.ts';
import { NameDataError } from '../../clinical/names/index.ts';
import type { Reference } from '../../clinical/reference/reference.ts';
import type { Done, JobView, World } from '../ports.ts';
import { countsOf, factsOf } from './facts.ts';
import { joinCurrent } from './join-current.ts';
import { readCurrent } from './read-current.ts';
import { recallOf, summaryOf } from './recall.ts';
import { referenceFor } from './reference-for.ts';
import type { InteractionCheckPayload } from './schema.ts';
import { withCurrent } from './with-current.ts';

/** Nothing is written or published, so an attempt that is repeated answers the same as long as record and reference are. */
export async function process(
  job: Pick<JobView<InteractionCheckPayload>, 'payload' | 'attempt' | 'orderedAt'>,
  world: World,
): Promise<Done> {
  const { user_id, medications, include_current, minimum_level } = job.payload;
  const reference = await referenceFor(job, world);
  const current =
    include_current === true && isUsable(reference)
      ? joinCurrent(medications, await readCurrent(world, world.refs.user(user_id)), reference.lexicon())
      : undefined;
  const texts = current?.texts ?? medications;
  // What is hidden from the list must still be found when a rule is recalled.
  const whole = checkInteractions(texts, reference);
  const shown =
    minimum_level === undefined ? whole : checkInteractions(texts, { ...reference, minimum_level });
  const result: InteractionCheck = current ? withCurrent(shown, current.view) : shown;
  const recall = recallOf(whole, result.outcome);
  const summary = summaryOf(result);
  const counts = countsOf(result);
  return { end: 'succeeded', result, summary, facts: factsOf(result), counts, ...(recall && { recall }) };
}

/** Without names nothing is compared, whatever stands on the record: the check itself says so. */
function isUsable({ lexicon }: Reference): boolean {
  try {
    lexicon();
    return true;
  } catch (error) {
    if (error instanceof ReferenceDataError || error instanceof NameDataError) return false;
    throw error;
  }
}
