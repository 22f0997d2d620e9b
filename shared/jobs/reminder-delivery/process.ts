import type { NotSentReason } from '../../clinical/index.ts';
import { RetryableError } from '../../errors/attempt-error.ts';
import { recordOf } from '../define-job-kind.ts';
import type {
  Done,
  JobView,
  OccurrenceStatus,
  RecordKey,
  RecordWriteOf,
  Ref,
  StoredRecord,
  World,
} from '../ports.ts';
import type { ReminderDelivery } from './schema.ts';

/** A dose told later than this many milliseconds after its due time says so. */
const LATE_AFTER_MS = 60_000;

/**
 * Tells one dose. What may have changed since it was ordered is read again: a stopped or replaced schedule, a dose
 * told already. The occurrence is `sending` before anything leaves, so a later attempt that finds it so knows that
 * the dose may have been told, and flags its own message as a possible duplicate.
 */
export async function process(job: JobView<ReminderDelivery>, world: World): Promise<Done> {
  const { payload } = job;
  const owner = world.refs.user(payload.user_id);
  if (world.now() < payload.due_at) {
    throw new RetryableError('unexpected', 'The delivery came before its due time.');
  }
  const { occurrence, ...around } = await readStored(world, payload, owner);
  if (!occurrence || occurrence.state.scheduleRevision !== payload.schedule_revision) {
    // A newer revision of the schedule has taken the slot over and ordered its own delivery.
    return { end: 'superseded', reason: 'occurrence_replaced' };
  }
  if (occurrence.state.status === 'published') return { end: 'superseded', reason: 'already_published' };
  if (occurrence.state.status === 'not_sent') return { end: 'superseded', reason: 'already_not_sent' };
  const stopped = reasonToStop(around, payload);
  if (stopped) return { end: 'superseded', reason: stopped, writes: [closed(occurrence, owner, stopped)] };
  if (world.now() >= payload.expires_at) return tooLate(occurrence, owner);

  await world.recordIntent([moved(occurrence, owner, 'sending', null)]);
  const intended = { ...occurrence, version: occurrence.version + 1 };
  const now = world.now();
  // Recording the intent takes time: the window is checked again immediately before the message leaves.
  if (now >= payload.expires_at) return tooLate(intended, owner);
  const late = Date.parse(now) - Date.parse(payload.due_at) > LATE_AFTER_MS;
  const possibleDuplicate = occurrence.state.status === 'sending';
  await world.publisher.publishReminder({
    type: 'reminder.due',
    occurrence_id: payload.occurrence_id,
    user_ref: owner,
    user_id: payload.user_id,
    medication_id: payload.medication_id,
    due_at: payload.due_at,
    local_time: occurrence.body.localTime,
    time_zone: occurrence.body.timeZone,
    late,
    possible_duplicate: possibleDuplicate,
  });
  return {
    end: 'succeeded',
    summary: `published${late ? ', late' : ''}${possibleDuplicate ? ', possible duplicate' : ''}`,
    writes: [moved(intended, owner, 'published', null)],
    counts: [
      'reminders_published',
      ...(late ? (['reminders_late'] as const) : []),
      ...(possibleDuplicate ? (['reminders_possible_duplicate'] as const) : []),
    ],
    result: {
      occurrence_id: payload.occurrence_id,
      due_at: payload.due_at,
      published_at: now,
      late,
      possible_duplicate: possibleDuplicate,
    },
  };
}

interface Stored {
  readonly occurrence: StoredRecord<'occurrence'> | undefined;
  readonly schedule: StoredRecord<'schedule'> | undefined;
  readonly medication: StoredRecord<'medication'> | undefined;
}

async function readStored(world: World, payload: ReminderDelivery, owner: Ref): Promise<Stored> {
  const medicationRef = world.refs.medication(payload.user_id, payload.medication_id);
  const keys: RecordKey<'occurrence' | 'schedule' | 'medication'>[] = [
    { type: 'occurrence', owner, id: payload.occurrence_id },
    { type: 'schedule', owner, id: medicationRef },
    { type: 'medication', owner, id: medicationRef },
  ];
  const [occurrence, schedule, medication] = await world.records.readMany(keys);
  return {
    occurrence: recordOf('occurrence', occurrence),
    schedule: recordOf('schedule', schedule),
    medication: recordOf('medication', medication),
  };
}

function reasonToStop(
  { schedule, medication }: Omit<Stored, 'occurrence'>,
  payload: ReminderDelivery,
): NotSentReason | undefined {
  if (medication?.state.status !== 'active') return 'medication_stopped';
  if (schedule?.state.status !== 'active') return 'schedule_stopped';
  return schedule.state.revision === payload.schedule_revision ? undefined : 'schedule_replaced';
}

const tooLate = (occurrence: StoredRecord<'occurrence'>, owner: Ref): Done => ({
  end: 'expired',
  reason: 'too_late',
  writes: [closed(occurrence, owner, 'too_late')],
  counts: ['reminders_not_sent'],
});

/** Not told, and why. One that an earlier attempt may have told before it died is not claimed to be untold. */
const closed = (
  occurrence: StoredRecord<'occurrence'>,
  owner: Ref,
  reason: NotSentReason,
): RecordWriteOf<'occurrence'> =>
  moved(occurrence, owner, 'not_sent', occurrence.state.status === 'sending' ? 'delivery_uncertain' : reason);

const moved = (
  occurrence: StoredRecord<'occurrence'>,
  owner: Ref,
  status: OccurrenceStatus,
  reason: NotSentReason | null,
): RecordWriteOf<'occurrence'> => ({
  type: 'occurrence',
  owner,
  id: occurrence.id,
  expect: occurrence.version,
  state: { ...occurrence.state, status, reason },
  body: occurrence.body,
});
