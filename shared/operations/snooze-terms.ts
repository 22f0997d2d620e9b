import type { FollowTerms } from '../clinical/index.ts';
import { ProblemError } from '../errors/problem-error.ts';
import { recordOf } from '../jobs/define-job-kind.ts';
import type { RecordKey, Ref, StoredRecord } from '../jobs/ports.ts';
import { asksForTheSame } from '../jobs/replacing/same-doses.ts';
import type { Engine } from './engine.ts';

/**
 * What the schedule of a dose says about messages after the first one, for a snooze that is asked for now.
 * @throws ProblemError `state_conflict` when nothing about the dose would be told any more: a snooze must not be promised
 */
export async function snoozeTerms(
  deps: Pick<Engine, 'records'>,
  owner: Ref,
  medicationRef: Ref,
  dose: StoredRecord<'occurrence'>,
): Promise<FollowTerms> {
  const keys: RecordKey<'schedule' | 'medication'>[] = [
    { type: 'schedule', owner, id: medicationRef },
    { type: 'medication', owner, id: medicationRef },
  ];
  const [first, second] = await deps.records.readMany(keys);
  const [schedule, medication] = [recordOf('schedule', first), recordOf('medication', second)];
  if (medication?.state.status !== 'active')
    throw notTold(
      medication?.state.status === 'paused' ? 'The medication is paused' : 'The medication was stopped',
    );
  if (schedule?.state.status !== 'active') throw notTold('The schedule has ended');
  if (!asksForTheSame(schedule, { id: dose.id, revision: dose.state.scheduleRevision }))
    throw notTold('The schedule was replaced by another one');
  return schedule.body;
}

function notTold(why: string): ProblemError {
  const detail = `${why}: the dose would not be told again. Possible: taken, skipped.`;
  return new ProblemError('state_conflict', detail, {
    problems: [{ pointer: '/status', code: 'not_possible_now', detail }],
  });
}
