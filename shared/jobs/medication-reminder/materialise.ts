import {
  advanceSchedule,
  type DoseOwner,
  type DueOccurrence,
  deliveriesOf,
  firstDueAt,
  occurrenceRecord,
  type RemindedSchedule,
} from '../../clinical/index.ts';
import type { ChildJob, JsonObject, RecordWrite, Ref, StoredRecord, World } from '../ports.ts';

export interface MaterialiseInput {
  readonly owner: Ref;
  readonly medicationRef: Ref;
  readonly schedule: RemindedSchedule;
  readonly dose: DoseOwner;
  /** Doses due before this moment do not belong to the schedule. */
  readonly validFrom: string;
}

export interface Materialised {
  readonly writes: readonly RecordWrite[];
  readonly children: readonly ChildJob[];
  readonly nextDueAt: string | null;
  readonly warnings: readonly JsonObject[];
}

/**
 * Makes the occurrences that are due before a tick would find them, with their deliveries. The tick reads a minute
 * once, ahead of time, so whoever writes a schedule makes what falls into the minutes that may have been read.
 *
 * A dose that was already told, or is being told, under an earlier revision of the schedule is not made again.
 */
export async function materialise(world: World, input: MaterialiseInput): Promise<Materialised> {
  const now = world.now();
  const { schedule, medicationRef } = input;
  const nextDueAt = firstDueAt(schedule, input.validFrom, now);
  const advance = advanceSchedule({ schedule, medicationRef, now, nextDueAt });
  const made = [...advance.due, ...advance.notSent];
  const keys = made.map(({ id }) => ({ type: 'occurrence' as const, owner: input.owner, id }));
  const standing = keys.length > 0 ? await world.records.readMany(keys) : [];

  const writes: RecordWrite[] = [];
  const children: ChildJob[] = [];
  const warnings: JsonObject[] = [];
  made.forEach((due, index) => {
    const before = standing[index];
    if (isTold(before)) {
      warnings.push({ code: 'already_reminded', due_at: due.dueAt, local_time: due.localTime });
      return;
    }
    const late = advance.notSent.includes(due);
    writes.push(writeOf(due, input, before, late));
    if (late) return;
    for (const order of deliveriesOf(due, input.dose, { critical: schedule.critical === true, now }))
      children.push({ kind: 'reminder-delivery', ...order });
  });
  return { writes, children, nextDueAt: advance.nextDueAt, warnings };
}

/** Also one of which nobody knows whether it was told: what is told twice may be taken twice. */
const isTold = (record: StoredRecord<'occurrence'> | undefined): boolean =>
  record !== undefined &&
  record.state.status !== 'scheduled' &&
  (record.state.status !== 'not_sent' || record.state.reason === 'delivery_uncertain');

const writeOf = (
  due: DueOccurrence,
  { owner, dose }: MaterialiseInput,
  before: StoredRecord<'occurrence'> | undefined,
  late: boolean,
): RecordWrite => ({
  type: 'occurrence',
  owner,
  expect: before?.version ?? 'absent',
  ...occurrenceRecord(due, dose, late ? 'too_late' : null),
});
