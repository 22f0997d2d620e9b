import { phraseFrequency, presentTimeZone, reminderText } from '../../clinical/index.ts';
import type { Instant } from '../../lifecycle/instant.ts';
import type { OccurrenceBody, ReminderMessage, UserBody } from '../ports.ts';
import type { ReminderDelivery } from './schema.ts';
import { caregiversOf, purposeOf, type Stored } from './stored.ts';

const TYPES = {
  dose: 'reminder.due',
  follow_up: 'reminder.follow_up',
  escalation: 'reminder.escalation',
  needs_confirmation: 'reminder.needs_confirmation',
} as const satisfies Record<string, ReminderMessage['type']>;

/** Which of the messages about its dose it is: the same whenever it is told again. */
export function messageName(payload: ReminderDelivery): string {
  const purpose = purposeOf(payload);
  if (purpose !== 'follow_up') return purpose;
  return payload.number === undefined
    ? `snooze_${payload.tell_at ?? payload.due_at}`
    : `follow_up_${payload.number}`;
}

/**
 * Whether the person may read the time of the dose by another clock than the one that is meant: where they are is not where
 * the dose is read. A question follows a change of zone, so it says in any case which clock it means.
 */
function isOtherClock(
  purpose: ReturnType<typeof purposeOf>,
  { timeZone }: OccurrenceBody,
  user: UserBody | undefined,
): boolean {
  const whereabouts = user && presentTimeZone(user);
  return purpose === 'needs_confirmation' || (whereabouts !== undefined && whereabouts !== timeZone);
}

/** The message as it leaves at that moment. */
export function messageAt(
  now: Instant,
  payload: ReminderDelivery,
  stored: Stored,
  occurrence: OccurrenceBody,
  flags: { readonly late: boolean; readonly possibleDuplicate: boolean },
): ReminderMessage {
  const purpose = purposeOf(payload);
  const { user, schedule, medication, owner } = stored;
  const preferences = user?.body.preferences;
  const name = medication?.body.name ?? schedule?.body.medicationName;
  const text = reminderText({
    purpose: purpose === 'follow_up' && payload.number === undefined ? 'snooze' : purpose,
    localTime: occurrence.localTime,
    namedZone: isOtherClock(purpose, occurrence, user?.body) ? occurrence.timeZone : undefined,
    ...flags,
    frequencyText: schedule && phraseFrequency(schedule.body.frequency, schedule.body),
    medicationName: preferences?.messageNamesMedication ? name : undefined,
    cause: payload.cause,
  });
  return {
    type: TYPES[purpose],
    message_id: `${payload.occurrence_id}.${messageName(payload)}`,
    occurrence_id: payload.occurrence_id,
    user_ref: owner,
    user_id: payload.user_id,
    medication_id: payload.medication_id,
    due_at: payload.due_at,
    local_time: occurrence.localTime,
    time_zone: occurrence.timeZone,
    late: flags.late,
    possible_duplicate: flags.possibleDuplicate,
    expires_at: payload.expires_at,
    ...(purpose === 'escalation'
      ? { to: 'caregiver', caregiver_ids: caregiversOf(user, now) }
      : { to: 'patient' }),
    channels: preferences?.channels ?? [],
    text,
  };
}
