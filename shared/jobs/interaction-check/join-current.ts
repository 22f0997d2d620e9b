import { builtInLexicon, type Lexicon, resolveText } from '../../clinical/names/index.ts';
import { isSame, namedBy } from './named.ts';
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
  /** Ids of those whose names or code stand for different drugs: each was compared, so the answer is `incomplete`. */
  readonly contradictory: readonly string[];
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
 * a current medication under the same name, of no other strength, form or frequency, is that entry. The same substance under
 * another brand or strength joins, and is found as a duplicate. Each given entry stands for one at most, so what is on the record
 * twice is found, too. No name or code on record makes good for another one of the same medication that is not recognised
 * or means something else: all of them join.
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
  const contradictory: string[] = [];
  for (const { medicationId: medication_id, names } of current.active) {
    const told = meaningsOf(names, lexicon);
    if (told.length === 0) unnamed.push(medication_id);
    if (told.filter((medication) => isRecognised(medication, lexicon)).length > 1)
      contradictory.push(medication_id);
    for (const medication of told) {
      const products = namedBy(medication, lexicon);
      const at = open.findIndex(
        ({ named }) => products.length === 1 && products.every((one) => isSame(one, named)),
      );
      const [match] = at < 0 ? [] : open.splice(at, 1);
      if (match) same.push({ medication_id, medication, given: match.text });
      else joined.push({ medication_id, medication });
    }
  }
  return {
    texts: [...given, ...joined.map(({ medication }) => medication)],
    view: { joined, same_as_given: same, unnamed, contradictory, paused: current.paused },
  };
}

/**
 * The names of one medication that say different things, each once. A code that is not known says nothing beside a
 * name: most codes of RxNorm are not in the tables.
 */
function meaningsOf(names: readonly string[], lexicon: Lexicon): readonly string[] {
  const meanings = new Map<string, string>();
  for (const name of names) {
    const key = namedBy(name, lexicon)
      .map((one) => one.key)
      .sort()
      .join(' and ');
    const isUnknownCode = name.startsWith('rxcui:') && !isRecognised(name, lexicon);
    if (!meanings.has(key) && !(isUnknownCode && meanings.size > 0)) meanings.set(key, name);
  }
  return [...meanings.values()];
}

const isRecognised = (text: string, lexicon: Lexicon): boolean =>
  resolveText(text, lexicon).status === 'resolved';
