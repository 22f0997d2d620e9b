import { tzdataVersion } from '../../clinical/index.ts';
import { recordOf } from '../define-job-kind.ts';
import type { ChildJob, Done, JobView, Ref, StoredRecord, UserBody, World } from '../ports.ts';
import { isOutdated } from '../replacing/outdated.ts';
import { dosesAround, standingOf } from '../replacing/standing-doses.ts';
import type { ScheduleUpdate } from './schema.ts';
import { type ScheduleChange, updateSchedule } from './update-schedule.ts';

/**
 * A schedule with its due entry are two items of the transaction's hundred, a job is three; a dose is up to three, with
 * what roll-ups are told of it and the end of what they were told before.
 */
const ITEMS_PER_SCHEDULE = 2;
const ITEMS_PER_DOSE = 3;
const ITEMS_PER_CHILD = 3;
const MOST_ITEMS = 75;
const MOST_CHILDREN = 25;

/**
 * Has the schedules of one user follow the zone that the user follows now, and the zone data of this runtime. What it does
 * depends only on what stands, so it may run twice, or late: there is nothing left to do then. As many schedules as one
 * transaction holds are changed together; another job of this kind goes on with the rest.
 */
export async function process(job: JobView<ScheduleUpdate>, world: World): Promise<Done> {
  const { user_id: userId, reason } = job.payload;
  const owner = world.refs.user(userId);
  const [record] = await world.records.readMany([{ type: 'user', owner, id: '' }]);
  const user = recordOf('user', record)?.body;
  const outdated = await outdatedSchedules(world, owner, user);
  const changes = await changesOf(world, owner, user, outdated);
  const left = outdated.length - changes.length;
  const next: ChildJob = { key: 'next', kind: 'schedule-update', payload: { user_id: userId, reason } };
  const withheld = changes.reduce((sum, change) => sum + change.withheld.length, 0);
  return {
    end: 'succeeded',
    summary: `${changes.length} schedules updated, ${withheld} doses withheld, ${left} schedules left`,
    writes: changes.flatMap((change) => change.writes),
    children: [...changes.flatMap((change) => change.children), ...(left > 0 ? [next] : [])],
    result: {
      reason,
      tzdata_version: tzdataVersion(),
      schedules: changes.map(({ told }) => told),
      left,
    },
  };
}

async function outdatedSchedules(world: World, owner: Ref, user: UserBody | undefined) {
  const found: StoredRecord<'schedule'>[] = [];
  for await (const schedule of world.records.list('schedule', owner, ''))
    if (isOutdated(schedule, user)) found.push(schedule);
  return found;
}

/** The changes of as many schedules as one transaction holds, and of one at least. */
async function changesOf(
  world: World,
  owner: Ref,
  user: UserBody | undefined,
  outdated: readonly StoredRecord<'schedule'>[],
): Promise<readonly ScheduleChange[]> {
  if (outdated.length === 0) return [];
  const now = world.now();
  const bodies = outdated.map(({ body }) => body);
  const doses = await dosesAround(world, owner, now, bodies);
  const changes: ScheduleChange[] = [];
  let items = 0;
  let children = 0;
  for (const schedule of outdated) {
    const standing = standingOf(doses, schedule, now);
    const change = updateSchedule({ owner, schedule, user, standing, now });
    const made = change.writes.filter(({ type }) => type === 'occurrence').length;
    items += ITEMS_PER_SCHEDULE + ITEMS_PER_DOSE * made + ITEMS_PER_CHILD * change.children.length;
    children += change.children.length;
    if (changes.length > 0 && (items > MOST_ITEMS || children > MOST_CHILDREN)) break;
    changes.push(change);
  }
  return changes;
}
