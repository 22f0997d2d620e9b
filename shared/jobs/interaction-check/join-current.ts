import { builtInLexicon, type Lexicon, resolveMedication } from '../../clinical/names/index.ts';
import type { CurrentMedications } from './read-current.ts';

/** A medication on the record, in the words that were compared. */
export type OnRecord = {
  readonly medication_id: string;
  readonly medication: string;
};

/** What of a user's record takes part in a check, and what does not. Plain JSON, as it is stored and answered. */
export type CurrentView = {
  /** Compared beside the given ones. */
  readonly joined: readonly OnRecord[];
  /** The medication that a given entry names: taken for that very entry, so not compared with it. */
  readonly same_as_given: readonly (OnRecord & { readonly given: string })[];
  /** Ids of those without any name on record: nothing is known of their interactions. */
  readonly unnamed: readonly string[];
  /** Ids of those whose reminders are paused: not compared, so the answer is `incomplete`. */
  readonly paused: readonly string[];
};

export interface Joined {
  /** What is checked: the given entries, and those that join. */
  readonly texts: readonly string[];
  readonly view: CurrentView;
}

/**
 * Brings given and current medications together. Whoever asks about a list mostly names what the patient takes already:
 * a current medication under the same name, of no other strength, is that entry. The same substance under another brand
 * or strength joins, and is found as a duplicate. Each given entry stands for one at most, so what is on the record
 * twice is found, too.
 */
export function joinCurrent(
  given: readonly string[],
  current: CurrentMedications,
  lexicon: Lexicon = builtInLexicon(),
): Joined {
  const open = given.flatMap((text) => namedBy(text, lexicon).map((named) => ({ named, text })));
  const joined: OnRecord[] = [];
  const same: (OnRecord & { given: string })[] = [];
  const unnamed: string[] = [];
  for (const { medicationId: medication_id, names } of current.active) {
    const medication = names.find((name) => isRecognised(name, lexicon)) ?? names[0];
    if (medication === undefined) {
      unnamed.push(medication_id);
      continue;
    }
    const products = namedBy(medication, lexicon);
    const at = open.findIndex(
      ({ named }) => products.length === 1 && products.every((one) => isSame(one, named)),
    );
    const [match] = at < 0 ? [] : open.splice(at, 1);
    if (match) same.push({ medication_id, medication, given: match.text });
    else joined.push({ medication_id, medication });
  }
  return {
    texts: [...given, ...joined.map(({ medication }) => medication)],
    view: { joined, same_as_given: same, unnamed, paused: current.paused },
  };
}

const isRecognised = (text: string, lexicon: Lexicon): boolean =>
  resolveMedication(text, lexicon).status === 'resolved';

interface Named {
  /** Its ingredients; of a text that is not recognised, its own words. */
  readonly key: string;
  readonly brand: string | null;
  /** The numbers in the text, where it names one product and is no code. */
  readonly strengths: readonly number[];
}

/** What an entry stands for: of a text that lists products which nobody sells as one, each by itself. */
function namedBy(text: string, lexicon: Lexicon): readonly Named[] {
  const found = resolveMedication(text, lexicon);
  if (found.status === 'unrecognised')
    return [{ key: `text:${text.trim().toLowerCase()}`, brand: null, strengths: [] }];
  const strengths = found.products.length === 1 && found.matchedBy !== 'code' ? numbersIn(text) : [];
  return found.products.map(({ ingredients, brand }) => ({ key: ingredients.join('+'), brand, strengths }));
}

const NUMBER = /(?<![\p{L}\p{N}.,])(?:\d+(?:[.,]\d+)*|\.\d+)/gu;

const numbersIn = (text: string): number[] =>
  [...text.normalize('NFKC').matchAll(NUMBER)].map(([digits]) =>
    Number(digits.replace(/,(?=\d{3}(?!\d))/gu, '').replace(',', '.')),
  );

/** The same name, and no number that only the other has: `warfarin` may be `warfarin 5 mg`, which is not `warfarin 2 mg`. */
const isSame = (a: Named, b: Named): boolean =>
  a.key === b.key &&
  a.brand === b.brand &&
  (a.strengths.every((one) => b.strengths.includes(one)) ||
    b.strengths.every((one) => a.strengths.includes(one)));
