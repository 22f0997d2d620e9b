import {
  confirmationOf,
  type DoseOwner,
  type DueOccurrence,
  deliveriesOf,
  heldRecord,
  type NotSentReason,
  occurrenceRecord,
  planReplacement,
  type RemindedSchedule,
  type Replacement,
  type SpacingCause,
  type WithheldDose,
} from '../../clinical/index.ts';
import type { Instant } from '../../lifecycle/instant.ts';
import type { ChildJob, JsonObject, RecordShapes, RecordWrite, Ref, StoredRecord } from '../ports.ts';
import type { StandingRecords } from './standing-doses.ts';

export interface ReplaceInput {
  readonly owner: Ref;
  readonly medicationRef: Ref;
  readonly schedule: RemindedSchedule;
  /** Of the revision that begins now. */
  readonly dose: DoseOwner;
  readonly standing: StandingRecords;
  readonly cause: SpacingCause;
  /** Doses due before this moment do not belong to the schedule. */
  readonly validFrom: Instant;
  readonly now: Instant;
}

export interface ReplacedDoses {
  readonly writes: readonly RecordWrite[];
  readonly children: readonly ChildJob[];
  readonly nextDueAt: Instant | null;
  /** What a person should know of single doses. */
  readonly warnings: readonly JsonObject[];
  /** Ids of doses of the schedule that are not told by themselves. */
  readonly withheld: readonly string[];
}

/**
 * Makes what a schedule needs when it begins or takes the place of another: the doses that are due before a tick would find
 * them, with their deliveries (the tick reads a minute once, ahead of time), the doses that must not be told because they
 * lie too close to others, and the end of what was open of the schedule before.
 */
export function replaceDoses(input: ReplaceInput): ReplacedDoses {
  const { dose, medicationRef, now, owner, schedule, standing } = input;
  const plan = planReplacement({ ...input, medicationRef, standing: standing.doses });
  const write = (record: ReturnType<typeof occurrenceRecord | typeof heldRecord>): RecordWrite => {
    const before = standing.byId.get(record.id);
    const state = { ...(before && askedOf(before, record.state)), ...record.state };
    return {
      type: 'occurrence',
      owner,
      expect: before?.version ?? 'absent',
      ...record,
      state,
      ...(before && { replaces: before.state }),
    };
  };
  const notSent = (due: DueOccurrence, reason: NotSentReason) => write(occurrenceRecord(due, dose, reason));
  const critical = schedule.critical === true;
  const withheldDoses = [...plan.tooClose, ...plan.held].map((one) => one.dose);
  const own = new Set([...plan.due, ...plan.tooLate, ...plan.told, ...withheldDoses].map(({ id }) => id));
  return {
    writes: [
      ...plan.due.map((due) => write(occurrenceRecord(due, dose))),
      ...plan.tooLate.map((due) => notSent(due, 'too_late')),
      ...plan.tooClose.map((one) => notSent(one.dose, 'too_close')),
      ...plan.held.map((one) => write(heldRecord(one.dose, dose))),
      ...plan.closed.flatMap((id) => closed(standing.byId.get(id), owner)),
      ...plan.ends.flatMap(({ expiresAt, id }) => ending(standing.byId.get(id), owner, expiresAt)),
      // What a tick would have made of the schedule before, had it come in time.
      ...plan.closed
        .flatMap((id) => standing.unmade.get(id) ?? [])
        .map((due) => notSent(due, 'schedule_replaced')),
      ...standing.tooLate.filter(({ id }) => !own.has(id)).map((due) => notSent(due, 'too_late')),
    ],
    children: [
      ...plan.due.flatMap((due) => deliveriesOf(due, dose, { critical, now })),
      ...plan.held
        .filter((one) => !wasAsked(standing.byId.get(one.dose.id), one.dose))
        .map((one) => question(one.dose, dose, now)),
    ].map((order) => ({ kind: 'reminder-delivery', ...order })),
    nextDueAt: plan.nextDueAt,
    warnings: warningsOf(plan),
    withheld: withheldDoses.map(({ id }) => id),
  };
}

/** An open dose of the schedule before ends: nobody else would close it, or only when it is due. */
const closed = (record: StoredRecord<'occurrence'> | undefined, owner: Ref): RecordWrite[] =>
  record
    ? [
        {
          type: 'occurrence',
          owner,
          id: record.id,
          expect: record.version,
          state: { ...record.state, status: 'not_sent', reason: 'schedule_replaced' },
          body: record.body,
        },
      ]
    : [];

/** A dose that was told ends sooner: from then on the next one is due. */
const ending = (
  record: StoredRecord<'occurrence'> | undefined,
  owner: Ref,
  expiresAt: Instant,
): RecordWrite[] =>
  record
    ? [
        {
          type: 'occurrence',
          owner,
          id: record.id,
          expect: record.version,
          state: { ...record.state, expiresAt },
          body: record.body,
          replaces: record.state,
        },
      ]
    : [];

/**
 * What stands of the question about a dose, and of its answer, when the dose is made anew for the same moment: nobody is
 * asked about it twice. A question that was about to leave may have left.
 */
function askedOf({ state: before }: StoredRecord<'occurrence'>, state: RecordShapes['occurrence']['state']) {
  const { acknowledgement, askedAt, telling } = before;
  if (before.dueAt !== state.dueAt) return {};
  const isHeld = state.status === 'needs_confirmation';
  return {
    ...(askedAt !== undefined && { askedAt }),
    ...(!isHeld && acknowledgement?.outcome === 'confirmed' && { acknowledgement }),
    ...(isHeld && telling && { telling }),
  };
}

const wasAsked = (before: StoredRecord<'occurrence'> | undefined, { dueAt }: DueOccurrence): boolean =>
  before?.state.askedAt !== undefined && before.state.dueAt === dueAt;

/** Asked at once: the person has just changed the clock, and the dose may be hours away. */
function question(due: DueOccurrence, dose: DoseOwner, now: Instant): Omit<ChildJob, 'kind'> {
  const [delivery] = deliveriesOf(due, dose, { critical: false, now });
  if (!delivery) throw new Error('A dose has no delivery.');
  const { order, tell_at } = confirmationOf(delivery.payload, now);
  return {
    key: `confirm#${due.id}#${dose.scheduleRevision}`,
    payload: order,
    dueAt: tell_at,
    expiresAt: due.expiresAt,
  };
}

function warningsOf({ held, told, tooClose }: Replacement): JsonObject[] {
  return [
    ...told.map((dose) => ({ code: 'already_reminded', ...named(dose) })),
    ...tooClose.map((one) => ({ code: 'too_close', ...withheld(one) })),
    ...held.map((one) => ({ code: 'needs_confirmation', ...withheld(one) })),
  ];
}

const named = ({ id, dueAt, localTime, timeZone }: DueOccurrence): JsonObject => ({
  reminder_id: id,
  due_at: dueAt,
  local_time: localTime,
  time_zone: timeZone,
});

const withheld = ({ dose, near }: WithheldDose): JsonObject => ({
  ...named(dose),
  too_close_to: near.takenAt ?? near.dueAt,
});
