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
  /** The same ingredients as a given entry: taken for that very entry, so not compared with it. */
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
 * a current medication with exactly the ingredients of a given entry is that entry, not a second one. Each given entry
 * stands for one at most, so a substance that is on the record twice is still found as a duplicate.
 */
export function joinCurrent(
  given: readonly string[],
  current: CurrentMedications,
  lexicon: Lexicon = builtInLexicon(),
): Joined {
  const open = given.flatMap((text) => keysOf(text, lexicon).map((key) => ({ key, text })));
  const joined: OnRecord[] = [];
  const same: (OnRecord & { given: string })[] = [];
  const unnamed: string[] = [];
  for (const { medicationId: medication_id, names } of current.active) {
    const medication = names.find((name) => isRecognised(name, lexicon)) ?? names[0];
    if (medication === undefined) {
      unnamed.push(medication_id);
      continue;
    }
    const [key] = keysOf(medication, lexicon, false);
    const at = open.findIndex((one) => one.key === key);
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

/**
 * What an entry stands for: its ingredients; of a text that lists products which nobody sells as one, each by itself;
 * of one that is not recognised, its own words.
 */
function keysOf(text: string, lexicon: Lexicon, mayList = true): readonly string[] {
  const found = resolveMedication(text, lexicon);
  if (found.status === 'unrecognised') return [`text:${text.trim().toLowerCase()}`];
  const { ingredients, matchedBy } = found;
  const product = ingredients.join('+');
  const lists = mayList && matchedBy === 'combination' && !lexicon.combinations.has(product);
  return lists ? ingredients : [product];
}
