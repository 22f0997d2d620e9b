import { frequencyOfCode } from '../frequency.ts';
import { GTS_SYSTEM } from '../frequency-vocabulary.ts';
import { isMealEvent, MEAL_EVENTS } from '../meal-times.ts';
import { parseFrequency, type RecognisedFrequency } from '../parse-frequency.ts';
import type { WeekdayCode } from '../weekdays.ts';
import type { FhirElement } from './element.ts';
import { isSameFrequency } from './read-frequency.ts';
import { gtsCodeOf, type ReadTiming } from './read-timing.ts';

/** Elements of `Dosage` in which people write what its other elements say in codes. */
const FREE_TEXTS = ['text', 'patientInstruction'] as const;

/** A text of a dosage, and where it stands. */
interface Written {
  readonly element: FhirElement;
  readonly name: string;
  readonly text: string | undefined;
  /** Of a further instruction: meals say how a dose is taken, not how often. */
  readonly isAside?: boolean;
}

/**
 * Holds what is written in a dosage against its timing: free text, further instructions, and codes whose system says no
 * frequency here. Where the text, or a frequency in it, can be read and says another frequency, one of the two is wrong and
 * the line is refused. Any other text is not carried over, and a warning says so: what is in it may bear on when doses are
 * due.
 */
export function holdAgainstText(dosage: FhirElement, read: ReadTiming, asNeeded: boolean): void {
  if (read.frequency === undefined && !asNeeded) return;
  for (const { element, name, text, isAside = false } of writtenIn(dosage)) {
    if (text === undefined) continue;
    const said = frequenciesOf(text).filter(({ code }) => !isAside || !isMealEvent(code));
    if (said.some((frequency) => !agrees(frequency, read, asNeeded)))
      element.refuse(
        name,
        'contradiction',
        'This text says another frequency than the timing: correct the one that is wrong.',
      );
    else if (!isAside && !isSameFrequency(text, asNeeded ? 'PRN' : (read.frequency ?? '')))
      element.warn(
        name,
        'text_not_read',
        'Free text is not read: the schedule is that of the timing alone. Compare the two.',
      );
  }
}

function writtenIn(dosage: FhirElement): readonly Written[] {
  const timing = dosage.child('timing');
  const code = timing?.child('code');
  const isRead = timing !== undefined && gtsCodeOf(timing) !== undefined;
  return [
    ...FREE_TEXTS.map((name) => ({ element: dosage, name, text: dosage.text(name) })),
    ...(code ? conceptTexts(code, isRead) : []),
    ...dosage
      .children('additionalInstruction')
      .flatMap((one) => conceptTexts(one, false).map((text) => ({ ...text, isAside: true }))),
  ];
}

/** The words of a concept; of a coding what it displays, else its code. */
function conceptTexts(concept: FhirElement, withoutGts: boolean): readonly Written[] {
  const codings = concept
    .children('coding')
    .filter((coding) => !withoutGts || coding.text('system') !== GTS_SYSTEM)
    .map((element) => {
      const name = element.has('display') ? 'display' : 'code';
      return { element, name, text: element.text(name) };
    });
  return [{ element: concept, name: 'text', text: concept.text('text') }, ...codings];
}

/** Words for "as needed" within a sentence. */
const AS_NEEDED = /\b(?:(?:as|when|if|where|only)\s+(?:needed|required|necessary)|p\.?r\.?n\.?)(?![\w])/i;

function frequenciesOf(text: string): readonly RecognisedFrequency[] {
  const whole = parseFrequency(text);
  if (whole.ok) return [whole];
  const prn = AS_NEEDED.test(text) ? parseFrequency('PRN') : undefined;
  return [...(prn?.ok ? [prn] : []), ...frequenciesIn(text)];
}

function agrees(said: RecognisedFrequency, { frequency, weekdays }: ReadTiming, asNeeded: boolean): boolean {
  const byTiming = frequency === undefined ? undefined : parseFrequency(frequency);
  const isPrn = said.code === 'PRN';
  if (isPrn || !byTiming?.ok) return asNeeded;
  const days = said.weekdays ?? [];
  if (days.length > 0 && weekdays && days.join() !== weekdays.join()) return false;
  return paceOf(said, said.weekdays) === paceOf(byTiming, weekdays);
}

const HOURS_A_WEEK = 168;

/** How many doses a week, whatever the words for it; months are of their own, and so is what repeats in no such way. */
function paceOf({ code, repeat }: RecognisedFrequency, weekdays?: readonly WeekdayCode[]): string {
  const [event = ''] = repeat?.when ?? [];
  const days = code === 'WEEKDAYS' ? 5 : (weekdays?.length ?? 7);
  if (isMealEvent(event)) return weekly(MEAL_EVENTS[event].meals.length * days);
  if (code === 'DAYS') return weekly(days);
  const every = code === 'STAT' || code === 'CYCLE' ? undefined : frequencyOfCode(code)?.repeat;
  switch (every?.periodUnit) {
    case 'h':
      return weekly(HOURS_A_WEEK / every.period);
    case 'd':
      return weekly((every.frequency * (every.period === 1 ? days : 7)) / every.period);
    case 'wk':
      return weekly(every.frequency / every.period);
    default:
      return code;
  }
}

const weekly = (doses: number): string => doses.toFixed(6);

/** Instructions are shorter; an import has thousands of them, and each word is tried. */
const MOST_SEARCHED = 60;
/** `21 days on 7 days off` has the most words. */
const MOST_WORDS = 6;
/** Codes that say when on a day or that a dose is single: within a sentence their words say nothing of how often. */
const NO_FREQUENCY = ['AM', 'PM', 'BED', 'STAT', 'AC/PC'];
/** Codes that are words, or parts of other words, in a sentence: `for 10 days`, `sit in the sun`. */
const WORDS_ALONE = /^(?:days|weekdays|cycle|mo|wk|mon?|tue?|wed?|thu?|fri?|sat?|sun?)$/;

/** The frequencies that a sentence names, the longest words for each. */
function frequenciesIn(text: string): readonly RecognisedFrequency[] {
  const words = text
    .split(/[\s,;:()]+/)
    .map((word) => word.replace(/\.$/, ''))
    .filter((word) => word !== '')
    .slice(0, MOST_SEARCHED);
  const found: RecognisedFrequency[] = [];
  for (let at = 0; at < words.length; ) {
    const next = longestAt(words, at);
    if (next) found.push(next.frequency);
    at += next?.length ?? 1;
  }
  return found;
}

function longestAt(words: readonly string[], at: number) {
  for (let length = Math.min(MOST_WORDS, words.length - at); length > 0; length -= 1) {
    const phrase = words.slice(at, at + length).join(' ');
    const frequency = WORDS_ALONE.test(phrase.toLowerCase()) ? undefined : parseFrequency(phrase);
    if (frequency?.ok && !NO_FREQUENCY.includes(frequency.code)) return { frequency, length };
  }
  return undefined;
}
