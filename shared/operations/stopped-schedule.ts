import { earlierUseAt, presentUse } from '../clinical/index.ts';
import type { RecordWriteOf, Ref, StoredRecord } from '../jobs/ports.ts';
import { useOnRecord } from '../jobs/replacing/use-on-record.ts';
import { type Instant, later } from '../lifecycle/instant.ts';

type Medication = Pick<StoredRecord<'medication'>, 'state' | 'body'>;

/**
 * Ends a schedule: nothing of it is made from here on, and deliveries that are under way find it stopped. What was used
 * until then is kept for the estimates of supply.
 */
export const stoppedSchedule = (
  schedule: StoredRecord<'schedule'>,
  medication: Medication | undefined,
  owner: Ref,
  receivedAt: Instant,
): RecordWriteOf<'schedule'> => {
  const write = withUseUntil(schedule, medication, owner, receivedAt);
  return {
    ...write,
    // Later than any reminder job accepted so far: one that runs after this does not start it again.
    state: {
      ...schedule.state,
      status: 'stopped',
      nextDueAt: null,
      acceptedAt: later(schedule.state.acceptedAt, receivedAt),
    },
  };
};

/** The same schedule of a medication that is used otherwise from here on; `undefined` when it is not. */
export const scheduleOfOtherUse = (
  schedule: StoredRecord<'schedule'>,
  before: Medication | undefined,
  after: Medication,
  owner: Ref,
  receivedAt: Instant,
): RecordWriteOf<'schedule'> | undefined => {
  const use = (medication: Medication | undefined) =>
    JSON.stringify(presentUse(useOnRecord(medication, schedule)));
  if (use(before) === use(after)) return undefined;
  return { ...withUseUntil(schedule, before, owner, receivedAt), isEntered: true };
};

function withUseUntil(
  schedule: StoredRecord<'schedule'>,
  medication: Medication | undefined,
  owner: Ref,
  at: Instant,
): RecordWriteOf<'schedule'> {
  const earlierUse = earlierUseAt(useOnRecord(medication, schedule), at, medication?.body.lastSnapshot);
  return {
    type: 'schedule',
    owner,
    id: schedule.id,
    expect: schedule.version,
    state: schedule.state,
    body: { ...schedule.body, ...(earlierUse && { earlierUse }) },
  };
}
