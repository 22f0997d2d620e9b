import { type DeliveryDecision, decideDelivery, isLate } from '../../clinical/index.ts';
import type { Done, JobView, RecordShapes, StoredRecord, World } from '../ports.ts';
import { dosesBefore } from './doses-before.ts';
import { messageAt, messageName } from './message.ts';
import { mayHaveBeenTold } from './not-sent.ts';
import { notTold } from './not-told.ts';
import { marked, moved } from './occurrence-write.ts';
import type { ReminderDelivery } from './schema.ts';
import { factsAt, purposeOf, readStored, reliedOn, type Stored, untilItsEnd } from './stored.ts';
import { told } from './told.ts';

type State = RecordShapes['occurrence']['state'];

/**
 * Tells one dose, or one more message about it. What may have changed since it was ordered is read again, and the intent
 * is recorded only while all of it stands as it was read: what is stopped, paused, replaced or answered by then is not
 * told. The intent stands before anything leaves, so that a later attempt that finds it knows that the message may have
 * been told, and flags its own as a possible duplicate. The time is looked at once more immediately before the message
 * leaves.
 */
export async function process(job: JobView<ReminderDelivery>, world: World): Promise<Done> {
  const stored = await readStored(world, job.payload);
  const payload = untilItsEnd(job.payload, stored);
  const { occurrence, owner } = stored;
  // Of a dose several jobs may tell the same message, such as two escalations: the mark says which one it was.
  const attempt = `${job.jobId}.${job.generation}.${job.attempt}`;
  if (occurrence && leftAlready(occurrence.state, payload, attempt)) {
    const now = world.now();
    const flags = { late: isLate(now, payload.tell_at ?? payload.due_at), possibleDuplicate: false };
    return told(payload, { ...stored, occurrence }, now, flags);
  }
  const before = await dosesBefore(world, payload, stored);
  const decision = decideDelivery(factsAt(world.now(), payload, stored, before.near));
  if (decision.action !== 'send' || !occurrence) return notTold(payload, stored, decision);

  const begun: State =
    purposeOf(payload) === 'dose'
      ? { ...occurrence.state, status: 'sending', reason: null }
      : occurrence.state;
  const intent = marked(begun, messageName(payload), attempt);
  const unchanged = [...reliedOn(world, payload, stored), ...before.versions];
  await world.recordIntentWhile([moved(occurrence, owner, intent)], unchanged);
  const version = occurrence.version + 1;
  const now = world.now();
  // Recording the intent takes time: the window is checked again immediately before the message leaves.
  const last = decideDelivery(factsAt(now, payload, stored));
  if (last.action !== 'send') return withdrawn(payload, stored, { ...occurrence, version }, last);
  const flags = { late: last.late, possibleDuplicate: maybeSecond(occurrence.state, payload) };
  await world.publisher.publishReminder(messageAt(now, payload, stored, occurrence.body, flags));
  return told(payload, { ...stored, occurrence: { ...occurrence, version, state: intent } }, now, flags);
}

/** How a job ends whose time ran out after its intent was recorded: nothing has left, so its mark goes as well. */
function withdrawn(
  payload: ReminderDelivery,
  stored: Stored,
  occurrence: StoredRecord<'occurrence'>,
  decision: DeliveryDecision,
): Done {
  const done = notTold(payload, { ...stored, occurrence }, decision);
  if (done.end === 'waiting' || done.writes) return done;
  return { ...done, writes: [moved(occurrence, stored.owner, occurrence.state)] };
}

/**
 * Whether the message has left for certain, although its job has not ended: an earlier round of this attempt has told it,
 * and an answer or a report came before the commit; or a channel reports it of an attempt that died.
 */
function leftAlready({ telling, status }: State, payload: ReminderDelivery, attempt: string): boolean {
  const mark = telling?.[messageName(payload)];
  return (
    mark !== undefined && (mark === attempt || (purposeOf(payload) === 'dose' && status === 'delivered'))
  );
}

/** Whether an earlier attempt may have told the message. */
const maybeSecond = (state: State, payload: ReminderDelivery): boolean =>
  purposeOf(payload) === 'dose'
    ? mayHaveBeenTold(state)
    : state.telling?.[messageName(payload)] !== undefined;
