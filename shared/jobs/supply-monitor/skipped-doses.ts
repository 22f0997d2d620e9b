import type { SkippedDoses } from '../../clinical/index.ts';
import { addSeconds, type Instant } from '../../lifecycle/instant.ts';
import type { Ref, StoredRecord, World } from '../ports.ts';

const DAY_SECONDS = 86_400;

/**
 * Doses recorded as skipped since each medication's last count, by medication id. Occurrences are read once for all,
 * from the day of the earliest count on: their ids begin with the local date.
 */
export async function skippedDoses(
  world: World,
  owner: Ref,
  medications: readonly (StoredRecord<'medication'> | undefined)[],
  now: Instant,
): Promise<ReadonlyMap<string, readonly SkippedDoses[]>> {
  const counts = new Map<string, Instant>();
  for (const one of medications)
    if (one?.body.lastSnapshot) counts.set(one.body.medicationId, one.body.lastSnapshot.takenAt);
  const [earliest] = [...counts.values()].toSorted();
  const skipped = new Map<string, SkippedDoses[]>();
  if (earliest === undefined) return skipped;
  // A local date lies at most one day from that of UTC.
  const ids = { from: dateOf(earliest, -1), until: dateOf(now, 2) };
  for await (const { state, body } of world.records.range('occurrence', owner, ids)) {
    const since = counts.get(body.medicationId);
    if (state.status !== 'skipped' || since === undefined) continue;
    if (state.dueAt <= since || state.dueAt > now) continue;
    const before = skipped.get(body.medicationId) ?? [];
    skipped.set(body.medicationId, [...before, { dueAt: state.dueAt, doses: body.slots.length }]);
  }
  return skipped;
}

const dateOf = (instant: Instant, days: number): string =>
  addSeconds(instant, days * DAY_SECONDS).slice(0, 10);
