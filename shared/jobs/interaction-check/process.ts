import { checkInteractions, type InteractionCheck } from '../../clinical/interactions/index.ts';
import type { Done, JobView, World } from '../ports.ts';
import { joinCurrent } from './join-current.ts';
import { readCurrent } from './read-current.ts';
import { recallOf, summaryOf } from './recall.ts';
import type { InteractionCheckPayload } from './schema.ts';
import { withCurrent } from './with-current.ts';

/** Nothing is written or published, so an attempt that is repeated answers the same as long as the record is the same. */
export async function process(
  { payload }: Pick<JobView<InteractionCheckPayload>, 'payload'>,
  world: World,
): Promise<Done> {
  const { user_id, medications, include_current, minimum_level } = payload;
  const current =
    include_current === true
      ? joinCurrent(medications, await readCurrent(world, world.refs.user(user_id)))
      : undefined;
  const texts = current?.texts ?? medications;
  // What is hidden from the list must still be found when a rule is recalled.
  const whole = checkInteractions(texts);
  const shown = minimum_level === undefined ? whole : checkInteractions(texts, { minimum_level });
  const result: InteractionCheck = current ? withCurrent(shown, current.view) : shown;
  const recall = recallOf(whole, result.outcome);
  return { end: 'succeeded', result, summary: summaryOf(result), ...(recall && { recall }) };
}
