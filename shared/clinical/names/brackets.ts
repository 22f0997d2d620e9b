import { stripForms } from './strip.ts';

const BRACKETS = /\(([^()]*)\)|\[([^[\]]*)\]/gu;

const tidy = (text: string): string => text.replace(/ {2,}/gu, ' ').trim();

export interface Bracketed {
  readonly outside: string;
  /** Each text that stands in round or square brackets, forms alone left out. */
  readonly inside: readonly string[];
}

/**
 * What stands outside and inside of brackets; `undefined`: the text has none. A form in brackets belongs to what is
 * outside: `dulcolax (liquid)` may be another drug than `dulcolax`.
 */
export function readBrackets(text: string): Bracketed | undefined {
  const inside: string[] = [];
  const outside = text.replace(BRACKETS, (_, round?: string, square?: string) => {
    const part = round ?? square ?? '';
    if (stripForms(part) === '') return ` ${part} `;
    inside.push(part);
    return ' ';
  });
  return outside === text ? undefined : { outside: tidy(outside), inside };
}
