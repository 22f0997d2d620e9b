import { METRICS } from '../contract/metrics.ts';
import { checkAtQueued } from '../lifecycle/check-at.ts';
import { type Instant, later } from '../lifecycle/instant.ts';
import type { JobMessage, JobRow } from '../lifecycle/job-row.ts';
import { allows } from '../lifecycle/transitions.ts';
import type { EndDeps } from './commit-end.ts';
import { endWithoutAttempt } from './end-without-attempt.ts';
import type { Engine } from './engine.ts';
import { logAbout } from './log-with-fields.ts';
import { queuedMessage, sendJobs } from './send-job.ts';

/** How often one generation is sent again when its receives were burnt without an attempt (throttling). */
export const MOST_RESENDS = 3;

export type Burial = 'deleted' | 'failed' | 'resent';

/**
 * Decides about a message of a dead-letter queue by the job's row: done or moved on → deleted; attempts used up →
 * recorded as failed; attempts left → sent again. Throws when the store cannot be reached: the message comes back.
 * @param onRow told the job's row as soon as it is known: for lines of the caller's own
 */
export async function buryDeadLetter(
  bare: EndDeps & Pick<Engine, 'clock'>,
  message: JobMessage,
  onRow: (row: JobRow) => void = () => undefined,
): Promise<Burial> {
  const now = bare.clock();
  const row = await bare.store.read(message.jobId);
  if (row) onRow(row);
  const deps = row ? { ...bare, log: logAbout(bare.log, row) } : bare;
  if (!row || row.generation !== message.generation || !allows('bury', row.status) || isHeld(row, now)) {
    return deleted(deps, message, row ? row.status : 'missing');
  }
  if (row.attempt >= row.attemptLimit || row.resends >= MOST_RESENDS) {
    const reason = row.attempt >= row.attemptLimit ? 'exhausted' : 'undeliverable';
    const failed = await endWithoutAttempt(deps, row, reason, now);
    return failed ? 'failed' : deleted(deps, message, 'moved_on');
  }
  const next = {
    checkAt: checkAtQueued(later(now, row.nextAttemptAt ?? row.dueAt)),
    checks: 0,
    resends: row.resends + 1,
  };
  if (!(await deps.store.touch(row, next))) return deleted(deps, message, 'moved_on');
  await sendJobs(deps, [queuedMessage(row, now)]);
  deps.metrics.add(METRICS.repairs, 1, 'Count', { kind: row.kind, priority: row.priority });
  deps.log.warn('dead_letter.resent', { job_id: row.jobId, kind: row.kind, count: row.resends + 1 });
  return 'resent';
}

function deleted(deps: Pick<Engine, 'log'>, message: JobMessage, reason: string): Burial {
  deps.log.info('dead_letter.deleted', { job_id: message.jobId, kind: message.kind, reason });
  return 'deleted';
}

/** Another attempt works on it; its lease, and behind it the reconciler, answer for the job. */
const isHeld = (row: JobRow, now: Instant): boolean =>
  row.status === 'running' && (row.leaseUntil ?? '') > now;
