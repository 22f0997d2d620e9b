import type { ItemState, JsonItem } from '../ports.ts';

/** What one change left of one item. */
export interface Change {
  /** As the stream counts. */
  readonly sequence: string;
  /** Seconds since 1970. */
  readonly at: number;
  readonly keys: JsonItem;
  /** Absent: the item was deleted. */
  readonly image?: JsonItem;
}

/** One line, with the members of DynamoDB's own incremental export, and the number by which changes are ordered. */
export const changeLine = ({ sequence, at, keys, image }: Change): string =>
  JSON.stringify({
    Metadata: { WriteTimestampMicros: { N: String(Math.round(at * 1_000_000)) }, SequenceNumber: sequence },
    Keys: keys,
    ...(image && { NewImage: image }),
  });

/** @throws Error when the line says nothing of an item */
export function readLine(line: string, keyNames: readonly string[]): ItemState {
  const { Item: item, Keys: keys, NewImage: image } = Object(JSON.parse(line));
  if (isItem(item)) {
    const found = keyNames.map((name) => [name, item[name]] as const);
    if (found.every(([, value]) => value !== undefined))
      return { keys: Object.fromEntries(found), image: item };
  }
  if (isItem(keys)) return { keys, ...(isItem(image) && { image }) };
  throw new Error('A line of a data file tells of no item.');
}

const isItem = (value: unknown): value is JsonItem => typeof value === 'object' && value !== null;
