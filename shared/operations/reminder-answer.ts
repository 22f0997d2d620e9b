import {
  type ReminderEvent,
  reminderAllows,
  reminderStatusAt,
  type Schedule,
  spacingHours,
  windowEnd,
} from '../clinical/index.ts';
import { type Problem, ProblemError } from '../errors/problem-error.ts';
import type { Acknowledgement, RecordShapes } from '../jobs/ports.ts';
import { addSeconds, type Instant } from '../lifecycle/instant.ts';
import type { AcknowledgementBody } from './bodies/acknowledgement.ts';
import { bodyInstant, pastInstant } from './body-instant.ts';

type Occurrence = RecordShapes['occurrence'];
type Outcome = AcknowledgementBody['status'];

/** What a person says about one dose, read from a body that has passed its schema. */
export interface Answer {
  readonly outcome: Outcome;
  /** Absent: now. */
  readonly at?: Instant;
  readonly reasonCode?: string;
  readonly reasonText?: string;
  readonly snoozeUntil?: Instant;
  readonly correction: boolean;
}

/** As long before its time as a dose can be told after it where its schedule has no interval. */
const LONGEST_BEFORE_DUE_SECONDS = 12 * 3600;

/**
 * The earliest time that an answer to a dose may name: half the interval before it was due. What was taken before that is
 * the dose before, or a slip of the pen, and a dose that was told must not count as long past by it.
 */
export function earliestAnswer(
  { dueAt }: { readonly dueAt: Instant },
  schedule: Schedule | undefined,
): Instant {
  const seconds = (schedule ? spacingHours(schedule) : 0) * 3600;
  return addSeconds(dueAt, -(seconds > 0 ? seconds : LONGEST_BEFORE_DUE_SECONDS));
}

/** @throws ProblemError `invalid_input` when members contradict each other, or a time lies in the future */
export function readAnswer(body: AcknowledgementBody, now: Instant): Answer {
  const problems: Problem[] = [];
  const { status: outcome, reason, correction = false } = body;
  const at = pastInstant(body.at, '/at', now, problems);
  const snoozeUntil = bodyInstant(body.snooze_until, '/snooze_until', problems);
  const only = (pointer: string, given: boolean, wanted: boolean, status: Outcome) => {
    if (wanted && !given) problems.push({ pointer, code: 'required', detail: `${status} needs it.` });
    if (given && !wanted) problems.push({ pointer, code: 'not_allowed', detail: `Only ${status} has it.` });
  };
  only('/reason', reason !== undefined, outcome === 'skipped', 'skipped');
  only('/snooze_until', body.snooze_until !== undefined, outcome === 'snoozed', 'snoozed');
  if (correction && (outcome === 'snoozed' || outcome === 'confirmed'))
    problems.push({
      pointer: '/correction',
      code: 'not_allowed',
      detail: 'An answer is corrected to taken or skipped.',
    });
  if (snoozeUntil !== undefined && snoozeUntil <= now)
    problems.push({
      pointer: '/snooze_until',
      code: 'not_in_future',
      detail: 'Give a time later than now.',
    });
  refuse(problems);
  return {
    outcome,
    correction,
    ...(at !== undefined && { at }),
    ...(reason && { reasonCode: reason.code, ...(reason.text !== undefined && { reasonText: reason.text }) }),
    ...(snoozeUntil !== undefined && { snoozeUntil }),
  };
}

const EVENTS = {
  taken: 'take',
  skipped: 'skip',
  snoozed: 'snooze',
  confirmed: 'confirm',
} as const satisfies Record<Outcome, ReminderEvent>;

/** Why a dose was left out, in a code. */
export const skipReason = ({ state, body }: Occurrence): string | undefined =>
  body.reasonCode ?? state.acknowledgement?.reasonCode;

/** The states that an answer leads to, where they are not called like it. */
const stateAfter = (outcome: Outcome) => (outcome === 'confirmed' ? 'scheduled' : outcome);

/**
 * What the answer makes of the occurrence; `undefined` when it says what stands already.
 *
 * - `taken` is final, and so is `skipped` but for being taken after all. The person who gave an answer may correct it,
 *   and must say that it is a correction: without that word a second device, or a second person, cannot turn a dose that
 *   was taken into one that looks open.
 * - A snooze ends before the window does. A dose that is held can be confirmed until then, and is told as if it had never
 *   been held.
 * @throws ProblemError `state_conflict` with what is possible, `invalid_input` when a time does not fit the slot
 */
