import {
  type CompleteSchedule,
  earlierUseAt,
  followedTimeZone,
  isOtherZone,
  nextOccurrences,
  occurrenceId,
  phraseFrequency,
  type Schedule,
  scheduleOf,
  singleDoseAt,
  tzdataVersion,
} from '../../clinical/index.ts';
import { PermanentError } from '../../errors/attempt-error.ts';
import type { Instant } from '../../lifecycle/instant.ts';
import { recordOf } from '../define-job-kind.ts';
import type {
  ChildJob,
  Done,
  JobView,
  RecordKey,
  RecordShapes,
  RecordWrite,
  Ref,
  ScheduleBody,
  StoredRecord,
  World,
} from '../ports.ts';
import { replaceDoses } from '../replacing/replace-doses.ts';
import { sameSince } from '../replacing/same-doses.ts';
import {
  dosesAround,
  NOTHING_STANDS,
  type StandingRecords,
  standingOf,
} from '../replacing/standing-doses.ts';
import { useOnRecord } from '../replacing/use-on-record.ts';
import { reminderOptionsOf } from './reminder-options.ts';
import type { MedicationReminder } from './schema.ts';
import { type StoredBefore, userAndMedication } from './user-and-medication.ts';
import { warningsOf } from './warnings.ts';

const PAUSED_WARNING = {
  code: 'medication_paused',
  detail: 'The medication is paused: nothing is sent until it is active again.',
};

/** How many of the next occurrences the result shows. */
const NEXT_SHOWN = 5;

/**
 * Stores user, medication and schedule, makes what is due within minutes, and settles what stands of the schedule before,
 * all in one transaction. Schedules are ordered by the acceptance of their jobs: one that was accepted earlier but runs
 * later ends `superseded`.
 */
export async function process(job: JobView<MedicationReminder>, world: World): Promise<Done> {
  const { payload } = job;
  const owner = world.refs.user(payload.user_id);
  const medicationRef = world.refs.medication(payload.user_id, payload.medication_id);
  const stored = await readStored(world, owner, medicationRef);
  if (stored.schedule && stored.schedule.state.acceptedAt > job.createdAt) {
    return { end: 'superseded', reason: 'newer_schedule' };
  }
  if ((stored.medication?.state.stoppedAt ?? '') > job.createdAt) {
    return { end: 'superseded', reason: 'medication_stopped' };
  }
  const schedule = inItsZone(atItsTime(scheduleOf(complete(payload)), job.dueAt), stored.schedule, job.dueAt);
  const revision = (stored.schedule?.state.revision ?? 0) + 1;
  const dose = { userId: payload.user_id, medicationId: payload.medication_id, scheduleRevision: revision };
  const now = world.now();
  const cause = changesZone(stored.schedule, schedule) ? 'zone_change' : 'replacement';
  const same = sameSince(stored.schedule, bodyOf(payload, schedule), now);
  const made = replaceDoses({
    owner,
    medicationRef,
    schedule: bodyOf(payload, schedule),
    dose,
    standing: await standingBefore(world, owner, schedule, stored.schedule),
    cause,
    validFrom: job.dueAt,
    now,
  });

  const scheduleWrite: RecordWrite = {
    type: 'schedule',
    owner,
    id: medicationRef,
    expect: stored.schedule?.version ?? 'absent',
    state: {
      status: 'active',
      nextDueAt: made.nextDueAt,
      acceptedAt: job.createdAt,
      correlationId: job.correlationId,
      revision,
      ...same,
      ...movedAt(stored.schedule, same, { at: now, revision, by: cause }),
    },
    body: { ...bodyOf(payload, schedule), ...usedBefore(stored, job.dueAt) },
  };
  const writes = [...userAndMedication(payload, owner, medicationRef, stored), scheduleWrite, ...made.writes];
  const next = nextOccurrences(schedule, now, NEXT_SHOWN + made.withheld.length)
    .filter((occurrence) => !made.withheld.includes(occurrenceId(occurrence, medicationRef)))
    .slice(0, NEXT_SHOWN);
  const byDefault = payload.schedule.time_zone_source === 'default';
  return {
    end: 'succeeded',
    writes,
    children: [...made.children, ...zoneFollowers(payload, stored.user)],
    counts: byDefault ? { default_time_zone_used: 1 } : {},
    summary: `schedule revision ${revision}, ${schedule.times.length || 'no'} clock times, ${made.children.length} due soon${made.withheld.length > 0 ? `, ${made.withheld.length} withheld` : ''}`,
    result: {
      schedule_id: medicationRef,
      schedule_revision: revision,
      medication_id: payload.medication_id,
      frequency: schedule.frequency,
      frequency_text: phraseFrequency(schedule.frequency, {
        ...schedule,
        maxDosesPerDay: payload.schedule.max_doses_per_day,
      }),
      times: schedule.times,
      times_source: payload.schedule.times_source ?? 'request',
      time_zone: schedule.timeZone,
      time_zone_source: payload.schedule.time_zone_source ?? 'request',
      start_date: schedule.startDate,
      end_date: schedule.endDate ?? null,
      next_occurrences: next.map(({ dueAt, localTime, slots }) => ({
        due_at: dueAt,
        local_time: localTime,
        slots,
      })),
      high_alert: payload.schedule.high_alert ?? 'not_checked',
      warnings: [
        ...warningsOf(payload, schedule, stored.user?.body),
        ...(stored.medication?.state.status === 'paused' ? [PAUSED_WARNING] : []),
        ...made.warnings,
      ],
    },
  };
}

