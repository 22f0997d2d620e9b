import { recordOf } from '../define-job-kind.ts';
import type { ChildJob, Done, JobView, RecordKey, World } from '../ports.ts';
import { type MedicationOutcome, outcomeOf } from './medication-outcome.ts';
import type { SupplyMonitor } from './schema.ts';

/**
 * Says for each medication how long it lasts, from the last count less the doses due since. One that is unknown or
 * was never counted is an outcome of its own. What runs low gets a refill check as a child job, for which this job
 * does not wait.
 */
export async function process({ payload }: JobView<SupplyMonitor>, world: World): Promise<Done> {
  const owner = world.refs.user(payload.user_id);
  const refs = payload.medications.map((id) => world.refs.medication(payload.user_id, id));
  const keys = refs.flatMap((id): RecordKey<'medication' | 'schedule'>[] => [
    { type: 'medication', owner, id },
    { type: 'schedule', owner, id },
  ]);
  const records = await world.records.readMany(keys);
  const now = world.now();
  const outcomes = payload.medications.map((medicationId, index) =>
    outcomeOf(
      medicationId,
      recordOf('medication', records[2 * index]),
      recordOf('schedule', records[2 * index + 1]),
      now,
    ),
  );
  const children = outcomes.flatMap((outcome, index) => refillCheck(payload.user_id, outcome, refs[index]));
  return {
    end: 'succeeded',
    children,
    summary: summaryOf(outcomes),
    result: {
      as_of: now,
      medications: outcomes,
      refill_checks: children.length,
      assumptions: ['units_per_dose_is_1', 'doses_due_since_the_count_were_taken'],
    },
  };
}

/** The child's key is the medication's hash: a repeated attempt makes no second check. */
function refillCheck(userId: string, outcome: MedicationOutcome, ref: string | undefined): ChildJob[] {
  if (outcome.outcome !== 'projected' || outcome.urgency === 'ok' || ref === undefined) return [];
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
  const counts = new Map<string, number>();
  for (const entry of outcomes) {
    const code = entry.outcome === 'projected' ? entry.urgency : entry.outcome;
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return [...counts].map(([code, count]) => `${count} ${code}`).join(', ');
}
