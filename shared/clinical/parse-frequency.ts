import { everyPeriod, type Frequency, frequencyOfCode, timesPerDay, timesPerWeek } from './frequency.ts';
import {
  AMBIGUOUS_FREQUENCIES,
  FREQUENCY_ALIASES,
  NUMBER_WORDS,
  UNSUPPORTED_FREQUENCIES,
} from './frequency-vocabulary.ts';
import { parseWeekdays } from './weekdays.ts';

/** What a text says about how often doses are due, or why it cannot be used. */
export type ParsedFrequency =
  | (Frequency & {
      readonly ok: true;
      /** Given by the text itself (`mon,wed,fri`); ISO numbers, 1 is Monday. */
      readonly weekdays?: readonly number[];
      /** Given by the text itself (`21 on 7 off`). */
      readonly cycle?: { readonly daysOn: number; readonly daysOff: number };
      /** The code that the same words have when clock times come with them (`every 3 days` at 09:00). */
      readonly code_with_times?: string;
    })
  | {
      readonly ok: false;
      readonly problem: 'frequency_unknown' | 'frequency_ambiguous' | 'frequency_not_supported';
      readonly detail: string;
    };

/**
 * Reads a frequency in any case, plain or dotted (`q.d.`, `B.I.D`), by the vocabulary and the forms `every n hours`,
 * `q8h`, `n times a day`, `3x/week`, `mon,wed,fri`, `21 on 7 off`. Nothing is guessed: a word with two readings and
 * a word that is not known are refused, each with what to do.
 */
export function parseFrequency(text: string): ParsedFrequency {
  const words = plainWords(text);
  if (Object.hasOwn(AMBIGUOUS_FREQUENCIES, words)) {
    const readings = Object.entries(AMBIGUOUS_FREQUENCIES).find(([word]) => word === words)?.[1];
    return refused('frequency_ambiguous', `This can mean ${readings}: say which in words.`);
  }
  const unsupported = UNSUPPORTED_FREQUENCIES.find((entry) => entry.words.some((word) => word === words));
  if (unsupported) return refused('frequency_not_supported', `Not supported: ${unsupported.advice}.`);
  return fixed(words) ?? numbered(words) ?? listed(words) ?? cyclic(words) ?? UNKNOWN;
}

const refused = (
  problem: Extract<ParsedFrequency, { ok: false }>['problem'],
  detail: string,
): ParsedFrequency => ({ ok: false, problem, detail });

const UNKNOWN = refused(
  'frequency_unknown',
  'Not a known frequency. Use for example daily, BID, TID, QID, Q8H, "3 times a day", "every 2 days" or weekly.',
);

const accepted = (frequency: Frequency | undefined): ParsedFrequency | undefined =>
  frequency && { ok: true, ...frequency };

/** Lower case, single spaces, and the dots of abbreviations taken out (only those: `q.4.h.`, not `3.5 times`). */
function plainWords(text: string): string {
  const words = text.trim().toLowerCase().replace(/ +/g, ' ');
  return /^(?:[a-z]|\d{1,4}[a-z]?)(?:\.(?:[a-z]{1,2}|\d{1,4}[a-z]?))+\.?$/.test(words)
    ? words.replaceAll('.', '')
    : words;
}

function fixed(words: string): ParsedFrequency | undefined {
  const known = Object.entries(FREQUENCY_ALIASES).find(
    ([code, aliases]) => code.toLowerCase() === words || aliases.some((alias) => alias === words),
  );
  const parsed = known && accepted(frequencyOfCode(known[0]));
  // The vocabulary lists "every 3 days" under the 72-hour patch; with a clock time it counts calendar dates.
  return parsed?.ok && words === 'every 3 days' ? { ...parsed, code_with_times: 'Q3D' } : parsed;
}

const NUMBER = `[1-9]\\d{0,3}|${Object.keys(NUMBER_WORDS).join('|')}`;
const HOURS = 'h|hr|hrs|hour|hours';
const DAYS = 'd|day|days';
const WEEKS = 'w|wk|wks|week|weeks';
const MONTHS = 'mo|mos|month|months';

const EVERY = new RegExp(`^every (?:(${NUMBER}) ?)?(?:(${HOURS})|(${DAYS})|(${WEEKS})|(${MONTHS}))$`);
const Q_FORM = new RegExp(`^q ?(?:(${NUMBER}) ?)?(?:(${HOURS})|(${DAYS})|(${WEEKS})|(${MONTHS}))$`);
const N_TIMES = new RegExp(
  `^(?:(once|twice|thrice)|(${NUMBER}) ?(?:x|times?)) ?(?:daily|(weekly)|(?:/ ?|a |per |each |every )(?:day|(week)))$`,
);

const numberOf = (word: string | undefined): number => {
  if (word === undefined) return 1;
  return Object.entries(NUMBER_WORDS).find(([name]) => name === word)?.[1] ?? Number(word);
};

function numbered(words: string): ParsedFrequency | undefined {
  const every = EVERY.exec(words) ?? Q_FORM.exec(words);
  if (every) {
    const [, n, hours, days, weeks] = every;
    const unit = hours ? 'h' : days ? 'd' : weeks ? 'wk' : 'mo';
    return accepted(everyPeriod(numberOf(n), unit));
  }
  const times = N_TIMES.exec(words);
  if (!times) return undefined;
  const [, adverb, n, weekly, week] = times;
  const count = adverb ? ['once', 'twice', 'thrice'].indexOf(adverb) + 1 : numberOf(n);
  return accepted(weekly || week ? timesPerWeek(count) : timesPerDay(count));
}

function listed(words: string): ParsedFrequency | undefined {
  const weekdays = parseWeekdays(words);
  const frequency = weekdays && frequencyOfCode('DAYS');
  return frequency && { ok: true, ...frequency, weekdays };
}

function cyclic(words: string): ParsedFrequency | undefined {
  const match = /^([1-9]\d{0,2}) (?:days? )?on,? ([1-9]\d{0,2}) (?:days? )?off$/.exec(words);
  const frequency = match && frequencyOfCode('CYCLE');
  if (!frequency) return undefined;
  return { ok: true, ...frequency, cycle: { daysOn: Number(match[1]), daysOff: Number(match[2]) } };
}
