import { newerVersion, type OrderVersion } from '../../clinical/index.ts';
import type { Instant } from '../../lifecycle/instant.ts';
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
import { keptUse } from '../replacing/kept-use.ts';
import type { ImportChunk } from './schema.ts';

/** What a line changes of a medication's record, with its evidence. */
export interface MedicationChange {
  /** The medication, and its schedule where that keeps how it was used until now. */
  readonly writes: readonly RecordWrite[];
  readonly evidence: RecordEvidence;
}

/** The medication as it is once the line is carried out: what the line leaves out stays as it was. */
export function medicationWith(
  before: StoredRecord<'medication'> | undefined,
  id: string,
  { facts, status }: StatedMedication,
  version: OrderVersion | undefined,
): StoredRecord<'medication'> {
  const order = version && { order: newerVersion(before?.body.order, version) };
  const body: MedicationBody = { ...(before?.body ?? NOBODY), ...facts, ...order };
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
    readonly schedule: StoredRecord<'schedule'> | undefined;
    readonly stated: StatedMedication;
    readonly version: OrderVersion | undefined;
    readonly payload: JsonObject;
  },
  at: Instant,
): MedicationChange | undefined {
  const { before, key, payload } = line;
  const told = medicationWith(before, key.id, line.stated, line.version);
  // What is stopped begins again with its new schedule, in one step: in between it would count as used as needed.
  const waits = before?.state.status === 'stopped' && told.state.status === 'active';
  const after = waits ? { ...told, state: before.state } : told;
  const ids = { userId: String(payload['user_id']), medicationId: String(payload['medication_id']) };
  const body = { ...after.body, ...ids };
  if (before && before.state.status === after.state.status && isSame(before.body, body)) return undefined;
  const { owner, id } = key;
  const stored = { medication: before, schedule: line.schedule };
  const kept = keptUse(stored, { state: after.state, body }, owner, at);
  const write: RecordWrite = {
    type: 'medication',
    owner,
    id,
    expect: before?.version ?? 'absent',
    state: after.state,
    body: kept.body,
    ...newFillOf(before?.body, body),
  };
  return {
    writes: [write, ...(kept.schedule ? [kept.schedule] : [])],
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
