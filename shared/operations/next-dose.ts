import { advanceSchedule, occurrenceRecord } from '../clinical/index.ts';
import type { Ref, StoredRecord } from '../jobs/ports.ts';
import { type Instant, secondsBetween } from '../lifecycle/instant.ts';
import type { Engine } from './engine.ts';

/** Version of what does not stand yet. */
export const NOT_YET_STORED = 0;

const ID = /^\d{4}-\d\d-\d\d_[0-9EW]{4,9}_(.+)$/;

/**
 * The next dose of a schedule, of which no occurrence was made yet, as the record that it would be: a person who takes a
 * dose early says so before the tick has made it, and must then not be told to take it. Only the very next dose, and no
 * earlier before its time than it may be told after it: a slip of the pen must not silence a dose of another day.
 */
export async function nextDose(
  deps: Pick<Engine, 'schedules'>,
  owner: Ref,
  reminderId: string,
  now: Instant,
): Promise<StoredRecord<'occurrence'> | undefined> {
  const medicationRef = ID.exec(reminderId)?.[1];
  if (medicationRef === undefined) return undefined;
  const schedule = await deps.schedules.read({ type: 'schedule', owner, id: medicationRef });
  if (schedule?.state.status !== 'active' || schedule.state.nextDueAt === null) return undefined;
  const { nextDueAt, revision } = schedule.state;
  const [due] = advanceSchedule({
    schedule: schedule.body,
    medicationRef,
    nextDueAt,
    now: nextDueAt,
    limit: 1,
  }).due;
  if (due?.id !== reminderId) return undefined;
  const isTooEarly = secondsBetween(now, due.dueAt) > secondsBetween(due.dueAt, due.expiresAt);
  if (isTooEarly) return undefined;
  const { userId, medicationId } = schedule.body;
  return {
    type: 'occurrence',
    version: NOT_YET_STORED,
    ...occurrenceRecord(due, { userId, medicationId, scheduleRevision: revision }),
  };
}
