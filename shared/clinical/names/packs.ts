import { stripForms, stripStrengths } from './strip.ts';

const PACK = /^\{(.+)\}\s*pack(?:\s*\[([^\]]*)\])?$/u;
const PART = /\d+\s*\(((?:[^()]|\([^()]*\))*)\)/gu;

export interface Pack {
  /** What it holds, without its inert tablets. */
  readonly parts: readonly string[];
  /** As in brackets behind it; `undefined`: there is none. */
  readonly brand: string | undefined;
}

/**
 * A pack as RxNorm writes it (`{21 (… Oral Tablet) / 7 (inert ingredients … Oral Tablet) } Pack [Brand]`); `undefined`
 * for any other text, also where something beside the parts is left that would go unread.
 */
export function packIn(text: string): Pack | undefined {
  const [, inside, brand] = PACK.exec(text) ?? [];
  if (inside === undefined || !/^[\s/]*$/u.test(inside.replace(PART, ''))) return undefined;
  const parts = [...inside.matchAll(PART)]
    .map((hit) => (hit[1] ?? '').trim())
    .filter((part) => part !== '' && !isInert(part));
  return parts.length > 0 ? { parts, brand } : undefined;
}

const isInert = (part: string): boolean => stripForms(stripStrengths(part)) === 'inert ingredients';
