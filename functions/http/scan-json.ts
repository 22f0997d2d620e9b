import type { Problem } from '#shared/errors/problem-error.ts';
import { pointerTo } from './pointer.ts';

export interface JsonScan {
  readonly tooDeep: boolean;
  readonly problems: readonly Problem[];
}

interface Level {
  readonly pointer: string;
  /** Field names seen so far; absent in arrays. */
  readonly names?: Set<string>;
  /** In an object: the next string is a name. */
  expectsName: boolean;
  index: number;
  /** Pointer of the value that comes next. */
  next: string;
}

/**
 * Walks JSON text once, before it is parsed, for what `JSON.parse` would hide: nesting beyond `depthLimit`, names that
 * stand twice in one object (the parser would silently keep the last), and `__proto__`. Text that is no JSON is left
 * for the parser to refuse.
 */
export function scanJson(text: string, depthLimit: number): JsonScan {
  const problems: Problem[] = [];
  const levels: Level[] = [];
  const open = (isObject: boolean) => {
    const parent = levels.at(-1);
    const pointer = parent ? nextPointer(parent) : '';
    const names = isObject ? { names: new Set<string>() } : {};
    levels.push({ pointer, index: 0, next: pointer, expectsName: isObject, ...names });
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{' || character === '[') {
      open(character === '{');
      if (levels.length > depthLimit) return { tooDeep: true, problems: [] };
    } else if (character === '}' || character === ']') {
      levels.pop();
    } else if (character === ',') {
      const level = levels.at(-1);
      if (level) {
        level.index += 1;
        level.expectsName = level.names !== undefined;
      }
    } else if (character === '"') {
      const end = endOfString(text, at);
      const level = levels.at(-1);
      if (level?.expectsName) noteName(level, nameOf(text.slice(at, end + 1)), problems);
      at = end;
    }
  }
  return { tooDeep: false, problems };
}

const nextPointer = (level: Level): string =>
  level.names ? level.next : pointerTo(level.pointer, level.index);

function noteName(level: Level, name: string, problems: Problem[]): void {
  const pointer = pointerTo(level.pointer, name);
  if (name === '__proto__')
    problems.push({ pointer, code: 'unknown_field', detail: 'This field is not allowed.' });
  else if (level.names?.has(name))
    problems.push({ pointer, code: 'repeated_field', detail: 'Name each field once.' });
  level.names?.add(name);
  level.expectsName = false;
  level.next = pointer;
}

/** Position of the closing quote, or of the text's end. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

/** The name with its escapes resolved, so that `"a"` and `"\u0061"` are the same one. */
function nameOf(literal: string): string {
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal;
  }
}
