import { unmarshall } from '@aws-sdk/util-dynamodb';
import { isInstant } from '../lifecycle/instant.ts';
import type { Item } from './batch-get.ts';

/** What a stored member must be: `?` marks one that may be absent. An `instant` is a text that can be reckoned with. */
export type FieldType = 'string' | 'instant' | 'number' | 'boolean' | 'list' | 'map' | 'bytes';
export type FieldSpec<T> = { readonly [K in keyof T]-?: FieldType | `${FieldType}?` };

/** A stored item that this version of the code cannot read. Names the member, never its value. */
export class StoredItemError extends Error {
  override readonly name = 'StoredItemError';
}

/**
 * Reads the named members of an item and checks what they are; members that are not named are left out.
 * @throws StoredItemError that names the first member that is missing or of another type
 */
export function readFields<T>(item: Item, spec: FieldSpec<T>, what: string): T {
  const stored = unmarshall(item);
  const read: Record<string, unknown> = {};
  for (const [name, type] of Object.entries<string>(spec)) {
    const value: unknown = stored[name];
    if (value === undefined && type.endsWith('?')) continue;
    if (!isOf(value, type.replace('?', '')))
      throw new StoredItemError(`A stored ${what} has no usable member '${name}'.`);
    read[name] = value;
  }
  // Every member of T is in the spec (the type demands it) and has been checked above.
  return read as T;
}

function isOf(value: unknown, type: string): boolean {
  if (type === 'instant') return typeof value === 'string' && isInstant(value);
  if (type === 'list') return Array.isArray(value);
  if (type === 'bytes') return value instanceof Uint8Array;
  if (type === 'map') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}

/**
 * Checks an item's shape version: the current and the previous one are readable.
 * @throws StoredItemError
 */
export function readVersion(item: Item, attribute: string, current: number, what: string): number {
  const version = Number(item[attribute]?.N);
  if (version === current || version === current - 1) return version;
  throw new StoredItemError(`A stored ${what} has version ${version}; this code reads ${current}.`);
}
