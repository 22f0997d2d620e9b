import { checkSchedule, followedTimeZone, type MealTimes } from '../../clinical/index.ts';
import type { Problem } from '../../errors/problem-error.ts';
import { type Facts, type Ruling, recordOf } from '../define-job-kind.ts';
import type { RecordKey, Refs, UserBody } from '../ports.ts';
import { judgeFrequency } from './judge-frequency.ts';
import type { MedicationReminder } from './schema.ts';

/** The user's row, for stored zone and meal times, and the medication's, for its name. */
export const factKeys = (payload: MedicationReminder, refs: Refs): RecordKey<'user' | 'medication'>[] => {
  const owner = refs.user(payload.user_id);
  return [
    { type: 'user', owner, id: '' },
    { type: 'medication', owner, id: refs.medication(payload.user_id, payload.medication_id) },
  ];
};

/** Members that the service sets itself. */
const READ_ONLY = ['time_zone_source', 'start_date_source', 'times_source', 'high_alert'] as const;

/**
 * Frequency, times, zone, dates and what the reminder does must agree, and a high-alert product must not be scheduled
 * more often than it may be used. The accepted payload is complete: canonical frequency, ascending times, resolved zone
 * and where both came from, start date, for elapsed hours their anchor, and whether the frequency was checked.
 */
export function rules(payload: MedicationReminder, facts: Facts): Ruling<MedicationReminder> {
  const sent = READ_ONLY.filter((member) => payload.schedule[member] !== undefined);
  if (sent.length > 0) return { ok: false, problems: sent.map(setByService) };
  const { override_reason: overrideReason, ...request } = payload.schedule;
  const user = recordOf('user', facts.records[0])?.body;
  const checked = checkSchedule(request, {
    now: facts.now,
    userTimeZone: user && followedTimeZone(user),
    defaultTimeZone: facts.defaultTimeZone,
    defaultTimes: facts.defaultTimes,
    mealTimes: mealTimesOf(user),
  });
  if (!checked.ok) return checked;
  const { schedule, timesSource, timeZoneSource } = checked;
  const medication = recordOf('medication', facts.records[1])?.body;
  const verdict = judgeFrequency({ schedule, medication, overrideReason, role: facts.role });
  if (!verdict.ok) return verdict;
  const complete = {
    ...writable(schedule),
    ...(verdict.highAlert === 'overridden' && { override_reason: overrideReason }),
    time_zone_source: timeZoneSource,
    ...(request.start_date === undefined && { start_date_source: 'default' as const }),
    times_source: timesSource,
    high_alert: verdict.highAlert,
  };
  return {
    ok: true,
    payload: { ...payload, schedule: complete },
    notes: { time_zone_source: timeZoneSource, high_alert: verdict.highAlert },
  };
}

const setByService = (member: (typeof READ_ONLY)[number]): Problem => ({
  pointer: `/schedule/${member}`,
  code: 'read_only',
  detail: 'This member is set by the service: leave it out.',
});

const mealTimesOf = (user: UserBody | undefined): MealTimes | undefined => user?.preferences?.mealTimes;

/** Copies the lists: the payload's own type has mutable ones. */
const writable = ({ times, weekdays, ...schedule }: Checked) => ({
  ...schedule,
  times: [...times],
  ...(weekdays && { weekdays: [...weekdays] }),
});

type Checked = Extract<ReturnType<typeof checkSchedule>, { ok: true }>['schedule'];
