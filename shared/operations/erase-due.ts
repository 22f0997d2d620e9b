import { METRICS } from '../contract/metrics.ts';
import type { AuditAction } from '../evidence/audit-actions.ts';
import { standaloneEntry } from '../evidence/audit-chain.ts';
import type { AuditEntry } from '../evidence/audit-entry.ts';
import type { ErasureState, StoredRecord } from '../jobs/ports.ts';
import { addSeconds, type Instant } from '../lifecycle/instant.ts';
import { type EraseUserDeps, eraseUser } from './erase-user.ts';
import { undecided } from './erasure-decision.ts';
import { obstacleTo } from './erasure-obstacle.ts';
import { systemActor } from './job-change.ts';
import type { DueErasure } from './rights-ports.ts';
import { tellErasure } from './tell-erasure.ts';
import { tryEach } from './try-each.ts';

/** Users that one run looks at. Erasures are rare; what is left is done by the next run. */
const MOST_AT_ONCE = 20;

/**
 * How long after the closing of a secret nothing can be under way any more that was sealed before: environments keep a
 * secret for a minute, and no attempt runs for longer than five.
 */
export const SETTLE_SECONDS = 600;

/**
 * Carries erasures out whose time has come. Each goes through two runs: the first closes the user's secret, so that
 * nothing new comes; a later one takes away what stands and destroys the secret. What stands in the way of one is no
 * obstacle for the others, and a run that dies is taken up by the next.
 * @throws the first failure, after all were tried
 */
export async function eraseDue(deps: EraseUserDeps): Promise<{ readonly erased: number }> {
  const due = await deps.erasing.due(deps.clock(), MOST_AT_ONCE);
  let erased = 0;
  await tryEach(due, async (entry) => {
    if (await advance(deps, entry)) erased += 1;
  });
  deps.metrics.add(METRICS.usersErased, erased, 'Count');
  deps.log.info('erasure.done', { count: erased });
  return { erased };
}

/** One step on for one user; true when nothing is left to be done. */
async function advance(deps: EraseUserDeps, entry: DueErasure): Promise<boolean> {
  const now = deps.clock();
  const secret = await deps.erasing.secret(entry.owner);
  if (secret.state === 'destroyed') {
    await finish(deps, entry, secret.erasureId);
    return true;
  }
  const record = await deps.schedules.read({ type: 'erasure', owner: entry.owner, id: '' });
  if (!record || !isMeant(record.state, entry)) {
    // Revoked, or revoked and confirmed anew for another time.
    await deps.erasing.settle(entry);
    return false;
  }
  if (record.state.status === 'scheduled') return begin(deps, entry, record, now);
  if (secret.state !== 'closed') {
    await close(deps, entry, record.state, now);
    return false;
  }
  if (addSeconds(secret.at, SETTLE_SECONDS) > now) return false;
  await eraseUser(deps, { owner: entry.owner, userId: record.body.userId }, record.state, (action, details) =>
    stepEntry(deps, entry, record.state, action, details),
  );
  await finish(deps, entry, record.state.erasureId ?? '');
  return true;
}

const isMeant = (state: ErasureState, { dueAt }: DueErasure): boolean =>
  (state.status === 'scheduled' || state.status === 'running') && state.dueAt === dueAt;

/** From here on it cannot be revoked; unless something forbids it now. */
async function begin(
  deps: EraseUserDeps,
  entry: DueErasure,
  record: StoredRecord<'erasure'>,
  now: Instant,
): Promise<boolean> {
  const { owner } = entry;
  const { state, body } = record;
  const obstacle = await obstacleTo(deps, owner, state, now);
  const next: ErasureState = obstacle ? undecided(state) : { ...state, status: 'running' };
  const evidence = obstacle
    ? stepEntry(deps, entry, state, 'erasure.refused', {
        reason: obstacle.code,
        ...('count' in obstacle && { unreadable: obstacle.count }),
      })
    : stepEntry(deps, entry, state, 'erasure.started', {});
  const write = { type: 'erasure', owner, id: '', expect: record.version, state: next, body } as const;
  // Somebody decided otherwise at the same moment: the next run looks again.
  if ((await deps.schedules.commit([write], [], [evidence])) !== 'committed') return false;
  if (obstacle) {
    await tellErasure(deps, 'user.erasure_revoked', { owner, userId: body.userId }, state, false);
    await deps.erasing.settle(entry);
    return false;
  }
  await close(deps, entry, state, now);
  return false;
}

/** Recorded first: of what was done and left no trace nobody could tell when. */
async function close(
  deps: EraseUserDeps,
  entry: DueErasure,
  state: ErasureState,
  now: Instant,
): Promise<void> {
  await deps.audit.put(stepEntry(deps, entry, state, 'erasure.closed', {}));
  await deps.erasing.closeSecret(entry.owner, now);
}

/** What is left once the secret is destroyed. The list comes last: until then the user is found again. */
async function finish(deps: EraseUserDeps, entry: DueErasure, erasureId: string): Promise<void> {
  await deps.erasing.deleteDecision(entry.owner);
  await deps.audit.put(stepEntry(deps, entry, { erasureId }, 'user.erased', {}));
  await deps.erasing.settle(entry);
}

function stepEntry(
  deps: Pick<EraseUserDeps, 'clock' | 'random'>,
  { owner }: DueErasure,
  { erasureId = '' }: Pick<ErasureState, 'erasureId'>,
  action: AuditAction,
  details: AuditEntry['details'],
): AuditEntry {
  const at = deps.clock();
  return standaloneEntry(
    {
      at,
      action,
      outcome: action === 'erasure.refused' ? 'refused' : 'success',
      actor: systemActor('erasure'),
      subjectRef: owner,
      correlationId: `erasure:${erasureId}`,
      details: { erasure_id: erasureId, ...details },
    },
    deps.random.ulid(at),
  );
}
