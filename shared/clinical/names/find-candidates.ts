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
export function findCandidates(text: string, lexicon: Lexicon): readonly Candidate[] {
  const key = lookupKey(text);
  const meanings = lexicon.ambiguous.get(key);
  if (meanings !== undefined) {
    return meanings.map((ingredients) => ({ name: ingredients.join(' + '), ingredients, score: 0.5 }));
  }
  if (key.length < 3) return [];

  const limit = Math.min(3, Math.max(1, Math.floor(key.length / 4)));
  const found: Candidate[] = [];
  for (const [name, entry] of lexicon.entries) {
    if (Math.abs(name.length - key.length) > limit + 2) continue;
    const sameStart = name[0] === key[0];
    // A slip of the pen in the first letter counts, but then all that follows has to be right.
    if (!sameStart && !name.endsWith(key.slice(2))) continue;
    const most = sameStart ? limit : 1;
    const edits = editDistance(key, name, most);
    const within = edits <= most ? 1 - edits / Math.max(name.length, key.length) : 0;
    const similar = sameStart && key.length >= 4 ? jaroWinkler(key, name) : 0;
    if (within === 0 && similar < LEAST_SIMILARITY) continue;
    const score = round(Math.min(0.99, Math.max(within, similar)));
    found.push({ name: entry.name, ingredients: entry.ingredients, score });
  }
  return bestOf(found);
}

const better = (a: Candidate, b: Candidate): number =>
  b.score - a.score || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/** The best of several lists: each set of ingredients once, the most alike first. */
export function bestOf(candidates: readonly Candidate[]): readonly Candidate[] {
  const best = new Map<string, Candidate>();
  for (const candidate of [...candidates].sort(better)) {
    const set = candidate.ingredients.join('+');
    if (!best.has(set)) best.set(set, candidate);
  }
  return [...best.values()].slice(0, CANDIDATE_LIMIT);
}
