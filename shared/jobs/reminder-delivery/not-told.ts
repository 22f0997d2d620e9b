import { confirmationOf, type DeliveryDecision, HELD_REASON } from '../../clinical/index.ts';
import { RetryableError } from '../../errors/attempt-error.ts';
import type { Instant } from '../../lifecycle/instant.ts';
import type { Done, StoredRecord } from '../ports.ts';
import { messageName } from './message.ts';
import { COUNTED_NOT_SENT, failedBefore, notSent } from './not-sent.ts';
import { moved, settled } from './occurrence-write.ts';
import type { ReminderDelivery } from './schema.ts';
import type { Stored } from './stored.ts';

/**
 * How a job ends whose message does not leave now. Only a dose is closed by it: what follows a dose was told, or is told by
 * others. A message that runs into quiet hours is made anew for their end.
 * @throws RetryableError when its time has not come
 */
export function notTold(payload: ReminderDelivery, stored: Stored, decision: DeliveryDecision): Done {
  switch (decision.action) {
    case 'close':
      return stored.occurrence
        ? closed(payload, stored.occurrence, stored, decision.reason)
        : { end: 'superseded', reason: decision.reason };
    case 'hold':
      return stored.occurrence
        ? held(payload, stored.occurrence, stored, decision.ask_at)
        : { end: 'superseded', reason: 'occurrence_replaced' };
    case 'defer':
      return deferred(payload, decision.until);
    case 'nothing':
      return {
        end: decision.reason === 'too_late' ? 'expired' : 'superseded',
        reason: decision.reason,
        counts: decision.reason === 'no_caregiver' ? { escalations_without_caregiver: 1 } : {},
      };
    case 'wait':
    case 'send':
      throw new RetryableError('unexpected', 'The delivery came before its due time.');
  }
}

type CloseReason = Extract<DeliveryDecision, { action: 'close' }>['reason'];

function closed(
  payload: ReminderDelivery,
  occurrence: StoredRecord<'occurrence'>,
  { owner }: Stored,
  reason: CloseReason,
): Done {
  const writes = [moved(occurrence, owner, settled(notSent(occurrence.state, reason), messageName(payload)))];
  if (reason !== 'too_late') return { end: 'superseded', reason, writes };
  // One that was counted when its delivery failed is still the same dose.
  const counts = failedBefore(occurrence.state) ? {} : COUNTED_NOT_SENT;
  return { end: 'expired', reason, writes, counts };
}

/** A person is asked, as of a dose that was found too close at the change itself. */
function held(
  payload: ReminderDelivery,
  occurrence: StoredRecord<'occurrence'>,
  { owner }: Stored,
  askAt: Instant,
): Done {
  const { order, tell_at } = confirmationOf(payload, askAt);
  const state = { ...occurrence.state, status: 'needs_confirmation' as const, reason: HELD_REASON };
  return {
    end: 'succeeded',
    summary: 'held until a person confirms it',
    result: { occurrence_id: payload.occurrence_id, due_at: payload.due_at, held: HELD_REASON },
    writes: [moved(occurrence, owner, settled(state, messageName(payload)))],
    children: [
      {
        key: 'confirm',
        kind: 'reminder-delivery',
        payload: order,
        dueAt: tell_at,
        expiresAt: payload.expires_at,
      },
    ],
  };
}

const deferred = (payload: ReminderDelivery, until: string): Done => ({
  end: 'succeeded',
  summary: 'deferred by quiet hours',
  result: { occurrence_id: payload.occurrence_id, due_at: payload.due_at, deferred_until: until },
  children: [
    {
      key: 'deferred',
      kind: 'reminder-delivery',
      payload: { ...payload, tell_at: until },
      dueAt: until,
      expiresAt: payload.expires_at,
    },
  ],
});
