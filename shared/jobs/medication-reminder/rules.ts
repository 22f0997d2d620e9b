import { checkSchedule } from '../../clinical/index.ts';
import { type Facts, type Ruling, recordOf } from '../define-job-kind.ts';
import type { RecordKey, Refs } from '../ports.ts';
import type { MedicationReminder } from './schema.ts';

/** The user's row, for the stored zone. */
export const factKeys = (payload: MedicationReminder, refs: Refs): RecordKey<'user'>[] => [
  { type: 'user', owner: refs.user(payload.user_id), id: '' },
];

/**
 * Frequency, times, zone and dates must agree. The accepted payload is complete: canonical frequency, ascending
 * times, resolved zone and where it came from, start date, and for elapsed hours their anchor.
 */
export function rules(payload: MedicationReminder, facts: Facts): Ruling<MedicationReminder> {
  const { time_zone_source: sent, ...request } = payload.schedule;
  if (sent !== undefined) {
    const detail = 'This member is set by the service: leave it out.';
    return { ok: false, problems: [{ pointer: '/schedule/time_zone_source', code: 'read_only', detail }] };
  }
  const checked = checkSchedule(request, {
    now: facts.now,
    userTimeZone: recordOf('user', facts.records[0])?.body.timeZone,
    defaultTimeZone: facts.defaultTimeZone,
  });
  if (!checked.ok) return checked;
  const { schedule, timeZoneSource } = checked;
  return {
    ok: true,
    payload: { ...payload, schedule: { ...writable(schedule), time_zone_source: timeZoneSource } },
    notes: { time_zone: schedule.time_zone, time_zone_source: timeZoneSource },
  };
}

/** Copies the lists: the payload's own type has mutable ones. */
const writable = ({ times, weekdays, ...schedule }: Checked) => ({
  ...schedule,
  times: [...times],
  ...(weekdays && { weekdays: [...weekdays] }),
});

type Checked = Extract<ReturnType<typeof checkSchedule>, { ok: true }>['schedule'];
