import { ProblemError } from '../errors/problem-error.ts';
import type { AuditEntry } from '../evidence/audit-entry.ts';
import type { ErasureState, JsonObject, StoredRecord } from '../jobs/ports.ts';
import { addSeconds, type Instant } from '../lifecycle/instant.ts';
import type { PatientRequest } from './about-patient.ts';
import type { Engine } from './engine.ts';
import { recordRead } from './record-read.ts';

/** How often a decision is tried again when another one comes between. */
const TRIES = 3;
const DAY_SECONDS = 86_400;
/** A request that nobody else confirms is void after so long. */
const CONFIRM_DAYS = 7;
/** Between the confirmation and the erasure. */
export const DELAY_DAYS = 7;

export const dueAfter = (confirmedAt: Instant): Instant => addSeconds(confirmedAt, DELAY_DAYS * DAY_SECONDS);
export const confirmBy = (requestedAt: Instant): Instant =>
  addSeconds(requestedAt, CONFIRM_DAYS * DAY_SECONDS);

/** What was decided, as it holds at that moment: a request that was never confirmed is none any more. */
export function decisionAt(record: StoredRecord<'erasure'> | undefined, now: Instant): ErasureState {
  const state: ErasureState = record?.state ?? { status: 'none' };
  const { status, requestedAt = '' } = state;
  return status === 'requested' && confirmBy(requestedAt) <= now ? undecided(state) : state;
}

/** Nobody wants the erasure any more; a hold stays. */
export const undecided = ({ hold }: ErasureState): ErasureState => ({
  status: 'none',
  ...(hold && { hold }),
});

export interface Decision {
  readonly state: ErasureState;
  readonly entry: AuditEntry;
}

/**
 * Reads what was decided about a user, decides anew and writes it with its audit entry. A decision that is none changes
 * nothing: the answer tells what stands, and is recorded as a read.
 * @throws ProblemError `user_erased` when the user is erased, or the erasure has begun; `state_conflict`,
 *   `read_not_recorded`
 */
export async function decide(
  deps: Pick<Engine, 'schedules' | 'audit'>,
  user: Pick<PatientRequest, 'owner' | 'entry'> & { readonly userId: string },
  now: Instant,
  decideOn: (state: ErasureState) => Decision | undefined | Promise<Decision | undefined>,
): Promise<ErasureState> {
  const key = { type: 'erasure', owner: user.owner, id: '' } as const;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const record = await deps.schedules.read(key);
    const before = decisionAt(record, now);
    if (before.status === 'running')
      throw new ProblemError('user_erased', 'The erasure of this user has begun; nothing can stop it.');
    const decision = await decideOn(before);
    if (!decision) {
      await recordRead(deps, user.entry('erasure.read', { status: before.status, repeated: true }));
      return before;
    }
    const write = {
      ...key,
      expect: record?.version ?? ('absent' as const),
      state: decision.state,
      body: { userId: user.userId },
    };
    if ((await deps.schedules.commit([write], [], [decision.entry])) === 'committed') return decision.state;
  }
  throw new ProblemError('state_conflict', 'Others are deciding about this user right now; try again.');
}

/** What was decided, as the API shows it: no health data, nobody's name. */
export const erasureView = (userId: string, state: ErasureState): JsonObject => ({
  user_id: userId,
  status: state.status,
  ...(state.erasureId !== undefined && { erasure_id: state.erasureId }),
  ...(state.requestedAt !== undefined && { requested_at: state.requestedAt }),
  ...(state.status === 'requested' &&
    state.requestedAt !== undefined && { confirm_by: confirmBy(state.requestedAt) }),
  ...(state.confirmedAt !== undefined && { confirmed_at: state.confirmedAt }),
  ...(state.dueAt !== undefined && { due_at: state.dueAt }),
  legal_hold: state.hold ? { since: state.hold.since, reason: state.hold.reason } : null,
});
