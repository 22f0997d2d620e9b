import type { Done, JobView, World } from '../ports.ts';
import type { BreakGlassNotice } from './schema.ts';

/**
 * Tells the patient's application that somebody without a relationship has got access to the patient's data. Publishing
 * comes before the commit, so every attempt but the first one may be telling it again, and says so.
 */
export async function process(job: JobView<BreakGlassNotice>, world: World): Promise<Done> {
  const { user_id, grant_id, role, granted_at, expires_at } = job.payload;
  await world.publisher.publishAccess({
    type: 'access.break_glass',
    event_id: grant_id,
    user_ref: world.refs.user(user_id),
    user_id,
    grant_id,
    role,
    granted_at,
    expires_at,
    possible_duplicate: job.attempt > 1 || job.generation > 1,
  });
  return { end: 'succeeded', summary: 'told', result: { told: true, grant_id } };
}
