import { METRICS } from '../contract/metrics.ts';
import type { AnswersFor, EngineEnd } from '../jobs/define-job-kind.ts';
import { type OccurrenceStateWrite, SYSTEM_OWNER } from '../jobs/ports.ts';
import type { WorkCounts } from '../jobs/work-counts.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { AnsweredRecord } from '../lifecycle/job-row.ts';
import { addCounts } from './add-counts.ts';
import { type CommitDeps, commitChange } from './commit-change.ts';
import type { Engine } from './engine.ts';
import type { CommitAnswer, JobChange } from './ports.ts';

export type EndDeps = CommitDeps & Pick<Engine, 'kinds'>;

/** An end that the engine makes itself; those that an attempt hands back are committed by `finishAttempt`. */
export type EndChange = Omit<JobChange, 'event'> & { readonly event: EngineEnd };

/** How often the record is read again when it moves, or cannot be read or written. */
const CLOSING_TRIES = 5;

/**
 * Commits an end that the engine makes itself, and in the same transaction closes the record that the job answers for:
 * nobody else would. A record that cannot be closed holds up no end: after some tries the job ends without it, logged
 * and counted.
 */
export async function commitEnd(deps: EndDeps, change: EndChange, now: Instant): Promise<CommitAnswer> {
  const closed = deps.kinds.get(change.before.kind)?.answersFor?.closed;
  const { answersFor } = change.before;
  if (!closed || !answersFor) return commitChange(deps, change, now);

  let counts: WorkCounts = {};
  let leftOpen: string | undefined;
  for (let tries = 0; tries < CLOSING_TRIES; tries += 1) {
    leftOpen = undefined;
    try {
      const closing = await closingOf(deps, change, answersFor, closed);
      if (!closing) break;
      counts = closing.counts;
      const answer = await commitChange(deps, { ...change, closing: closing.write }, now);
      if (answer === 'committed') addCounts(deps.metrics, counts);
      if (answer !== 'conflict') return answer;
      leftOpen = 'conflict';
    } catch (error) {
      leftOpen = error instanceof Error ? error.name : 'unknown';
    }
  }
  const answer = await commitChange(deps, change, now);
  if (answer !== 'committed') return answer;
  addCounts(deps.metrics, counts);
  if (leftOpen !== undefined) reportLeftOpen(deps, change, leftOpen);
  return answer;
}

interface Closing {
  readonly write: OccurrenceStateWrite;
  readonly counts: WorkCounts;
}

/** `undefined`: there is nothing to close, or nothing any more. */
async function closingOf(
  deps: EndDeps,
  { before, event }: EndChange,
  { id, revision }: AnsweredRecord,
  closed: AnswersFor<never>['closed'],
): Promise<Closing | undefined> {
  const record = await deps.store.answeredRecord(before);
  const closing = record && closed(record.state, revision, event);
  if (!closing) return undefined;
  const owner = before.userRef ?? SYSTEM_OWNER;
  return { write: { owner, id, expect: record.version, state: closing.state }, counts: closing.counts };
}

function reportLeftOpen(deps: EndDeps, { before, after }: EndChange, errorName: string): void {
  deps.metrics.add(METRICS.recordsLeftOpen, 1, 'Count');
  deps.log.error('record.left_open', {
    job_id: before.jobId,
    kind: before.kind,
    status: after.status,
    error_name: errorName,
  });
}
