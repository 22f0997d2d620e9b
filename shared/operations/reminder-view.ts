import { reminderStatusAt, windowEnd } from '../clinical/index.ts';
import type { DeliveryReport, JsonObject, StoredRecord } from '../jobs/ports.ts';
import type { Instant } from '../lifecycle/instant.ts';
import { skipReason } from './reminder-answer.ts';

/** One reminder as the API shows it. `missed` follows from the time; nothing else is made up. */
export function reminderView(record: StoredRecord<'occurrence'>, now: Instant): JsonObject {
  const { id, state, body } = record;
  const status = reminderStatusAt(state, now);
  const { acknowledgement } = state;
  const reasonCode = acknowledgement && skipReason(record);
  const delivery = lastReport(record);
  return {
    reminder_id: id,
    medication_id: body.medicationId,
    status,
    due_at: state.dueAt,
    expires_at: windowEnd(state),
    local_time: body.localTime,
    time_zone: body.timeZone,
    slots: body.slots,
    ...(state.reason !== null && { reason: state.reason }),
    ...(acknowledgement && {
      acknowledgement: {
        status: acknowledgement.outcome,
        at: acknowledgement.at,
        recorded_at: acknowledgement.recordedAt,
        by_role: acknowledgement.by.role,
        ...(reasonCode !== undefined && {
          reason: {
            code: reasonCode,
            ...(body.reasonText !== undefined && { text: body.reasonText }),
          },
        }),
      },
    }),
    ...(state.snoozedUntil !== undefined && { snoozed_until: state.snoozedUntil }),
    ...(delivery && {
      delivery: {
        status: delivery.status,
        channel: delivery.channel,
        at: delivery.at,
        ...(delivery.reasonCode !== undefined && { reason_code: delivery.reasonCode }),
      },
    }),
  };
}

/** What a channel said last, from where it stands now or stood in older records. */
export const lastReport = ({
  state,
  body,
}: Pick<StoredRecord<'occurrence'>, 'state' | 'body'>): DeliveryReport | undefined =>
  body.delivery ?? state.delivery;
