import {
  type JsonObject,
  type MedicationBody,
  newFillOf,
  type RecordEvidence,
  type RecordKey,
  type RecordWrite,
  type StatedMedication,
  type StoredRecord,
} from '../ports.ts';
import type { ImportChunk } from './schema.ts';

/** What a line changes of a medication's record, with its evidence. */
export interface MedicationChange {
  readonly write: RecordWrite;
  readonly evidence: RecordEvidence;
}

/** The medication as it is once the line is carried out: what the line leaves out stays as it was. */
export function medicationWith(
  before: StoredRecord<'medication'> | undefined,
  id: string,
  { facts, status }: StatedMedication,
): StoredRecord<'medication'> {
  const body: MedicationBody = { ...(before?.body ?? NOBODY), ...facts };
  const state = { ...before?.state, status: status ?? activeAgain(before) };
  return { type: 'medication', id, version: before?.version ?? 0, state, body };
}

/** A pause ends when somebody ends it; a stop ends with a new schedule, as it does for a request of its own. */
const activeAgain = (before: StoredRecord<'medication'> | undefined) =>
  before?.state.status === 'paused' ? 'paused' : 'active';

/** The ids stand in the payload that goes with it. */
const NOBODY = { userId: '', medicationId: '' };

/** `undefined`: the record says all of it already, as after an attempt that ended between the two transactions. */
export function medicationChange(
  terms: ImportChunk,
  line: {
    readonly line: number;
    readonly key: RecordKey;
    readonly before: StoredRecord<'medication'> | undefined;
    readonly stated: StatedMedication;
    readonly payload: JsonObject;
  },
): MedicationChange | undefined {
  const { before, key, payload } = line;
  const after = medicationWith(before, key.id, line.stated);
  const ids = { userId: String(payload['user_id']), medicationId: String(payload['medication_id']) };
  const body = { ...after.body, ...ids };
  if (before && before.state.status === after.state.status && isSame(before.body, body)) return undefined;
  const { owner, id } = key;
  return {
    write: {
      type: 'medication',
      owner,
      id,
      expect: before?.version ?? 'absent',
      state: after.state,
      body,
      ...newFillOf(before?.body, body),
    },
    evidence: {
      action: 'medication.changed',
      subjectRef: owner,
      details: {
        medication_ref: id,
        status: after.state.status,
        ...(before && { from: before.state.status }),
        import_id: terms.import_id,
        line: line.line,
        submitted_by: terms.submitted_by,
        role: terms.role,
      },
    },
  };
}

const isSame = (one: MedicationBody, other: MedicationBody): boolean => textOf(one) === textOf(other);

const textOf = (body: MedicationBody): string =>
  JSON.stringify(Object.entries(body).sort(([a], [b]) => (a < b ? -1 : 1)));
