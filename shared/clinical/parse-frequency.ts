import { type FhirRepeat, fhirRepeat } from './fhir-repeat.ts';
import {
  everyPeriod,
  type Frequency,
  frequencyOfCode,
  MAX_INTERVAL_HOURS,
  MAX_PERIODS,
  timesPerDay,
  timesPerWeek,
} from './frequency.ts';
import {
  AMBIGUOUS_FREQUENCIES,
  FREQUENCY_ALIASES,
  GTS_MEANINGS,
  MEAL_ALIASES,
  NUMBER_WORDS,
  UNSUPPORTED_FREQUENCIES,
} from './frequency-vocabulary.ts';
import { phraseFrequency } from './phrase-frequency.ts';
import { plainWords } from './plain-words.ts';
import { parseWeekdays, WEEKDAY_CODES, type WeekdayCode } from './weekdays.ts';

/** A frequency that was understood: plain JSON, with the members of the vocabulary. */
export interface RecognisedFrequency {
  readonly ok: true;
  /** Canonical code: QD, BID, 5XD, Q8H, QOD, Q3D, WK, MO, Q3MO, WEEKDAYS, DAYS, CYCLE, STAT, PRN, AC/PC … */
  readonly code: string;
  /** The code system's own words, for the sixteen codes of GTSAbbreviation. */
  readonly meaning?: string;
  /** For people. */
  readonly text: string;
  readonly repeat: FhirRepeat | null;
  /** How many clock times a due day has; `null` when the code leaves it open. */
  readonly times_expected: number | null;
  /** Given by the text itself (`mon,wed,fri`). */
  readonly weekdays?: readonly WeekdayCode[];
  /** Given by the text itself (`21 on 7 off`). */
  readonly cycle?: { readonly days_on: number; readonly days_off: number };
  /** The code that the same words have when clock times come with them (`every 3 days` at 09:00). */
  readonly code_with_times?: string;
  /** What must be known besides, before it can be expanded. */
  readonly needs?: 'meal_times';
}

/** A text that cannot be used, and why. */
export interface RefusedFrequency {
  readonly ok: false;
  readonly problem: 'frequency_unknown' | 'frequency_ambiguous' | 'frequency_not_supported';
  /** What to do. Never repeats the text. */
  readonly detail: string;
  /** The word and its readings, when it has two. */
  readonly ambiguous_ask?: { readonly text: string; readonly why: string };
  readonly asks?: readonly string[];
  /** For a way of dosing that is known but is not one schedule. */
  readonly code?: string;
  readonly repeat?: null;
}

/** What a text says about how often doses are due, or why it cannot be used. */
export type ParsedFrequency = RecognisedFrequency | RefusedFrequency;

/**
 * Reads a frequency in any case, plain or dotted (`q.d.`, `B.I.D`), by the vocabulary and the forms `every n hours`,
 * `q8h`, `n times a day`, `3x/week`, `mon,wed,fri`, `21 on 7 off`. Answers plain JSON and never throws. Nothing is
 * guessed: a word with two readings and a word that is not known are refused, each with what to do.
 */
export function parseFrequency(text: string): ParsedFrequency {
  const words = typeof text === 'string' ? plainWords(text) : '';
  return asked(words) ?? unsupported(words) ?? fixed(words) ?? numbered(words) ?? patterned(words) ?? UNKNOWN;
}

const UNKNOWN: RefusedFrequency = {
  ok: false,
  problem: 'frequency_unknown',
  detail: `Not a known frequency. Use for example daily, BID, TID, QID, Q8H, "3 times a day", "every 2 days" or weekly. After "every" or Q go whole numbers: hours up to ${MAX_INTERVAL_HOURS}, days, weeks and months up to ${MAX_PERIODS}.`,
};

function asked(words: string): RefusedFrequency | undefined {
  const entry = AMBIGUOUS_FREQUENCIES.find((one) => one.words.some((word) => word === words));
  if (!entry) return undefined;
  const why = entry.meanings.join(' or ');
  return {
    ok: false,
    problem: 'frequency_ambiguous',
    detail: `This can mean ${entry.meanings.join(', or ')}: say which in words.`,
    ambiguous_ask: { text: entry.words[0], why },
    asks: entry.meanings,
  };
}

function unsupported(words: string): RefusedFrequency | undefined {
  const entry = UNSUPPORTED_FREQUENCIES.find((one) => one.words.some((word) => word === words));
  if (!entry) return undefined;
  const { code, advice: detail } = entry;
  return { ok: false, problem: 'frequency_not_supported', detail, code, repeat: null };
}

function accepted(frequency: Frequency | undefined): RecognisedFrequency | undefined {
  if (!frequency) return undefined;
  const { code, times_expected } = frequency;
  const meaning = Object.entries(GTS_MEANINGS).find(([named]) => named === code)?.[1];
  const text = phraseFrequency(code);
  return {
    ok: true,
    code,
    ...(meaning !== undefined && { meaning }),
    text,
    repeat: fhirRepeat(code),
    times_expected,
  };
}

