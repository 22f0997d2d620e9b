import type { EscalationCause } from './delivery-decision.ts';
import { type DeliveryOrder, type DoseOwner, type DueOccurrence, deliveryOf } from './due-occurrence.ts';
import { type QuietHours, quietUntil } from './quiet-hours.ts';

/** What a schedule says about messages after the first one. */
export interface FollowTerms {
  readonly followUp?: { readonly count: number; readonly everyMinutes: number };
  readonly escalateAfterMinutes?: number;
}

/** A message about a dose that is to follow, as the payload of its job. */
export interface FollowMessage {
  readonly tell_at: string;
  readonly order: DeliveryOrder;
}

/** Whose quiet hours they are, and where. */
export interface Quiet {
  readonly hours: QuietHours;
  readonly timeZone: string;
}

/**
 * The messages that follow one that was told at `now`: the next follow-up, moved out of the quiet hours, and after the dose
 * itself the escalation. What could only be told at the end of the window or later is left out. Whether a
 * caregiver may be told is asked when the escalation is due: a consent may begin, or end, before.
 */
export function nextMessages(
  told: DeliveryOrder,
  terms: FollowTerms,
  now: string,
  { quiet }: { readonly quiet?: Quiet | undefined } = {},
): readonly FollowMessage[] {
  if (told.purpose === 'escalation' || told.purpose === 'needs_confirmation') return [];
  // The person who asked for it has planned what follows with it.
  if (told.purpose === 'follow_up' && told.number === undefined) return [];
  const next = (told.number ?? 0) + 1;
  const messages: FollowMessage[] = [];
  if (terms.followUp && next <= terms.followUp.count) {
    const planned = plusMinutes(now, terms.followUp.everyMinutes);
    const at = (quiet && quietUntil(planned, quiet.hours, quiet.timeZone)) ?? planned;
    messages.push(followUpOf(told, at, next));
  }
  if (told.number === undefined && terms.escalateAfterMinutes !== undefined) {
    messages.push(escalationOf(told, plusMinutes(now, terms.escalateAfterMinutes), 'unanswered'));
  }
  return messages.filter(({ tell_at }) => tell_at < told.expires_at);
}

/** In these the last message of a window has its attempts: they are a minute apart. */
const MARGIN_MINUTES = 5;

/**
 * The messages that a snooze plans: the dose once more at its end, and the escalation after that, which does not depend on
 * whether that message could leave. Where the window ends before, it comes minutes before that end, and no sooner than half-way
 * to it: after the end nobody could be told.
 */
export function messagesAfterSnooze(
  dose: DeliveryOrder,
  terms: FollowTerms,
  snooze: { readonly until: string; readonly askedAt: string },
): readonly FollowMessage[] {
  const again = followUpOf(dose, snooze.until);
  if (terms.escalateAfterMinutes === undefined) return [again];
  const restMinutes = (Date.parse(dose.expires_at) - Date.parse(snooze.until)) / 60_000;
  const wanted = terms.escalateAfterMinutes;
  const latest = Math.max(restMinutes / 2, restMinutes - MARGIN_MINUTES);
  const minutes = Math.min(wanted, latest);
  const { order, tell_at } = escalationOf(dose, plusMinutes(snooze.until, minutes), 'unanswered');
  return [again, { tell_at, order: { ...order, put_off_at: snooze.askedAt } }];
}

/**
 * Minutes after the due time when it is looked whether a critical dose was told, or half of what is left of its window if
 * that is sooner. By then the delivery has had its last attempt: five retries, a minute apart.
 */
const WATCH_AFTER_MINUTES = 6;

/**
 * The watch over a critical dose, made together with its delivery: if the dose has not been told by then, a caregiver is.
 * It depends on nothing that the delivery does, so it also works when the delivery dies without a word.
 */
function watchOf(delivery: DeliveryOrder, now: string): FollowMessage {
  const from = Math.max(Date.parse(delivery.due_at), Date.parse(now));
  const rest = (Date.parse(delivery.expires_at) - from) / 2;
  const at = new Date(from + Math.floor(Math.min(WATCH_AFTER_MINUTES * 60_000, rest))).toISOString();
  return escalationOf(delivery, at, 'not_sent');
}

/**
 * The jobs that are made with an occurrence: its delivery, and of a critical dose the watch over it. `key` is the same
 * whoever makes them.
 */
export function deliveriesOf(
  due: Pick<DueOccurrence, 'id' | 'dueAt' | 'expiresAt'>,
  owner: DoseOwner,
  { critical, now }: { readonly critical: boolean; readonly now: string },
): readonly ReturnType<typeof deliveryOf>[] {
  const delivery = deliveryOf(due, owner);
  if (!critical) return [delivery];
  const { order, tell_at } = watchOf(delivery.payload, now);
  return [
    delivery,
    {
      key: `watch#${due.id}#${owner.scheduleRevision}`,
      dueAt: tell_at,
      expiresAt: due.expiresAt,
      payload: order,
    },
  ];
}

/** A follow-up; without a number it is the one that a person asked for by a snooze. */
const followUpOf = (dose: DeliveryOrder, tell_at: string, number?: number): FollowMessage => ({
  tell_at,
  order: { ...doseOf(dose), purpose: 'follow_up', tell_at, ...(number !== undefined && { number }) },
});

export const escalationOf = (
  dose: DeliveryOrder,
  tell_at: string,
  cause: EscalationCause,
): FollowMessage => ({
  tell_at,
  order: { ...doseOf(dose), purpose: 'escalation', tell_at, cause },
});

/** The question whether a dose that is held is to be told. */
export const confirmationOf = (dose: DeliveryOrder, tell_at: string): FollowMessage => ({
  tell_at,
  order: { ...doseOf(dose), purpose: 'needs_confirmation', tell_at },
});

const doseOf = ({
  user_id,
  medication_id,
  occurrence_id,
  schedule_revision,
  due_at,
  expires_at,
}: DeliveryOrder): DeliveryOrder => ({
  user_id,
  medication_id,
  occurrence_id,
  schedule_revision,
  due_at,
  expires_at,
});

const plusMinutes = (instant: string, minutes: number): string =>
  new Date(Date.parse(instant) + minutes * 60_000).toISOString();
