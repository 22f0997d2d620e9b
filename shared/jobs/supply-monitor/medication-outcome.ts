import { projectSupply, type Urgency, unitsOnHand } from '../../clinical/index.ts';
import type { StoredRecord } from '../ports.ts';

/** Units of one dose. The schedule does not say, so the answer states it as an assumption. */
const UNITS_PER_DOSE = 1;

/** What the monitor says of one medication. */
export type MedicationOutcome =
  | {
      readonly medication_id: string;
      /** Not the user's; stopped; without a schedule; never counted. */
      readonly outcome: 'unknown_medication' | 'stopped' | 'no_schedule' | 'never_counted';
    }
  | {
      readonly medication_id: string;
      readonly outcome: 'projected';
      readonly counted_at: string;
      readonly units_counted: number;
      readonly units_on_hand: number;
      readonly days_of_supply: number;
      readonly last_covered_date: string | null;
      readonly run_out_date: string | null;
      readonly order_by_date: string | null;
      readonly urgency: Urgency;
    };

/** From the last count less the doses due since, all of which count as taken. */
export function outcomeOf(
  medicationId: string,
  medication: StoredRecord<'medication'> | undefined,
  schedule: StoredRecord<'schedule'> | undefined,
  now: string,
): MedicationOutcome {
  const without = (outcome: 'unknown_medication' | 'stopped' | 'no_schedule' | 'never_counted') => ({
    medication_id: medicationId,
    outcome,
  });
  if (!medication) return without('unknown_medication');
  if (medication.state.status === 'stopped') return without('stopped');
  if (schedule?.state.status !== 'active') return without('no_schedule');
  const snapshot = medication.body.lastSnapshot;
  if (!snapshot) return without('never_counted');
  const counted = { supplyUnits: snapshot.supplyUnits, unitsPerDose: UNITS_PER_DOSE, at: snapshot.takenAt };
  const onHand = unitsOnHand(schedule.body, counted, now);
  const projection = projectSupply({
    schedule: schedule.body,
    supplyUnits: onHand,
    unitsPerDose: UNITS_PER_DOSE,
    at: now,
  });
  return {
    medication_id: medicationId,
    outcome: 'projected',
    counted_at: snapshot.takenAt,
    units_counted: snapshot.supplyUnits,
    units_on_hand: onHand,
    days_of_supply: projection.daysOfSupply,
    last_covered_date: projection.lastCoveredDate,
    run_out_date: projection.firstUncoveredDate,
    order_by_date: projection.orderByDate,
    urgency: projection.urgency,
  };
}