export function answered(
  { state, body }: Occurrence,
  answer: Answer,
  by: Acknowledgement['by'],
  now: Instant,
  earliest = earliestAnswer(state, undefined),
): Occurrence | undefined {
  if (repeats({ state, body }, answer)) return undefined;
  const possible = possibleAnswers(state, now);
  const corrects = answer.correction && mayCorrect(state, by);
  if (!corrects && !possible.includes(answer.outcome)) throw notPossible(state, possible, by, now);
  refuse(slotProblems(state, answer, earliest));
  const { snoozedUntil: _over, ...rest } = state;
  const { reasonCode: _code, reasonText: _text, ...words } = body;
  return {
    state: {
      ...rest,
      status: stateAfter(answer.outcome),
      ...(answer.outcome === 'confirmed' && { reason: null }),
      acknowledgement: {
        outcome: answer.outcome,
        at: answer.at ?? now,
        recordedAt: now,
        by,
      },
      ...(answer.snoozeUntil !== undefined && { snoozedUntil: answer.snoozeUntil }),
    },
    body: {
      ...words,
      ...(answer.reasonCode !== undefined && { reasonCode: answer.reasonCode }),
      ...(answer.reasonText !== undefined && { reasonText: answer.reasonText }),
    },
  };
}

/** The same answer once more: what it leaves out is not another word. */
const repeats = ({ state, body }: Occurrence, answer: Answer): boolean => {
  const before = state.acknowledgement;
  return (
    before?.outcome === answer.outcome &&
    // A dose that was confirmed goes its way from then on: the word stands until a person says something else.
    (answer.outcome === 'confirmed' || state.status === answer.outcome) &&
    (answer.at === undefined || answer.at === before.at) &&
    answer.reasonCode === skipReason({ state, body }) &&
    answer.reasonText === body.reasonText &&
    answer.snoozeUntil === state.snoozedUntil
  );
};

function possibleAnswers(state: Occurrence['state'], now: Instant): Outcome[] {
  const outcomes: readonly Outcome[] = ['taken', 'skipped', 'snoozed', 'confirmed'];
  const inWindow = now < windowEnd(state);
  return outcomes.filter(
    (outcome) =>
      reminderAllows(EVENTS[outcome], state.status) &&
      (inWindow || outcome === 'taken' || outcome === 'skipped'),
  );
}

const mayCorrect = (state: Occurrence['state'], by: Acknowledgement['by']): boolean =>
  (state.status === 'taken' || state.status === 'skipped') && state.acknowledgement?.by.ref === by.ref;

function notPossible(
  state: Occurrence['state'],
  possible: readonly Outcome[],
  by: Acknowledgement['by'],
  now: Instant,
): ProblemError {
  const next = possible.length > 0 ? `Possible: ${possible.join(', ')}.` : 'No further answer is possible.';
  const correct = mayCorrect(state, by)
    ? ' You gave this answer: with "correction": true you may change it to taken or skipped.'
    : '';
  const detail = `The reminder is ${reminderStatusAt(state, now)}. ${next}${correct}`;
  return new ProblemError('state_conflict', detail, {
    problems: [{ pointer: '/status', code: 'not_possible_now', detail }],
  });
}

function slotProblems(state: Occurrence['state'], { at, snoozeUntil }: Answer, earliest: Instant): Problem[] {
  const problems: Problem[] = [];
  if (at !== undefined && at < earliest)
    problems.push({
      pointer: '/at',
      code: 'not_of_this_slot',
      detail: `The dose was due at ${state.dueAt}: give a time from ${earliest} on, or answer the dose that was taken then.`,
    });
  if (snoozeUntil !== undefined && snoozeUntil >= windowEnd(state))
    problems.push({
      pointer: '/snooze_until',
      code: 'after_window',
      detail: `Give a time before ${windowEnd(state)}, when the window of this dose ends.`,
    });
  return problems;
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0)
    throw new ProblemError('invalid_input', 'The request does not fit its documented form; see problems.', {
      problems,
    });
}
