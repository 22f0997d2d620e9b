import {
  type DeliveryOrder,
  escalationOf,
  type FollowTerms,
  messagesAfterSnooze,
  windowEnd,
} from '../clinical/index.ts';
import type { StoredRecord } from '../jobs/ports.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { Engine } from './engine.ts';
import { orderJob } from './order-job.ts';
import type { NewJob } from './ports.ts';
import { queuedMessage, type SendDeps, sendJobs } from './send-job.ts';

/** What operations need that make a message about a dose follow. */
export type FollowDeps = Pick<Engine, 'kinds' | 'random'> & SendDeps;

export interface DoseChange {
  readonly owner: string;
  readonly before: StoredRecord<'occurrence'>;
  readonly after: Pick<StoredRecord<'occurrence'>, 'state'>;
  readonly now: Instant;
  readonly correlationId: string;
  /** Of a snooze: what the schedule says about messages after the first one. */
  readonly terms?: FollowTerms;
}

/**
 * The jobs that a change of a dose by a request makes: a snooze is told once more at its end, and of a message that did not
 * arrive a caregiver is told at once. They belong into the transaction of the change; `sendJobs` follows it.
 */
export function followDose(deps: FollowDeps, change: DoseChange): readonly NewJob[] {
  const { before, after, now, owner, correlationId } = change;
  // Each version of the record is changed once, so that a second snooze is another job.
  const make = (what: string, order: DeliveryOrder) => [
    orderJob(deps, {
      order,
      owner,
      now,
      key: `${what}#${before.id}#${before.version}`,
      part: 'users-api',
      correlationId,
    }),
  ];
  const { status, snoozedUntil } = after.state;
  if (status === 'snoozed' && snoozedUntil !== undefined && snoozedUntil !== before.state.snoozedUntil) {
    const snooze = { until: snoozedUntil, askedAt: after.state.acknowledgement?.recordedAt ?? now };
    return messagesAfterSnooze(orderOf(before), change.terms ?? {}, snooze).flatMap(({ order }) =>
      make(order.purpose === 'escalation' ? 'snooze-escalation' : 'snooze', order),
    );
  }
  const failed = status === 'undelivered' && before.state.status !== 'undelivered';
  if (failed && now < windowEnd(before.state))
    return make('escalation', escalationOf(orderOf(before), now, 'undelivered').order);
  return [];
}

const orderOf = ({ id, state, body }: StoredRecord<'occurrence'>): DeliveryOrder => ({
  user_id: body.userId,
  medication_id: body.medicationId,
  occurrence_id: id,
  schedule_revision: state.scheduleRevision,
  due_at: state.dueAt,
  expires_at: windowEnd(state),
});

/** Sends what the transaction has made. What is due much later waits for the tick. */
export const sendFollowers = (deps: SendDeps, jobs: readonly NewJob[], now: Instant): Promise<void> =>
  sendJobs(
    deps,
    jobs.filter(({ row }) => row.status === 'queued').map(({ row }) => queuedMessage(row, now)),
  );
