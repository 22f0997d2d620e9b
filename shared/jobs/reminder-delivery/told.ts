import { nextMessages } from '../../clinical/index.ts';
import type { Instant } from '../../lifecycle/instant.ts';
import type { ChildJob, Done, RecordShapes, StoredRecord, WorkCounts } from '../ports.ts';
import { messageName } from './message.ts';
import { moved, settled } from './occurrence-write.ts';
import type { ReminderDelivery } from './schema.ts';
import { purposeOf, quietOf, type Stored } from './stored.ts';

type State = RecordShapes['occurrence']['state'];

export interface Flags {
  readonly late: boolean;
  readonly possibleDuplicate: boolean;
}

/** How a job ends whose message has left at `now`: what became of the dose, and the messages that are to follow. */
export function told(
  payload: ReminderDelivery,
  stored: Stored & { readonly occurrence: StoredRecord<'occurrence'> },
  now: Instant,
  { late, possibleDuplicate }: Flags,
): Done {
  const { occurrence, owner } = stored;
  const purpose = purposeOf(payload);
  const state = stateAfter(occurrence.state, payload, now, late);
  return {
    end: 'succeeded',
    summary: `${SAID[purpose]}${late ? ', late' : ''}${possibleDuplicate ? ', possible duplicate' : ''}`,
    writes: [moved(occurrence, owner, state)],
    children: isOpen(state) ? followers(payload, stored, now) : [],
    counts: {
      ...COUNTED[purpose],
      ...(purpose === 'dose' &&
        (late ? { reminders_on_time: 0, reminders_late: 1 } : { reminders_on_time: 1 })),
      ...(possibleDuplicate && { reminders_possible_duplicate: 1 }),
    },
    result: {
      occurrence_id: payload.occurrence_id,
      purpose,
      due_at: payload.due_at,
      published_at: now,
      late,
      possible_duplicate: possibleDuplicate,
    },
  };
}

const SAID = {
  dose: 'published',
  follow_up: 'follow-up published',
  escalation: 'escalation published',
  needs_confirmation: 'question published',
} as const;

const COUNTED = {
  dose: { reminders_published: 1 },
  follow_up: { follow_ups_published: 1 },
  escalation: { escalations_published: 1 },
  needs_confirmation: {},
} as const satisfies Record<string, WorkCounts>;

/** An answer or a report that came in the same moment stays the last word. */
function stateAfter(before: State, payload: ReminderDelivery, now: Instant, late: boolean): State {
  const purpose = purposeOf(payload);
  const first = purpose === 'dose' && before.told === undefined ? { told: { at: now, late } } : {};
  const state = { ...settled(before, messageName(payload)), ...first };
  if (purpose === 'escalation') return { ...state, escalatedAt: now };
  if (purpose === 'needs_confirmation') return { ...state, askedAt: now };
  if (purpose === 'dose') return state.status === 'sending' ? { ...state, status: 'published' } : state;
  if (state.status !== 'snoozed' || state.snoozedUntil !== payload.tell_at) return state;
  const { snoozedUntil: _over, ...rest } = state;
  return { ...rest, status: 'published' };
}

const isOpen = ({ status }: State): boolean =>
  status === 'published' || status === 'delivered' || status === 'undelivered';

function followers(payload: ReminderDelivery, stored: Stored, now: Instant): readonly ChildJob[] {
  const terms = stored.schedule?.body ?? {};
  return nextMessages(payload, terms, now, { quiet: quietOf(stored) }).map(({ order, tell_at }) => ({
    key: order.purpose ?? 'dose',
    kind: 'reminder-delivery',
    payload: order,
    dueAt: tell_at,
    expiresAt: order.expires_at,
  }));
}
