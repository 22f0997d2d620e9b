import { type NotSentReason, occurrenceRecord } from '../clinical/index.ts';
import type { RecordWriteOf, Ref, StoredRecord } from '../jobs/ports.ts';
import { overdueDoses } from '../jobs/replacing/standing-doses.ts';
import { type Instant, later } from '../lifecycle/instant.ts';
import type { Engine } from './engine.ts';

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

/**
 * The doses of a schedule that ends now which are due and which a tick that is behind has not made: recorded as not sent with
 * their reason, because no tick will look at this schedule again. One that has a record, such as an answer, keeps it.
 */
export async function dosesLeftUnmade(
  deps: Pick<Engine, 'schedules'>,
  schedule: StoredRecord<'schedule'>,
  owner: Ref,
  now: Instant,
): Promise<readonly RecordWriteOf<'occurrence'>[]> {
  const { userId, medicationId } = schedule.body;
  const dose = { userId, medicationId, scheduleRevision: schedule.state.revision };
  const overdue = overdueDoses(schedule, now);
  const ended = [
    ...overdue.notSent.map((due) => ({ due, reason: 'too_late' as NotSentReason })),
    ...overdue.due.map((due) => ({ due, reason: 'schedule_stopped' as NotSentReason })),
  ];
  const writes = await Promise.all(
    ended.map(async ({ due, reason }): Promise<RecordWriteOf<'occurrence'>[]> => {
      const stands = await deps.schedules.read({ type: 'occurrence', owner, id: due.id });
      const write = { type: 'occurrence', owner, expect: 'absent' } as const;
      return stands ? [] : [{ ...write, ...occurrenceRecord(due, dose, reason) }];
    }),
  );
  return writes.flat();
}
