import { isDeepStrictEqual } from 'node:util';
import { doseRowOf, type StoredRecord } from '#shared/jobs/ports.ts';
import type { MemoryDatabase } from '../fakes/memory-database.ts';

/** Where what roll-ups are told differs from what stands: a row that is missing, is one too many, or says something else. */
export function eventFaults({ events, records, rows }: MemoryDatabase) {
  const told = Map.groupBy(events.doses.values(), (row) => `${row.userRef}/occurrence#${row.occurrenceId}`);
  const doses = [...records].flatMap(([key, record]): [string, StoredRecord<'occurrence'>][] =>
    // By the type that it carries.
    record.type === 'occurrence' ? [[key, record as StoredRecord<'occurrence'>]] : [],
  );
  const wrong = doses.filter(([key, { id, state }]) => {
    const owner = key.slice(0, key.indexOf('/'));
    const [row, ...more] = told.get(key) ?? [];
    const expected = doseRowOf({ owner, id, state }, row?.recordedAt ?? '');
    return more.length > 0 || !isDeepStrictEqual(row, expected);
  });
  const known = new Set(doses.map(([key]) => key));
  return {
    dosesToldWrongly: wrong.length,
    dosesOfNobody: [...told.keys()].filter((key) => !known.has(key)).length,
    acceptedUntold: [...rows.keys()].filter((jobId) => !events.accepted.has(jobId)).length,
    acceptedOfNobody: [...events.accepted.keys()].filter((jobId) => !rows.has(jobId)).length,
  };
}

export const NO_EVENT_FAULTS: ReturnType<typeof eventFaults> = {
  dosesToldWrongly: 0,
  dosesOfNobody: 0,
  acceptedUntold: 0,
  acceptedOfNobody: 0,
};
