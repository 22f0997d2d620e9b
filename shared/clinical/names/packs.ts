const PACK = /^\{(.+)\}\s*pack(?:\s*\[[^\]]*\])?$/u;
const PART = /\d+\s*\(((?:[^()]|\([^()]*\))*)\)/gu;

/**
 * What a pack holds, written as RxNorm does (`{21 (… Oral Tablet) / 7 (inert ingredients … Oral Tablet) } Pack`), without
 * its inert tablets.
 */
export function packParts(text: string): readonly string[] {
  const inside = PACK.exec(text)?.[1];
  if (inside === undefined) return [];
  return [...inside.matchAll(PART)]
    .map((hit) => (hit[1] ?? '').trim())
    .filter((part) => part !== '' && !part.startsWith('inert ingredients'));
}
