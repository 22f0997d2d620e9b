import type { JsonReader } from './read-json.ts';
import { ReferenceDataError } from './reference-data.ts';

/** Class name → its ingredients, classes within classes opened. */
export type Classes = ReadonlyMap<string, readonly string[]>;

/** `@class|ingredient|…` as a set of ingredients. */
export function membersOf(list: string, classes: Classes): ReadonlySet<string> {
  const members = new Set<string>();
  for (const item of list.split('|')) {
    if (!item.startsWith('@')) {
      members.add(item);
      continue;
    }
    const known = classes.get(item.slice(1));
    if (known === undefined) throw new ReferenceDataError(`Rules name the unknown class "${item}"`);
    for (const member of known) members.add(member);
  }
  return members;
}

/** Reads the table `classes` of a file. */
export const readClasses = (file: JsonReader): Classes => {
  const table = file.child('classes');
  const direct = new Map(table.fields().map((name) => [name, table.text(name)]));
  const expand = (list: string, seen: readonly string[]): string[] =>
    list.split('|').flatMap((item) => {
      if (!item.startsWith('@')) return [item];
      const name = item.slice(1);
      const inner = direct.get(name);
      if (inner === undefined) throw new ReferenceDataError(`Classes name the unknown class "${item}"`);
      if (seen.includes(name)) throw new ReferenceDataError(`Class "${item}" contains itself`);
      return expand(inner, [...seen, name]);
    });
  return new Map([...direct].map(([name, list]) => [name, [...new Set(expand(list, [name]))]]));
};
