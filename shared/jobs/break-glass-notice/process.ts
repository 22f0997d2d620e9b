import type { Done, JobView, World } from '../ports.ts';
import { accessMessage } from './message.ts';
import type { BreakGlassNotice } from './schema.ts';

/**
 * Tells the patient's application that somebody without a relationship has got access to the patient's data. Publishing
 * comes before the commit, so every attempt but the first one may be telling it again, and says so.
 */
export async function process(job: JobView<BreakGlassNotice>, world: World): Promise<Done> {
  const mayBeRepeated = job.attempt > 1 || job.generation > 1;
  await world.publisher.publishAccess(accessMessage(world.refs, job.payload, mayBeRepeated));
  return { end: 'succeeded', summary: 'told', result: { told: true, grant_id: job.payload.grant_id } };
}
