import { LONGEST_REACH_HOURS, nearestTold, type SpacingCause, spacingHours } from '../../clinical/index.ts';
import type { RecordVersion, StoredRecord, World } from '../ports.ts';
import { dosesBetween, standingDose } from '../replacing/standing-doses.ts';
import type { ReminderDelivery } from './schema.ts';
import { purposeOf, type Stored } from './stored.ts';

const HOUR_MS = 3_600_000;
/** For so long after a change an answer to a dose before it may come that brings it close to the next one. */
const SHORTEST_REACH_HOURS = 48;
/** More of them would not fit the transaction. */
const MOST_RELIED_ON = 20;

/** What was due before a schedule was moved, for a dose that is about to be told soon after that. */
export interface DosesBefore {
  readonly near?: SpacingCause;
  /** They must not have moved when the intent is recorded: an answer may bring one of them close. */
  readonly versions: readonly RecordVersion[];
}

const NONE: DosesBefore = { versions: [] };

/**
 * Judges once more what was judged when the schedule was replaced or its clock changed: since then a dose before may have
 * been told, or recorded as taken later than it was due. Only soon after such a change, so an ordinary dose costs no read.
 * Doses of one and the same schedule are not held against each other, and what a person has confirmed stands.
 */
export async function dosesBefore(
  world: World,
  payload: ReminderDelivery,
  { occurrence, owner, schedule }: Stored,
): Promise<DosesBefore> {
  const moved = schedule?.state.moved;
  if (!schedule || !moved || !occurrence || purposeOf(payload) !== 'dose') return NONE;
  if (occurrence.state.acknowledgement?.outcome === 'confirmed') return NONE;
  const hours = spacingHours(schedule.body);
  const reach = Math.min(Math.max(SHORTEST_REACH_HOURS, 2 * hours), LONGEST_REACH_HOURS) * HOUR_MS;
  const due = Date.parse(payload.due_at);
  if (hours === 0 || due - Date.parse(moved.at) > reach) return NONE;
  const at = (ms: number) => new Date(ms).toISOString();
  const around = await dosesBetween(
    world,
    { owner, medicationId: payload.medication_id },
    at(Math.min(due, Date.parse(moved.at)) - reach),
    at(due + hours * HOUR_MS),
  );
  const before = around.filter(
    ({ id, state }) =>
      id !== occurrence.id && (state.dueAt <= moved.at || state.scheduleRevision < moved.revision),
  );
  const near = nearestTold({ dueAt: payload.due_at }, before.map(standingDose), hours);
  return { ...(near && { near: moved.by }), versions: before.slice(-MOST_RELIED_ON).map(versionOf(owner)) };
}

const versionOf =
  (owner: string) =>
  ({ id, version }: StoredRecord<'occurrence'>): RecordVersion => ({
    type: 'occurrence',
    owner,
    id,
    version,
  });