async function readStored(world: World, owner: Ref, medicationRef: Ref): Promise<StoredBefore> {
  const keys: RecordKey<'user' | 'medication' | 'schedule'>[] = [
    { type: 'user', owner, id: '' },
    { type: 'medication', owner, id: medicationRef },
    { type: 'schedule', owner, id: medicationRef },
  ];
  const [user, medication, schedule] = await world.records.readMany(keys);
  return {
    user: recordOf('user', user),
    medication: recordOf('medication', medication),
    schedule: recordOf('schedule', schedule),
  };
}

/** The rules have completed the payload when it was accepted; one without these members was never accepted. */
function complete({ schedule }: MedicationReminder): CompleteSchedule {
  const { times, time_zone, start_date } = schedule;
  if (times === undefined || time_zone === undefined || start_date === undefined) {
    throw new PermanentError('incomplete_schedule', 'The schedule was not completed when it was accepted.');
  }
  return { ...schedule, times, time_zone, start_date };
}

const changesZone = (before: StoredRecord<'schedule'> | undefined, schedule: Schedule): boolean =>
  before !== undefined && isOtherZone(before.body, schedule.timeZone);

/** Where nothing stood before, nothing was moved; a schedule that is only sent once more leaves what was before. */
function movedAt(
  before: StoredRecord<'schedule'> | undefined,
  same: ReturnType<typeof sameSince>,
  move: NonNullable<RecordShapes['schedule']['state']['moved']>,
): Pick<RecordShapes['schedule']['state'], 'moved'> {
  if (!before) return {};
  if (same.sameSince === undefined || move.by === 'zone_change') return { moved: move };
  return before.state.moved ? { moved: before.state.moved } : {};
}

const DAY_MS = 86_400_000;

/**
 * The doses of a schedule that follows another zone, or one that was read in several, carry their offset: on the way west a
 * local date comes twice, and a dose of its second coming is another one.
 */
function inItsZone(
  schedule: Schedule,
  before: StoredRecord<'schedule'> | undefined,
  from: Instant,
): Schedule {
  if (!changesZone(before, schedule) && !before?.body.stays) return schedule;
  const since = new Date(Date.parse(from) - DAY_MS).toISOString();
  return { ...schedule, stays: [{ since, timeZone: schedule.timeZone }] };
}

/** What stands of the medication's doses; nothing does before its first schedule. */
async function standingBefore(
  world: World,
  owner: Ref,
  schedule: Schedule,
  before: StoredRecord<'schedule'> | undefined,
): Promise<StandingRecords> {
  if (!before) return NOTHING_STANDS;
  const now = world.now();
  return standingOf(await dosesAround(world, owner, now, [schedule, before.body]), before, now);
}

/** The user's zone may have changed since the request was completed with it. */
function zoneFollowers(payload: MedicationReminder, user: StoredRecord<'user'> | undefined): ChildJob[] {
  const zone = user && followedTimeZone(user.body);
  if (payload.schedule.time_zone_source !== 'user' || zone === payload.schedule.time_zone) return [];
  return [
    {
      key: 'schedule-update',
      kind: 'schedule-update',
      payload: { user_id: payload.user_id, reason: 'zone' },
    },
  ];
}

const bodyOf = (payload: MedicationReminder, schedule: Schedule): ScheduleBody => ({
  userId: payload.user_id,
  medicationId: payload.medication_id,
  ...schedule,
  timeZoneSource: payload.schedule.time_zone_source ?? 'request',
  ...(payload.schedule.start_date_source && { startDateSource: payload.schedule.start_date_source }),
  ...reminderOptionsOf(payload.schedule),
  tzdataVersion: tzdataVersion(),
});

/** How it was used until then, which this schedule does not tell any more. */
function usedBefore(
  { medication, schedule }: StoredBefore,
  until: Instant,
): Pick<ScheduleBody, 'earlierUse'> {
  const record = useOnRecord(medication, schedule);
  const earlierUse = earlierUseAt(record, until, medication?.body.lastSnapshot);
  return earlierUse ? { earlierUse } : {};
}

/** A single dose "now" of a job that runs at a later time is due then: an anchor before it would never fall due. */
function atItsTime(schedule: Schedule, dueAt: string): Schedule {
  const { anchor, frequency, timeZone } = schedule;
  if (frequency !== 'STAT' || anchor === undefined || anchor >= dueAt) return schedule;
  return { ...schedule, ...singleDoseAt(dueAt, timeZone) };
}