function fixed(words: string): RecognisedFrequency | undefined {
  const event = codeIn(MEAL_ALIASES, words) ?? ownAlias(MEAL_ALIASES, words);
  const atMeals = event === undefined ? undefined : accepted(frequencyOfCode(event));
  if (atMeals) return { ...atMeals, code: 'AC/PC', needs: 'meal_times' };
  const code = codeIn(FREQUENCY_ALIASES, words) ?? ownAlias(FREQUENCY_ALIASES, words);
  const parsed = code === undefined ? undefined : accepted(frequencyOfCode(code));
  // The vocabulary lists "every 3 days" under the 72-hour patch; with a clock time it counts calendar dates.
  return parsed && words === 'every 3 days' ? { ...parsed, code_with_times: 'Q3D' } : parsed;
}

const codeIn = (aliases: Readonly<Record<string, readonly string[]>>, words: string): string | undefined =>
  Object.entries(aliases).find(([, names]) => names.includes(words))?.[0];

const ownAlias = (aliases: object, words: string): string | undefined =>
  Object.keys(aliases).find((code) => code.toLowerCase() === words);

const NUMBER = `[1-9]\\d{0,3}|${Object.keys(NUMBER_WORDS).join('|')}`;
const HOURS = 'h|hr|hrs|hour|hours|hourly';
const DAYS = 'd|day|days';
const WEEKS = 'w|wk|wks|week|weeks';
const MONTHS = 'mo|mos|month|months';

const EVERY = new RegExp(`^every (?:(${NUMBER})[ -]?)?(?:(${HOURS})|(${DAYS})|(${WEEKS})|(${MONTHS}))$`);
const Q_FORM = new RegExp(`^q ?(?:(${NUMBER}) ?)?(?:(${HOURS})|(${DAYS})|(${WEEKS})|(${MONTHS}))$`);
/** The canonical codes for so many doses a day or a week, `5XD` and `4XW`. */
const N_CODE = /^([1-9]\d?)x(?:(d)|w)$/;
const N_HOURLY = new RegExp(`^(${NUMBER})[ -]hourly$`);
const N_TIMES = new RegExp(
  `^(?:(once|twice|thrice)|(${NUMBER}) ?(?:x|times?)) ?(?:daily|(weekly)|(?:/ ?|a |per |each |every )(?:day|(week)))$`,
);

const numberOf = (word: string | undefined): number => {
  if (word === undefined) return 1;
  return Object.entries(NUMBER_WORDS).find(([name]) => name === word)?.[1] ?? Number(word);
};

function numbered(words: string): RecognisedFrequency | undefined {
  const hourly = N_HOURLY.exec(words);
  if (hourly) return accepted(everyPeriod(numberOf(hourly[1]), 'h'));
  const every = EVERY.exec(words) ?? Q_FORM.exec(words);
  if (every) {
    const [, n, hours, days, weeks] = every;
    const unit = hours ? 'h' : days ? 'd' : weeks ? 'wk' : 'mo';
    return accepted(everyPeriod(numberOf(n), unit));
  }
  const code = N_CODE.exec(words);
  if (code) return accepted(code[2] ? timesPerDay(Number(code[1])) : timesPerWeek(Number(code[1])));
  const times = N_TIMES.exec(words);
  if (!times) return undefined;
  const [, adverb, n, weekly, week] = times;
  const count = adverb ? ['once', 'twice', 'thrice'].indexOf(adverb) + 1 : numberOf(n);
  return accepted(weekly || week ? timesPerWeek(count) : timesPerDay(count));
}

/** Lists of weekdays, and cycles of days with and without doses. */
function patterned(words: string): RecognisedFrequency | undefined {
  const numbers = parseWeekdays(words);
  const onDays = numbers && accepted(frequencyOfCode('DAYS'));
  if (onDays) {
    const weekdays = WEEKDAY_CODES.filter((_, index) => numbers.includes(index + 1));
    const text = phraseFrequency('DAYS', { weekdays: numbers });
    return { ...onDays, text, repeat: fhirRepeat('DAYS', numbers), weekdays };
  }
  const match = /^([1-9]\d{0,2}) (?:days? )?on,? ([1-9]\d{0,2}) (?:days? )?off$/.exec(words);
  const inCycles = match && accepted(frequencyOfCode('CYCLE'));
  if (!inCycles) return undefined;
  const [daysOn, daysOff] = [Number(match[1]), Number(match[2])];
  const text = phraseFrequency('CYCLE', { cycle: { daysOn, daysOff } });
  return { ...inCycles, text, cycle: { days_on: daysOn, days_off: daysOff } };
}
