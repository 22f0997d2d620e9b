import { followedTimeZone, type SupplyOutlook, supplyOutlook } from '../../clinical/index.ts';
import { PermanentError } from '../../errors/attempt-error.ts';
import { recordOf } from '../define-job-kind.ts';
import type { WorkCounts } from '../ports.ts';
import {
  type Done,
  type JobView,
  type JsonObject,
  type RecordWrite,
  type Ref,
  type StoredRecord,
  SUPPLY_DEFAULTS,
  type SupplySnapshotBody,
  type World,
} from '../ports.ts';
import { factKeys } from './rules.ts';
import type { RefillCheck } from './schema.ts';

/**
 * Projects the supply on the schedule and the facts on record, from the moment of acceptance, when it was counted. Stores an immutable
 * snapshot, and remembers it on the medication when it was counted by somebody and is the newest.
 */
export async function process(job: JobView<RefillCheck>, world: World): Promise<Done> {
  const { payload } = job;
  const owner = world.refs.user(payload.user_id);
  const stored = await world.records.readMany(factKeys(payload, world.refs));
  const medication = recordOf('medication', stored[0]);
  if (!medication || medication.state.status === 'stopped') {
    throw new PermanentError(
      'medication_not_found',
      'The medication was stopped after the job was accepted.',
    );
  }
  const schedule = recordOf('schedule', stored[1]);
  const outlook = computed({
    schedule: schedule?.state.status === 'active' ? schedule.body : undefined,
    facts: medication.body,
    supplyUnits: payload.current_supply,
    at: job.createdAt,
    timeZone: zoneOf(recordOf('user', stored[2]), world),
    terms: world.settings.supply ?? SUPPLY_DEFAULTS,
  });
  const result = resultOf(job, outlook, medication);
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
  const facts = { urgency: outlook.urgency ?? ('not_known' as const) };
  return {
    end: 'succeeded',
    result,
    writes,
    summary: summaryOf(outlook),
    facts,
    counts: COUNTED[facts.urgency],
  };
}

/**
 * The same quantities give the same answer, so none is asked for again.
 * @throws PermanentError that says what cannot be computed with
 */
function computed(question: Parameters<typeof supplyOutlook>[0]): SupplyOutlook {
  try {
    return supplyOutlook(question);
  } catch (error) {
    if (error instanceof RangeError)
      throw new PermanentError('not_computable', error.message, { cause: error });
    throw error;
  }
}

const COUNTED = {
  out: { refill_checks_out: 1 },
  now: { refill_checks_now: 1 },
  soon: { refill_checks_soon: 1 },
  ok: { refill_checks_ok: 1 },
  not_known: { refill_checks_not_known: 1 },
} as const satisfies Record<string, WorkCounts>;

/** Only for a medication without a schedule, which names a zone of its own. */
const zoneOf = (user: StoredRecord<'user'> | undefined, world: World): string | undefined =>
  (user && followedTimeZone(user.body)) ?? world.settings.defaultTimeZone;

const summaryOf = ({ urgency, days_of_supply }: SupplyOutlook): string =>
  `${urgency ?? 'urgency not known'}, ${days_of_supply === null ? 'days not known' : `${days_of_supply} days`}`;

const resultOf = (
  { payload, createdAt }: JobView<RefillCheck>,
  outlook: SupplyOutlook,
  medication: StoredRecord<'medication'>,
): JsonObject => ({
  medication_id: payload.medication_id,
  as_of: createdAt,
  current_supply: payload.current_supply,
  ...outlook,
  assumptions: [
    ...outlook.assumptions,
    ...(payload.supply_source === 'estimated' ? ['supply_computed_from_schedule'] : []),
    ...(medication.state.status === 'paused' ? ['doses_go_on_although_the_medication_is_paused'] : []),
  ],
});

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
