import {
  advanceSchedule,
  type DoseOwner,
  type DueOccurrence,
  deliveryOf,
  firstDueAt,
  occurrenceRecord,
  type Schedule,
} from '../../clinical/index.ts';
import type { ChildJob, JsonObject, RecordWrite, Ref, StoredRecord, World } from '../ports.ts';

export interface MaterialiseInput {
  readonly owner: Ref;
  readonly medicationRef: Ref;
  readonly schedule: Schedule;
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
    if (!late) children.push({ kind: 'reminder-delivery', ...deliveryOf(due, input.dose) });
  });
  return { writes, children, nextDueAt: advance.nextDueAt, warnings };
}

const isTold = (record: StoredRecord<'occurrence'> | undefined): boolean =>
  record?.state.status === 'sending' || record?.state.status === 'published';

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
