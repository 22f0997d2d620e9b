import { type Instant, instantOf } from '../../lifecycle/instant.ts';
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

/** What a line says, and of a change when it was made. */
export type ReadLine = ItemState & { readonly changedAt?: Instant };

/** @throws Error when the line says nothing of an item */
export function readLine(line: string, keyNames: readonly string[]): ReadLine {
  const { Item: item, Keys: keys, NewImage: image, Metadata: metadata } = Object(JSON.parse(line));
  if (isItem(item)) {
    const found = keyNames.map((name) => [name, item[name]] as const);
    if (found.every(([, value]) => value !== undefined))
      return { keys: Object.fromEntries(found), image: item };
  }
  if (isItem(keys)) {
    const micros = Number(Object(Object(metadata)['WriteTimestampMicros'])['N']);
    const changedAt = Number.isFinite(micros) ? { changedAt: instantOf(micros / 1000) } : {};
    return { keys, ...(isItem(image) && { image }), ...changedAt };
  }
  throw new Error('A line of a data file tells of no item.');
}

const isItem = (value: unknown): value is JsonItem => typeof value === 'object' && value !== null;
