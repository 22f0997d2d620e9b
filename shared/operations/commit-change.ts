import { checkAtQueued } from '../lifecycle/check-at.ts';
import type { Instant } from '../lifecycle/instant.ts';
import { isTerminal } from '../lifecycle/transitions.ts';
import type { Engine } from './engine.ts';
import { jobChange, systemActor } from './job-change.ts';
import type { CommitAnswer, JobChange, ParentChange } from './ports.ts';
import { queuedMessage, sendJobs } from './send-job.ts';

export type CommitDeps = Pick<Engine, 'store' | 'queue' | 'random' | 'metrics' | 'log'>;

/** How often a countdown is tried again when siblings end at the same moment. */
const COUNTDOWN_TRIES = 12;

/**
 * Commits a status change. When it ends a child that its parent waits for, the parent is counted down in the same
 * transaction, and sent when the count reaches zero.
 */
export async function commitChange(deps: CommitDeps, change: JobChange, now: Instant): Promise<CommitAnswer> {
  const { before, after } = change;
  const counts = before.awaited === true && before.generation === 1 && isTerminal(after.status);
  if (!counts || before.parentId === undefined) return deps.store.commit(change);
  let answer: CommitAnswer = 'conflict';
  for (let tries = 0; tries < COUNTDOWN_TRIES && answer === 'conflict'; tries += 1) {
    const parent = await countdown(deps, before.parentId, now);
    answer = await deps.store.commit(parent ? { ...change, parent } : change);
    if (answer === 'committed' && parent?.audit) await sendJobs(deps, [queuedMessage(parent.after, now)]);
  }
  return answer;
}

/** The parent's part of a child's last transaction; `undefined` when it no longer waits. */
async function countdown(
  deps: CommitDeps,
  parentId: string,
  now: Instant,
): Promise<ParentChange | undefined> {
  const before = await deps.store.read(parentId);
  if (before?.status !== 'waiting' || before.openChildren === undefined) return undefined;
  const openChildren = before.openChildren - 1;
  if (openChildren > 0) return { before, after: { ...before, openChildren } };
  const { after, audit } = jobChange(
    {
      event: 'childrenDone',
      before,
      now,
      actor: systemActor('countdown'),
      set: { openChildren: 0, round: before.round + 1, checkAt: checkAtQueued(now) },
    },
    deps.random,
  );
  return { before, after, audit };
}
