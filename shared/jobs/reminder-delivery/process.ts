import { decideDelivery, isLate } from '../../clinical/index.ts';
import type { Done, JobView, RecordShapes, World } from '../ports.ts';
import { messageAt, messageName } from './message.ts';
import { mayHaveBeenTold } from './not-sent.ts';
import { notTold } from './not-told.ts';
import { moved } from './occurrence-write.ts';
import type { ReminderDelivery } from './schema.ts';
import { factsAt, purposeOf, readStored, reliedOn } from './stored.ts';
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
  const { payload } = job;
  const stored = await readStored(world, payload);
  const { occurrence, owner } = stored;
  const attempt = `${job.generation}.${job.attempt}`;
  if (occurrence && leftAlready(occurrence.state, payload, attempt)) {
    const now = world.now();
    const flags = { late: isLate(now, payload.tell_at ?? payload.due_at), possibleDuplicate: false };
    return told(payload, { ...stored, occurrence }, now, flags);
  }
  const decision = decideDelivery(factsAt(world.now(), payload, stored));
  if (decision.action !== 'send' || !occurrence) return notTold(payload, stored, decision);

  const intent: State = {
    ...occurrence.state,
    ...(purposeOf(payload) === 'dose' && { status: 'sending', reason: null }),
    telling: { message: messageName(payload), attempt },
  };
  await world.recordIntentWhile([moved(occurrence, owner, intent)], reliedOn(world, payload, stored));
  const version = occurrence.version + 1;
  const now = world.now();
  // Recording the intent takes time: the window is checked again immediately before the message leaves.
  const last = decideDelivery(factsAt(now, payload, stored));
  if (last.action !== 'send')
    return notTold(payload, { ...stored, occurrence: { ...occurrence, version } }, last);
  const flags = { late: last.late, possibleDuplicate: maybeSecond(occurrence.state, payload) };
  await world.publisher.publishReminder(messageAt(now, payload, stored, occurrence.body, flags));
  return told(payload, { ...stored, occurrence: { ...occurrence, version, state: intent } }, now, flags);
}

/**
 * Whether the message has left for certain, although its job has not ended: an earlier round of this attempt has told it,
 * and an answer or a report came before the commit; or a channel reports it of an attempt that died.
 */
const leftAlready = ({ telling, status }: State, payload: ReminderDelivery, attempt: string): boolean =>
  telling?.message === messageName(payload) &&
  (telling.attempt === attempt || (purposeOf(payload) === 'dose' && status === 'delivered'));

/** Whether an earlier attempt may have told the message. */
const maybeSecond = (state: State, payload: ReminderDelivery): boolean =>
  purposeOf(payload) === 'dose' ? mayHaveBeenTold(state) : state.telling?.message === messageName(payload);
