import type { EscalationCause } from './delivery-decision.ts';
import { nameInMessage } from './name-in-message.ts';

/** What a message tells a person about one dose. */
export type TextPurpose = 'dose' | 'follow_up' | 'snooze' | 'escalation' | 'needs_confirmation';

export interface TextFacts {
  readonly purpose: TextPurpose;
  /** ISO 8601 with offset: the wall clock of the dose. */
  readonly localTime: string;
  /** IANA zone of that clock, when the person may read it by another one. */
  readonly namedZone?: string | undefined;
  readonly late: boolean;
  readonly possibleDuplicate: boolean;
  /** The schedule in words for people: "twice a day". */
  readonly frequencyText?: string | undefined;
  /** As a person wrote it, and only when the user allows that messages name it; see `nameInMessage`. */
  readonly medicationName?: string | undefined;
  /** Of an escalation. */
  readonly cause?: EscalationCause | undefined;
}

/** English for people. */
export interface ReminderText {
  readonly title: string;
  readonly body: string;
}

/**
 * What a person reads. The time is the local time of the dose, however late the message is; a clock that the person may not
 * have before them is named. It states facts and asks; it
 * never says how to deal with a dose that was late or left out, because that depends on the medication: it leads to a
 * pharmacist instead.
 */
export function reminderText(facts: TextFacts): ReminderText {
  const { title, body } = TEXTS[facts.purpose](facts);
  const again = 'You may have received this message before: it is about the same dose.';
  return { title, body: [...body, ...(facts.possibleDuplicate ? [again] : [])].join(' ') };
}

interface Draft {
  readonly title: string;
  /** Sentences. */
  readonly body: readonly string[];
}

const ASK =
  'If you have already taken it, please confirm that. If you are not sure whether to take it now, ask your pharmacist or doctor first.';

const TEXTS: Readonly<Record<TextPurpose, (facts: TextFacts) => Draft>> = {
  dose: (facts) =>
    facts.late
      ? {
          title: 'Late reminder about your medication',
          body: [`This reminder comes late. ${dose(facts)} was due at ${dayAndTime(facts)}.`, ASK],
        }
      : {
          title: 'Time for your medication',
          body: [`${dose(facts)} is due now, at ${clockTime(facts)}.`, ...planned(facts)],
        },
  follow_up: (facts) => ({
    title: 'Please confirm your medication',
    body: [`${dose(facts)}, due at ${dayAndTime(facts)}, has not been confirmed yet.`, ASK],
  }),
  snooze: (facts) => ({
    title: 'Time for your medication',
    body: [`You asked to be reminded again. ${dose(facts)} was due at ${dayAndTime(facts)}.`, ASK],
  }),
  escalation: ({ cause = 'unanswered', ...facts }) => ({
    title: 'Please check on the person you care for',
    body: [
      `${CAUSES[cause](`${doseOfThem(facts)}, due at ${dayAndTime(facts)},`)}`,
      'This does not say whether it was taken: please ask them.',
    ],
  }),
  needs_confirmation: (facts) => ({
    title: 'Please confirm your next dose',
    body: [
      `${dose(facts)}, planned for ${dayAndTime(facts)}, lies close to another one because your schedule or time zone has changed.`,
      'Please ask your pharmacist or doctor before you take it, and answer this reminder.',
    ],
  }),
};

const CAUSES: Readonly<Record<EscalationCause, (dose: string) => string>> = {
  unanswered: (dose) => `${dose} has not been confirmed.`,
  undelivered: (dose) => `${dose} was announced, but the message could not be delivered.`,
  not_sent: (dose) => `${dose} could not be announced in time because of a technical fault.`,
};

const dose = (facts: TextFacts): string => `Your dose${ofWhat(facts)}`;

const doseOfThem = (facts: Omit<TextFacts, 'cause'>): string => `A dose${ofWhat(facts)}`;

function ofWhat({ medicationName = '' }: Pick<TextFacts, 'medicationName'>): string {
  const name = nameInMessage(medicationName);
  return name === undefined ? '' : ` of ${name}`;
}

const planned = ({ frequencyText }: TextFacts): readonly string[] =>
  frequencyText === undefined ? [] : [`Your schedule: ${frequencyText}.`];

type Timed = Pick<TextFacts, 'localTime' | 'namedZone'>;

/** `20:00`, or `20:00 Dubai time`. */
const clockTime = ({ localTime, namedZone }: Timed): string => {
  const time = localTime.slice(11, 16);
  return namedZone === undefined ? time : `${time} ${zoneInWords(namedZone)}`;
};

/** Zones of the IANA database are named after a city: `America/New_York` is New York time. */
function zoneInWords(timeZone: string): string {
  const place = timeZone.split('/').at(-1) ?? timeZone;
  return place === 'UTC' ? place : `${place.replaceAll('_', ' ')} time`;
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];

/** `08:00 on Sunday, 8 March`: by then it may be another day. */
function dayAndTime(facts: Timed): string {
  // The local date as such, without its offset.
  const date = new Date(`${facts.localTime.slice(0, 10)}T00:00:00Z`);
  const weekday = WEEKDAYS[date.getUTCDay()] ?? '';
  return `${clockTime(facts)} on ${weekday}, ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()] ?? ''}`;
}
