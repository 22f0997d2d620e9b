import { ProblemError } from '../errors/problem-error.ts';
import type { AuditAction } from '../evidence/audit-actions.ts';
import type { Caller } from '../evidence/caller.ts';
import {
  type MedicationBody,
  type MedicationStatus,
  newFillOf,
  type RecordWrite,
  type StoredRecord,
} from '../jobs/ports.ts';
import { keptUse } from '../jobs/replacing/kept-use.ts';
import type { Instant } from '../lifecycle/instant.ts';
import { aboutPatient } from './about-patient.ts';
import type { MedicationWishes } from './bodies/medication.ts';
import type { Engine } from './engine.ts';
import type { RequestContext } from './find-job.ts';
import { frequencyWarnings } from './frequency-warnings.ts';
import type { Tagged } from './get-preferences.ts';
import { medicationView } from './medication-view.ts';
import { readMedication, withoutFacts } from './read-medication.ts';
import { dosesLeftUnmade, stoppedSchedule } from './stopped-schedule.ts';
import { changedMeanwhile, demandVersion, entityTag } from './version-precondition.ts';

const TRIES = 3;

/**
 * States what is known of one medication of a user, and whether it is in use; makes it when it does not stand yet. Facts
 * that are left out are not known any more; the status that is left out stays. `paused` keeps the schedule, and deliveries
 * find the medication paused before they publish; `stopped` does what `stopMedication` does. One that becomes active again
 * after a stop needs a new reminder job: `reminders` in the answer says so. When the name is that of a product which must
 * not be used as often as the schedule says, `warnings` in the answer says so.
 *
 * Counts and refills change the same record, so the header `If-Match` is heeded but not demanded.
 * @throws ProblemError `forbidden`, `invalid_input`, `precondition_failed`, `state_conflict`
 */
export async function putMedication(
  deps: Pick<Engine, 'schedules' | 'records' | 'refs' | 'random'>,
  caller: Caller,
  target: {
    readonly userId: string;
    readonly medicationId: string;
    readonly ifMatch?: readonly string[] | undefined;
  },
  wishes: MedicationWishes,
  request: RequestContext,
): Promise<Tagged> {
  const { userId, medicationId, ifMatch } = target;
  const { owner, entry } = await aboutPatient(deps, 'putMedication', caller, userId, request);
  const facts = readMedication(wishes, request.receivedAt);
  const id = deps.refs.medication(userId, medicationId);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const stored = await deps.schedules.read({ type: 'medication', owner, id });
    const schedule = await deps.schedules.read({ type: 'schedule', owner, id });
    demandVersion(ifMatch, stored?.version ?? 0, false);
    const before = stored?.state.status;
    const status = wishes.status ?? before ?? 'active';
    const state = { status, ...stoppedAt(status, stored, request.receivedAt) };
    const stated: MedicationBody = {
      ...withoutFacts(stored?.body),
      userId,
      medicationId,
      ...facts,
      statedAt: request.receivedAt,
    };
    const after = { state, body: stated };
    const kept = keptUse({ medication: stored, schedule }, after, owner, request.receivedAt);
    const { body } = kept;
    const writes: RecordWrite[] = [
      {
        type: 'medication',
        owner,
        id,
        expect: stored?.version ?? 'absent',
        state,
        body,
        ...newFillOf(stored?.body, body),
      },
    ];
    const stops = status === 'stopped' && schedule?.state.status === 'active';
    const stopped = stops ? stoppedSchedule(schedule, kept.schedule, owner, request.receivedAt) : undefined;
    const changed = stopped ?? kept.schedule;
    if (changed) writes.push(changed);
    if (stops) writes.push(...(await dosesLeftUnmade(deps, schedule, owner, request.receivedAt)));
    const evidence = entry(actionOf(before, status), {
      medication_ref: id,
      status,
      ...(before !== undefined && { from: before }),
      reminders: schedule !== undefined,
    });
    if ((await deps.schedules.commit(writes, [], [evidence])) === 'committed') {
      const version = (stored?.version ?? 0) + 1;
      const shown = schedule && { ...schedule, state: stopped?.state ?? schedule.state };
      const warnings = frequencyWarnings(body, shown);
      const view = medicationView({ state, body, version }, shown);
      return { body: { ...view, ...(warnings.length > 0 && { warnings }) }, tag: entityTag(version) };
    }
    if (ifMatch) throw changedMeanwhile();
  }
  throw new ProblemError('state_conflict', 'The medication is changing right now; try again.');
}

const stoppedAt = (
  status: MedicationStatus,
  before: StoredRecord<'medication'> | undefined,
  now: Instant,
): { readonly stoppedAt?: Instant } =>
  status === 'stopped' ? { stoppedAt: before?.state.stoppedAt ?? now } : {};

const ACTIONS = {
  active: 'medication.resumed',
  paused: 'medication.paused',
  stopped: 'medication.stopped',
} as const satisfies Record<MedicationStatus, AuditAction>;

const actionOf = (before: MedicationStatus | undefined, status: MedicationStatus): AuditAction =>
  before === undefined || before === status ? 'medication.changed' : ACTIONS[status];
