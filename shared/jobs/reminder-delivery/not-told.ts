import type { DeliveryDecision } from '../../clinical/index.ts';
import { RetryableError } from '../../errors/attempt-error.ts';
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
