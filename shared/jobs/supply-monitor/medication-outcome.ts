import {
  hasFixedDoses,
  mostDosesOf,
  type SkippedDoses,
  type SupplyOutlook,
  supplyOutlook,
  type Urgency,
  unitsOnHand,
} from '../../clinical/index.ts';
import type { Instant } from '../../lifecycle/instant.ts';
import type { StoredRecord, SupplySettings, SupplySnapshotBody } from '../ports.ts';
import { useOnRecord } from '../replacing/use-on-record.ts';

/**
 * Why nothing is projected: not the user's; stopped; paused; nothing says how much is used; never counted; nothing says how
 * much was used for a part of the time since the count; its record cannot be computed with.
 */
export type NotProjected =
  | 'unknown_medication'
  | 'stopped'
  | 'paused'
  | 'no_schedule'
  | 'never_counted'
  | 'use_since_count_not_known'
  | 'not_computable';

/** What the monitor says of one medication. */
export type MedicationOutcome =
  | { readonly medication_id: string; readonly outcome: NotProjected }
  | Projected;

export type Projected = SupplyOutlook & {
  readonly medication_id: string;
  readonly outcome: 'projected';
  readonly counted_at: string;
  readonly units_counted: number;
  readonly units_on_hand: number;
  /** Doses due since the count that were recorded as skipped, and are therefore still there. */
  readonly doses_skipped: number;
};

/** What one medication is looked at with. */
export interface Watched {
  readonly medicationId: string;
  readonly medication: StoredRecord<'medication'> | undefined;
  readonly schedule: StoredRecord<'schedule'> | undefined;
  /** Zone of the user or the deployment, for a medication without a schedule. */
  readonly timeZone: string | undefined;
  /** Doses recorded as skipped since the last count. */
  readonly skipped: readonly SkippedDoses[];
}

/**
 * From the last count less the doses due since, by the schedules that stood when they were due; all of them count as taken but
 * those recorded as skipped.
 */
export function outcomeOf(watched: Watched, now: Instant, terms: SupplySettings): MedicationOutcome {
  const { medicationId, medication } = watched;
  const without = (outcome: NotProjected) => ({ medication_id: medicationId, outcome });
  if (!medication) return without('unknown_medication');
  if (medication.state.status !== 'active') return without(medication.state.status);
  const schedule = activeSchedule(watched);
  const isFixed = schedule !== undefined && hasFixedDoses(schedule);
  if (!isFixed && mostDosesOf({ schedule, facts: medication.body }) === undefined)
    return without('no_schedule');
  const snapshot = medication.body.lastSnapshot;
  if (!snapshot) return without('never_counted');
  try {
    return projected(watched, medication, snapshot, now, terms);
  } catch (error) {
    // A quantity that cannot be computed with is this medication's trouble, not that of the list.
    if (error instanceof RangeError) return without('not_computable');
    throw error;
  }
}

const activeSchedule = ({ schedule }: Watched) =>
  schedule?.state.status === 'active' ? schedule.body : undefined;

function projected(
  watched: Watched,
  medication: StoredRecord<'medication'>,
  snapshot: SupplySnapshotBody,
  now: Instant,
  terms: SupplySettings,
): MedicationOutcome {
  const schedule = activeSchedule(watched);
  const facts = medication.body;
  const isFixed = schedule !== undefined && hasFixedDoses(schedule);
  const onHand = unitsOnHand(useOnRecord(medication, watched.schedule), snapshot, now, watched.skipped);
  if (!onHand) return { medication_id: watched.medicationId, outcome: 'use_since_count_not_known' };
  const outlook = supplyOutlook({
    schedule,
    facts,
    supplyUnits: onHand.units,
    at: now,
    timeZone: watched.timeZone,
    terms,
  });
  return {
    medication_id: watched.medicationId,
    outcome: 'projected',
    counted_at: snapshot.takenAt,
    units_counted: snapshot.supplyUnits,
    units_on_hand: onHand.units,
    doses_skipped: onHand.skipped,
    ...outlook,
    assumptions: [
      ...(isFixed ? ['doses_due_since_the_count_were_taken_unless_recorded_as_skipped'] : []),
      ...outlook.assumptions,
    ],
  };
}

/** Whether it is time to do something about it. */
export const runsLow = (urgency: Urgency | null): boolean => urgency !== null && urgency !== 'ok';
