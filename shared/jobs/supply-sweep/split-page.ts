import type { ChildJob } from '../ports.ts';

export const SWEEP_KIND = 'supply-sweep';

/** Characters of which refs are made, and some more: a beginning that no ref has makes an empty page. */
const ALPHABET = [...'0123456789abcdefghijklmnopqrstuvwxyz'];
/** A job may wait for 30 children; in twos the alphabet makes 18. */
const PREFIXES_PER_PAGE = 2;

/**
 * The pages of which a page is made that holds too many users: of two beginnings each alone, of one all that are a
 * character longer. Refs are keyed hashes, so their beginnings are evenly spread and pages of one depth alike.
 */
export function splitPage(prefixes: readonly string[]): readonly ChildJob[] {
  const [only = ''] = prefixes;
  const pages =
    prefixes.length > 1 ? prefixes.map((prefix) => [prefix]) : inTwos(ALPHABET.map((next) => only + next));
  return pages.map((page) => ({
    key: `page#${page.join('#')}`,
    kind: SWEEP_KIND,
    payload: { prefixes: page },
    priority: 'LOW',
  }));
}

const inTwos = (all: readonly string[]): readonly (readonly string[])[] =>
  all.flatMap((_, index) =>
    index % PREFIXES_PER_PAGE === 0 ? [all.slice(index, index + PREFIXES_PER_PAGE)] : [],
  );
