import type { ChildJob, Ref, World } from '../ports.ts';

/** As many medications as one `supply-monitor` takes. */
const MEDICATIONS_PER_MONITOR = 20;

/** One monitor, or several, for each user who has something to watch: medications that are active and were counted once. */
export async function planMonitors(world: World, owners: readonly Ref[]): Promise<readonly ChildJob[]> {
  const monitors: ChildJob[] = [];
  for (const owner of owners) {
    const { userId, medications } = await countedMedications(world, owner);
    for (let start = 0; start < medications.length; start += MEDICATIONS_PER_MONITOR)
      monitors.push({
        key: `supply-monitor#${owner}#${start}`,
        kind: 'supply-monitor',
        payload: { user_id: userId, medications: medications.slice(start, start + MEDICATIONS_PER_MONITOR) },
        priority: 'LOW',
        userRef: owner,
      });
  }
  return monitors;
}

async function countedMedications(world: World, owner: Ref) {
  const medications: string[] = [];
  let userId = '';
  for await (const { state, body } of world.records.list('medication', owner, '')) {
    if (state.status !== 'active' || !body.lastSnapshot) continue;
    medications.push(body.medicationId);
    userId = body.userId;
  }
  return { userId, medications };
}
