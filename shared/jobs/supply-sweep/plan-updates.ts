import { tzdataVersion } from '../../clinical/index.ts';
import { recordOf } from '../define-job-kind.ts';
import type { ChildJob, Ref, StoredRecord, UserBody, World } from '../ports.ts';
import { isOutdated } from '../replacing/outdated.ts';

/**
 * One `schedule-update` for each user who has a schedule that was computed with other zone data than those of this runtime,
 * or that is not read in the zone which the user follows: within a day, everybody's next doses are at their right time.
 */
export async function planUpdates(world: World, owners: readonly Ref[]): Promise<readonly ChildJob[]> {
  const users = await world.records.readMany(
    owners.map((owner) => ({ type: 'user' as const, owner, id: '' })),
  );
  const updates: ChildJob[] = [];
  for (const [index, owner] of owners.entries()) {
    const outdated = await firstOutdated(world, owner, recordOf('user', users[index])?.body);
    if (!outdated) continue;
    const { tzdataVersion: version, userId } = outdated.body;
    updates.push({
      key: `schedule-update#${owner}`,
      kind: 'schedule-update',
      payload: { user_id: userId, reason: version === tzdataVersion() ? 'zone' : 'tzdata' },
      priority: 'LOW',
      userRef: owner,
    });
  }
  return updates;
}

async function firstOutdated(
  world: World,
  owner: Ref,
  user: UserBody | undefined,
): Promise<StoredRecord<'schedule'> | undefined> {
  for await (const schedule of world.records.list('schedule', owner, ''))
    if (isOutdated(schedule, user)) return schedule;
  return undefined;
}
