import { ProblemError } from '../errors/problem-error.ts';
import type { Caller } from '../evidence/caller.ts';
import type { JsonObject } from '../jobs/ports.ts';
import { aboutPatient } from './about-patient.ts';
import type { AcknowledgementBody } from './bodies/acknowledgement.ts';
import { confirmDose } from './confirm-dose.ts';
import type { Engine } from './engine.ts';
import { findDose } from './find-dose.ts';
import type { RequestContext } from './find-job.ts';
import { type FollowDeps, followDose, sendFollowers } from './follow-dose.ts';
import { recordRead } from './record-read.ts';
import { answered, earliestAnswer, readAnswer } from './reminder-answer.ts';
import { reminderView } from './reminder-view.ts';
import { snoozeTerms } from './snooze-terms.ts';

const TRIES = 3;

/** One reminder of one user, as the path names it. */
export interface ReminderTarget {
  readonly userId: string;
  readonly reminderId: string;
}

/**
 * Records what a person says about one dose, with its audit entry in the same transaction; why a dose was left out is
 * health information, and no business of the trail. A worker that is about to tell
 * the dose finds the record moved and reads it again, so a dose that is recorded as taken is not told any more; and so does
 * a tick that is about to make it. The same answer once more changes nothing, is answered alike and recorded as a read. A snooze makes the job
 * that tells the dose once more, and a confirmation of a dose that was held the one that tells it.
 * @throws ProblemError `forbidden`, `invalid_input`, `reminder_not_found`, `state_conflict`, `read_not_recorded`
 */
export async function acknowledgeReminder(
  deps: Pick<Engine, 'schedules' | 'records' | 'refs' | 'audit'> & FollowDeps,
  caller: Caller,
  target: ReminderTarget,
  body: AcknowledgementBody,
  request: RequestContext,
): Promise<JsonObject> {
  const { owner, actor, role, entry } = await aboutPatient(
    deps,
    'acknowledgeReminder',
    caller,
    target.userId,
    request,
  );
  const now = request.receivedAt;
  const answer = readAnswer(body, now);
  const key = { type: 'occurrence', owner, id: target.reminderId } as const;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const found = await findDose(deps, owner, key.id, now);
    if (!found) throw reminderNotFound();
    const { record: stored, expect, unchanged } = found;
    const medicationRef = deps.refs.medication(target.userId, stored.body.medicationId);
    // Only an answer that names a time before the dose was due costs this read.
    const isEarly = answer.at !== undefined && answer.at < stored.state.dueAt;
    const schedule = isEarly
      ? await deps.schedules.read({ type: 'schedule', owner, id: medicationRef })
      : undefined;
    const by = { ref: actor.ref, role };
    const next = answered(stored, answer, by, now, earliestAnswer(stored.state, schedule?.body));
    if (!next) {
      await recordRead(deps, entry('reminders.read', { reminder_id: stored.id, repeated: true }));
      return reminderView(stored, now);
    }
    const terms =
      answer.outcome === 'snoozed' ? { terms: await snoozeTerms(deps, owner, medicationRef, stored) } : {};
    const evidence = entry(`reminder.${answer.outcome}`, {
      reminder_id: stored.id,
      from: stored.state.status,
      at: next.state.acknowledgement?.at ?? now,
      correction: answer.correction,
    });
    const write = { ...key, expect, ...next, replaces: stored.state };
    const { correlationId } = request;
    const { jobs, writes } =
      answer.outcome === 'confirmed'
        ? await confirmDose(deps, owner, medicationRef, stored, { now, correlationId })
        : {
            jobs: followDose(deps, { owner, before: stored, after: next, now, correlationId, ...terms }),
            writes: [],
          };
    const all = [write, ...writes];
    if ((await deps.schedules.commit(all, jobs, [evidence], unchanged)) !== 'committed') continue;
    await sendFollowers(deps, jobs, now);
    return reminderView({ ...stored, ...next }, now);
  }
  throw new ProblemError('state_conflict', 'The reminder is changing right now; try again.');
}

export const reminderNotFound = (): ProblemError =>
  new ProblemError(
    'reminder_not_found',
    'That user has no reminder of that id. One that is ahead can be answered when it is the next of its medication and near.',
  );
