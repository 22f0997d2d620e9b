import type { Lexicon } from './lexicon.ts';
import { lookupKey } from './normalise.ts';
import { editDistance, jaroWinkler } from './similarity.ts';

/** A name that may have been meant. A question to a person, never an answer. */
export interface Candidate {
  readonly name: string;
  readonly ingredients: readonly string[];
  /** 0 to 1, higher is more alike. Says nothing about what was meant. */
  readonly score: number;
}

export const CANDIDATE_LIMIT = 5;
const LEAST_SIMILARITY = 0.88;

const round = (score: number): number => Math.round(score * 1000) / 1000;

/** Names of the lexicon that look like `text`, the most alike first; names of one ingredient set appear once. */
export function findCandidates(text: string, lexicon: Lexicon): Candidate[] {
  const key = lookupKey(text);
  const asked = lexicon.ambiguous.get(key);
  if (asked !== undefined) return asked.map((name) => ({ name, ingredients: [name], score: 0.5 }));
  if (key.length < 3) return [];

  const limit = Math.max(1, Math.floor(key.length / 4));
  const found = new Map<string, Candidate>();
  for (const [name, entry] of lexicon.entries) {
    if (Math.abs(name.length - key.length) > limit + 2) continue;
    // Two names may differ in their first letter by a slip of the pen, but then not in much else.
    const edits = editDistance(key, name, name[0] === key[0] ? limit : 1);
    const within = edits <= limit ? 1 - edits / Math.max(name.length, key.length) : 0;
    const alike = name[0] === key[0] && key.length >= 4 ? jaroWinkler(key, name) : 0;
    if (within === 0 && alike < LEAST_SIMILARITY) continue;
    const candidate = {
      name: entry.name,
      ingredients: entry.ingredients,
      score: round(Math.min(0.99, Math.max(within, alike))),
    };
    const set = entry.ingredients.join('+');
    const standing = found.get(set);
    if (standing === undefined || better(candidate, standing) < 0) found.set(set, candidate);
  }
  return [...found.values()].sort(better).slice(0, CANDIDATE_LIMIT);
}

const better = (a: Candidate, b: Candidate): number =>
  b.score - a.score || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
