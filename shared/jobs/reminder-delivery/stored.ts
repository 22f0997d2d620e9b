import {
  caregiversAt,
  type DeliveryFacts,
  ESCALATION_SCOPE,
  followedTimeZone,
  type SpacingCause,
} from '../../clinical/index.ts';
import type { Instant } from '../../lifecycle/instant.ts';
import { recordOf } from '../define-job-kind.ts';
import {
  isErasing,
  type RecordKey,
  type RecordVersion,
  type Ref,
  type StoredRecord,
  type World,
} from '../ports.ts';
import { asksForTheSame } from '../replacing/same-doses.ts';
import type { ReminderDelivery } from './schema.ts';

/** What stands around one dose. */
export interface Stored {
  readonly owner: Ref;
  readonly occurrence: StoredRecord<'occurrence'> | undefined;
  readonly schedule: StoredRecord<'schedule'> | undefined;
  readonly medication: StoredRecord<'medication'> | undefined;
  readonly user: StoredRecord<'user'> | undefined;
  readonly erasure: StoredRecord<'erasure'> | undefined;
}

const keysOf = (world: Pick<World, 'refs'>, payload: ReminderDelivery) => {
  const owner = world.refs.user(payload.user_id);
  const id = world.refs.medication(payload.user_id, payload.medication_id);
  return {
    occurrence: { type: 'occurrence', owner, id: payload.occurrence_id },
    schedule: { type: 'schedule', owner, id },
    medication: { type: 'medication', owner, id },
    user: { type: 'user', owner, id: '' },
    erasure: { type: 'erasure', owner, id: '' },
  } as const;
};

/** All of it in one batch. */
export async function readStored(world: World, payload: ReminderDelivery): Promise<Stored> {
  const keys = keysOf(world, payload);
  const all: RecordKey<'occurrence' | 'schedule' | 'medication' | 'user' | 'erasure'>[] = Object.values(keys);
  const [occurrence, schedule, medication, user, erasure] = await world.records.readMany(all);
  return {
    owner: keys.user.owner,
    occurrence: recordOf('occurrence', occurrence),
    schedule: recordOf('schedule', schedule),
    medication: recordOf('medication', medication),
    user: recordOf('user', user),
    erasure: recordOf('erasure', erasure),
  };
}

/** The records on which the decision rests, beside the occurrence: they must not have moved when the intent is recorded. */
export function reliedOn(world: World, payload: ReminderDelivery, stored: Stored): readonly RecordVersion[] {
  const keys = keysOf(world, payload);
  // A dose is told whatever the preferences say; quiet hours and consents bind what follows it.
  const parts =
    purposeOf(payload) === 'dose'
      ? (['schedule', 'medication', 'erasure'] as const)
      : (['schedule', 'medication', 'erasure', 'user'] as const);
  return parts.map((part) => ({ ...keys[part], version: stored[part]?.version ?? 'absent' }));
}

/** The order with the end of the window as it stands: since it was made, the next dose may have come to be due sooner. */
export function untilItsEnd(payload: ReminderDelivery, { occurrence }: Stored): ReminderDelivery {
  const { expiresAt, scheduleRevision } = occurrence?.state ?? {};
  const isSooner =
    scheduleRevision === payload.schedule_revision &&
    expiresAt !== undefined &&
    expiresAt < payload.expires_at;
  return isSooner ? { ...payload, expires_at: expiresAt } : payload;
}

export const purposeOf = ({ purpose = 'dose' }: ReminderDelivery) => purpose;

/** Everything that decides whether the message leaves at that moment. */
export function factsAt(
  now: Instant,
  payload: ReminderDelivery,
  stored: Stored,
  tooCloseSince?: SpacingCause,
): DeliveryFacts {
  const { occurrence, schedule, medication, user, erasure } = stored;
  const state = occurrence?.state;
  const { due_at, expires_at, purpose, number, cause, tell_at, put_off_at } = payload;
  const word = state?.acknowledgement;
  const putOffAt = word?.outcome === 'snoozed' ? word.recordedAt : undefined;
  const quiet = quietOf(stored);
  return {
    now,
    due_at,
    expires_at,
    ...(purpose !== undefined && { purpose }),
    ...(number !== undefined && { number }),
    ...(cause !== undefined && { cause }),
    ...(tell_at !== undefined && { tell_at }),
    ...(state && { status: state.status, reason: state.reason, escalated: state.escalatedAt !== undefined }),
    ...(putOffAt !== undefined && { put_off_at: putOffAt }),
    ...(put_off_at !== undefined && { asked_after: put_off_at }),
    ...(state?.snoozedUntil !== undefined && { snoozed_until: state.snoozedUntil }),
    revision_matches: state?.scheduleRevision === payload.schedule_revision,
    ...(schedule && { schedule_state: scheduleState(schedule, payload) }),
    ...(medication && { medication_state: medication.state.status }),
    ...(quiet && { quiet_hours: quiet.hours, time_zone: quiet.timeZone }),
    caregivers: caregiversOf(user, now).length,
    erasing: isErasing(erasure?.state),
    ...(tooCloseSince !== undefined && { too_close_since: tooCloseSince }),
  };
}

/**
 * What follows a dose that was told goes on while its prescription does. What tells the dose itself, or watches over that,
 * is made anew by each revision.
 */
const scheduleState = (schedule: StoredRecord<'schedule'>, payload: ReminderDelivery) => {
  const { state } = schedule;
  if (state.status !== 'active') return 'stopped';
  if (state.revision === payload.schedule_revision) return 'active';
  const follows =
    payload.purpose === 'follow_up' || (payload.purpose === 'escalation' && payload.cause !== 'not_sent');
  const dose = { id: payload.occurrence_id, revision: payload.schedule_revision };
  return follows && asksForTheSame(schedule, dose) ? 'active' : 'replaced';
};

export const caregiversOf = (user: StoredRecord<'user'> | undefined, now: Instant): readonly string[] =>
  caregiversAt(user?.body.preferences?.caregivers ?? [], ESCALATION_SCOPE, now);

/** The user's quiet hours, read in the zone that the user follows; of somebody without a zone in that of the dose. */
export function quietOf({ user, occurrence }: Stored) {
  const hours = user?.body.preferences?.quietHours;
  const timeZone = (user && followedTimeZone(user.body)) ?? occurrence?.body.timeZone;
  return hours && timeZone !== undefined ? { hours, timeZone } : undefined;
}
