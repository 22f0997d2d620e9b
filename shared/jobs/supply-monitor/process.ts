import { followedTimeZone } from '../../clinical/index.ts';
import { recordOf } from '../define-job-kind.ts';
import type { WorkCounts } from '../ports.ts';
import {
  type ChildJob,
  type Done,
  isErasing,
  type JobView,
  type RecordKey,
  SUPPLY_DEFAULTS,
  type World,
} from '../ports.ts';
import { type MedicationOutcome, outcomeOf, runsLow } from './medication-outcome.ts';
import type { SupplyMonitor } from './schema.ts';
import { skippedDoses } from './skipped-doses.ts';
import { changeOf, tellChanges } from './tell-changes.ts';

/**
 * Says for each medication how long it lasts, from the last count less the doses due since. One that is unknown or
 * was never counted is an outcome of its own. What runs low gets a refill check as a child job, for which this job
 * does not wait; an urgency that is another one than was told last is told to the outside world, once.
 */
export async function process(job: JobView<SupplyMonitor>, world: World): Promise<Done> {
  const { user_id: userId, medications } = job.payload;
  const owner = world.refs.user(userId);
  const refs = medications.map((id) => world.refs.medication(userId, id));
  const keys = refs.flatMap((id): RecordKey<'medication' | 'schedule'>[] => [
    { type: 'medication', owner, id },
    { type: 'schedule', owner, id },
  ]);
  const userKey: RecordKey<'user'> = { type: 'user', owner, id: '' };
  const erasureKey: RecordKey<'erasure'> = { type: 'erasure', owner, id: '' };
  const records = await world.records.readMany<'medication' | 'schedule' | 'user' | 'erasure'>([
    ...keys,
    userKey,
    erasureKey,
  ]);
  const user = recordOf('user', records.at(-2));
  const erasing = isErasing(recordOf('erasure', records.at(-1))?.state);
  const timeZone = (user && followedTimeZone(user.body)) ?? world.settings.defaultTimeZone;
  const stored = refs.map((_, index) => recordOf('medication', records[2 * index]));
  const now = world.now();
  const skipped = await skippedDoses(world, owner, stored, now);
  const terms = world.settings.supply ?? SUPPLY_DEFAULTS;
  const outcomes = medications.map((medicationId, index) =>
    outcomeOf(
      {
        medicationId,
        medication: stored[index],
        schedule: recordOf('schedule', records[2 * index + 1]),
        timeZone,
        skipped: skipped.get(medicationId) ?? [],
      },
      now,
      terms,
    ),
  );
  const changes = outcomes.flatMap((outcome, index) => {
    const medication = stored[index];
    // Nothing is told of somebody who is about to be erased.
    if (outcome.outcome !== 'projected' || !medication || erasing) return [];
    return changeOf(outcome, medication, job.jobId, now) ?? [];
  });
  const writes = await tellChanges(world, { jobId: job.jobId, userId, owner }, changes);
  const children = outcomes.flatMap((outcome, index) => refillCheck(userId, outcome, refs[index]));
  return {
    end: 'succeeded',
    children,
    writes,
    summary: summaryOf(outcomes),
    facts: {
      by_outcome: countsOf(outcomes.map(({ outcome }) => outcome)),
      by_urgency: countsOf(outcomes.flatMap(urgencyOf)),
      changes_told: changes.length,
    },
    counts: toldCounts(changes),
    result: {
      as_of: now,
      medications: outcomes,
      refill_checks: children.length,
      changes_told: changes.map(({ outcome }) => outcome.medication_id),
    },
  };
}

/** The child's key is the medication's hash: a repeated attempt makes no second check. */
function refillCheck(userId: string, outcome: MedicationOutcome, ref: string | undefined): ChildJob[] {
  if (outcome.outcome !== 'projected' || !runsLow(outcome.urgency) || ref === undefined) return [];
  const payload = {
    user_id: userId,
    medication_id: outcome.medication_id,
    current_supply: outcome.units_on_hand,
    supply_source: 'estimated',
  };
  return [{ key: `refill-check#${ref}`, kind: 'refill-check', payload }];
}

/** Counts by urgency or outcome, in order of first appearance: `2 ok, 1 soon, 1 unknown_medication`. */
function summaryOf(outcomes: readonly MedicationOutcome[]): string {
  const codes = outcomes.map((entry) =>
    entry.outcome === 'projected' ? (entry.urgency ?? 'urgency not known') : entry.outcome,
  );
  return Object.entries(countsOf(codes))
    .map(([code, count]) => `${count} ${code}`)
    .join(', ');
}

function toldCounts(changes: readonly { readonly possibleDuplicate: boolean }[]): WorkCounts {
  const again = changes.filter((change) => change.possibleDuplicate).length;
  return {
    ...(changes.length > 0 && { supply_changes_told: changes.length }),
    ...(again > 0 && { supply_changes_possible_duplicate: again }),
  };
}

const urgencyOf = (entry: MedicationOutcome): string[] =>
  entry.outcome === 'projected' ? [entry.urgency ?? 'not_known'] : [];

/** How often each code stands in the list, in order of first appearance. */
function countsOf(codes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}
