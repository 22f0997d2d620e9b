import { projectSupply, type Schedule } from '../../clinical/index.ts';
import { PermanentError } from '../../errors/attempt-error.ts';
import { recordOf } from '../define-job-kind.ts';
import type {
  Done,
  JobView,
  JsonObject,
  RecordWrite,
  Ref,
  StoredRecord,
  SupplySnapshotBody,
  World,
} from '../ports.ts';
import { factKeys } from './rules.ts';
import type { RefillCheck } from './schema.ts';

/** Units of one dose. The schedule does not say, so the answer states it as an assumption. */
const UNITS_PER_DOSE = 1;

/**
 * Projects the supply on the schedule, from the moment of acceptance, when it was counted. Stores an immutable
 * snapshot, and remembers it on the medication when it was counted by somebody and is the newest.
 */
export async function process(job: JobView<RefillCheck>, world: World): Promise<Done> {
  const { payload } = job;
  const owner = world.refs.user(payload.user_id);
  const stored = await world.records.readMany(factKeys(payload, world.refs));
  const medication = recordOf('medication', stored[0]);
  const schedule = recordOf('schedule', stored[1]);
  if (medication?.state.status !== 'active' || schedule?.state.status !== 'active') {
    throw new PermanentError(
      'medication_not_found',
      'The medication was stopped after the job was accepted.',
    );
  }
  const result = resultOf(job, schedule.body);
  const snapshot: SupplySnapshotBody = {
    medicationId: payload.medication_id,
    supplyUnits: payload.current_supply,
    takenAt: job.createdAt,
    result,
  };
  const id = `${medication.id}#${job.createdAt}#${job.jobId}`;
  const writes: RecordWrite[] = [
    { type: 'snapshot', owner, id, expect: 'absent', state: {}, body: snapshot },
    ...remembered(payload, owner, medication, snapshot),
  ];
  const urgency = String(result['urgency']);
  return { end: 'succeeded', result, writes, summary: `${urgency}, ${result['days_of_supply']} days` };
}

function resultOf({ payload, createdAt }: JobView<RefillCheck>, schedule: Schedule): JsonObject {
  const projection = projectSupply({
    schedule,
    supplyUnits: payload.current_supply,
    unitsPerDose: UNITS_PER_DOSE,
    at: createdAt,
  });
  return {
    medication_id: payload.medication_id,
    as_of: createdAt,
    time_zone: schedule.timeZone,
    today: projection.today,
    current_supply: payload.current_supply,
    days_of_supply: projection.daysOfSupply,
    last_covered_date: projection.lastCoveredDate,
    run_out_date: projection.firstUncoveredDate,
    order_by_date: projection.orderByDate,
    urgency: projection.urgency,
    assumptions: [
      'units_per_dose_is_1',
      'doses_due_earlier_today_were_taken',
      'order_takes_5_days_with_2_days_in_hand',
      ...(payload.supply_source === 'estimated' ? ['supply_computed_from_schedule'] : []),
    ],
  };
}

/** A computed supply is never remembered as counted: later estimates start from what somebody has counted. */
function remembered(
  payload: RefillCheck,
  owner: Ref,
  medication: StoredRecord<'medication'>,
  snapshot: SupplySnapshotBody,
): RecordWrite[] {
  const { body, id, state, version } = medication;
  const newer = body.lastSnapshot === undefined || body.lastSnapshot.takenAt <= snapshot.takenAt;
  if (!newer || payload.supply_source === 'estimated') return [];
  return [
    { type: 'medication', owner, id, expect: version, state, body: { ...body, lastSnapshot: snapshot } },
  ];
}
