import type { RecordWriteOf, Ref, StoredRecord } from '../jobs/ports.ts';
import { type Instant, later } from '../lifecycle/instant.ts';

/**
 * Ends a schedule: nothing of it is made from here on, and deliveries that are under way find it stopped.
 * @param kept the schedule with what was used until then, where that is written
 */
export const stoppedSchedule = (
  schedule: StoredRecord<'schedule'>,
  kept: RecordWriteOf<'schedule'> | undefined,
  owner: Ref,
  receivedAt: Instant,
): RecordWriteOf<'schedule'> => ({
  type: 'schedule',
  owner,
  id: schedule.id,
  expect: schedule.version,
  // Later than any reminder job accepted so far: one that runs after this does not start it again.
  state: {
    ...schedule.state,
    status: 'stopped',
    nextDueAt: null,
    acceptedAt: later(schedule.state.acceptedAt, receivedAt),
  },
  body: kept?.body ?? schedule.body,
});
