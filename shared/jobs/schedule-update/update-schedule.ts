import { afterZoneDataChange, changeZone, tzdataVersion } from '../../clinical/index.ts';
import type { Instant } from '../../lifecycle/instant.ts';
import type { JsonObject, RecordWrite, Ref, ScheduleBody, StoredRecord, UserBody } from '../ports.ts';
import { zoneToFollow } from '../replacing/outdated.ts';
import { type ReplacedDoses, replaceDoses } from '../replacing/replace-doses.ts';
import type { StandingRecords } from '../replacing/standing-doses.ts';

export interface UpdateInput {
  readonly owner: Ref;
  readonly schedule: StoredRecord<'schedule'>;
  readonly user: UserBody | undefined;
  readonly standing: StandingRecords;
  readonly now: Instant;
}

export interface ScheduleChange extends Pick<ReplacedDoses, 'writes' | 'children' | 'withheld'> {
  /** Of this one schedule, for the result. */
  readonly told: JsonObject;
}

/** Has one schedule follow what holds now. Where new zone data move nothing, only their version is written. */
export function updateSchedule(input: UpdateInput): ScheduleChange {
  const { now, owner, schedule, standing, user } = input;
  const { body } = schedule;
  const zone = zoneToFollow(body, user);
  if (zone === undefined && !isMoved(input)) return rewritten(input, body, schedule.state.revision);
  const { acceptedAt } = schedule.state;
  const around = { acceptedAt, medicationRef: schedule.id, now, standing: standing.doses };
  const change = zone === undefined ? undefined : changeZone(body, zone, around);
  const next: ScheduleBody = { ...body, ...change?.zones };
  const revision = schedule.state.revision + 1;
  const made = replaceDoses({
    owner,
    medicationRef: schedule.id,
    schedule: next,
    dose: { userId: body.userId, medicationId: body.medicationId, scheduleRevision: revision },
    standing,
    cause: 'zone_change',
    validFrom: change?.since ?? now,
    now,
  });
  return rewritten(input, next, revision, made);
}

/** Whether the new zone data change a dose that is made already, or the next one. */
function isMoved({ now, schedule: { state, body }, standing }: UpdateInput): boolean {
  const made = [...standing.byId.values()]
    .filter((record) => record.state.status === 'scheduled')
    .map((record) => ({
      id: record.id,
      dueAt: record.state.dueAt,
      localDate: record.id.slice(0, 10),
      slots: record.body.slots,
    }));
  const { nextDueAt } = state;
  const versions = { storedVersion: body.tzdataVersion, currentVersion: tzdataVersion() };
  const answer = afterZoneDataChange({ schedule: body, ...versions, now, nextDueAt, made });
  return (
    answer.recompute && (answer.nextDueAt !== nextDueAt || answer.moved.length > 0 || answer.gone.length > 0)
  );
}

function rewritten(
  { now, owner, schedule }: UpdateInput,
  body: ScheduleBody,
  revision: number,
  made?: ReplacedDoses,
): ScheduleChange {
  const { id, state, version } = schedule;
  const nextDueAt = made ? made.nextDueAt : state.nextDueAt;
  const write: RecordWrite = {
    type: 'schedule',
    owner,
    id,
    expect: version,
    // The clock is another one, the prescription is not.
    state: {
      ...state,
      revision,
      nextDueAt,
      sameSince: state.sameSince ?? state.revision,
      ...(made && { moved: { at: now, revision, by: 'zone_change' } }),
    },
    body: { ...body, tzdataVersion: tzdataVersion() },
  };
  return {
    writes: [write, ...(made?.writes ?? [])],
    children: made?.children ?? [],
    withheld: made?.withheld ?? [],
    told: {
      medication_id: body.medicationId,
      schedule_revision: revision,
      time_zone: body.stays?.at(-1)?.timeZone ?? body.timeZone,
      next_due_at: nextDueAt,
      warnings: made?.warnings ?? [],
    },
  };
}
