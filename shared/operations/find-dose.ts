import { occurrenceRecord, unmadeDose } from '../clinical/index.ts';
import type { RecordVersion, RecordWrite, Ref, StoredRecord } from '../jobs/ports.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { Engine } from './engine.ts';

/** A dose that a request names, with what has to stand as it was read when the request changes it. */
export interface FoundDose {
  readonly record: StoredRecord<'occurrence'>;
  readonly expect: RecordWrite['expect'];
  readonly unchanged: readonly RecordVersion[];
}

/** Version of what does not stand yet. */
const NOT_YET_STORED = 0;

const ID = /^\d{4}-\d\d-\d\d_[0-9EW]{4,9}_(.+)$/;

/**
 * The record of a dose; of one that a person may answer before a tick has made it, the record that the tick would make.
 * Whoever took a dose early, or while no tick came, says so then, and must not be told to take it once more. Such a record
 * rests on the schedule: it may be written only while that stands as it was read, and while nobody else has written it.
 */
export async function findDose(
  deps: Pick<Engine, 'schedules'>,
  owner: Ref,
  reminderId: string,
  now: Instant,
): Promise<FoundDose | undefined> {
  const record = await deps.schedules.read({ type: 'occurrence', owner, id: reminderId });
  if (record) return { record, expect: record.version, unchanged: [] };
  const medicationRef = ID.exec(reminderId)?.[1];
  if (medicationRef === undefined) return undefined;
  const key = { type: 'schedule', owner, id: medicationRef } as const;
  const schedule = await deps.schedules.read(key);
  if (schedule?.state.status !== 'active') return undefined;
  const { nextDueAt, revision } = schedule.state;
  const found = unmadeDose(reminderId, { schedule: schedule.body, medicationRef, nextDueAt, now });
  if (!found) return undefined;
  const { userId, medicationId } = schedule.body;
  const dose = { userId, medicationId, scheduleRevision: revision };
  return {
    record: {
      type: 'occurrence',
      version: NOT_YET_STORED,
      ...occurrenceRecord(found.dose, dose, found.isTooLate ? 'too_late' : null),
    },
    expect: 'absent',
    unchanged: [{ ...key, version: schedule.version }],
  };
}
