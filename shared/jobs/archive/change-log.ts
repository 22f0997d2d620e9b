import type { Instant } from '../../lifecycle/instant.ts';
import type { ArchiveReader } from '../ports.ts';
import { padded, ROOTS, stamp } from './archive-keys.ts';
import type { ListedFile } from './backup-manifest.ts';

/**
 * One object of the change log. Its name tells all that a backup must know of it, so that a range of the log is known by
 * listing it.
 */
export interface ChangeObject {
  readonly key: string;
  readonly table: string;
  /** When it was written, as a stamp: ranges go by it. */
  readonly written: string;
  /** Of its first change, with a fixed width. DynamoDB raises it with each change of an item: replays go by it. */
  readonly sequence: string;
  readonly changes: number;
  /** Hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Seconds after which what was stamped before is surely there: whoever writes to the log is ended after half of them.
 * A range of the log ends so long before the request for it.
 */
export const SETTLED_SECONDS = 120;

/** DynamoDB's sequence numbers have up to 40 digits. */
const SEQUENCE_DIGITS = 40;
const STAMP_LENGTH = stamp('2026-01-01T00:00:00.000Z').length;

const NAME = new RegExp(
  `^${ROOTS.changes}([a-z][a-z0-9-]*)/([0-9T.]{${STAMP_LENGTH - 1}}Z)-([0-9]{${SEQUENCE_DIGITS}})-([0-9]+)-([0-9a-f]{64})\\.json\\.gz$`,
);

/** As a list of files names it. */
export const asFile = ({ key, changes, bytes, sha256 }: ChangeObject): ListedFile => ({
  key,
  items: changes,
  bytes,
  sha256,
});

export const changeKey = (of: {
  readonly table: string;
  readonly writtenAt: Instant;
  readonly sequence: string;
  readonly changes: number;
  readonly sha256: string;
}): string =>
  `${prefixOf(of.table)}${stamp(of.writtenAt)}-${padded(of.sequence, SEQUENCE_DIGITS)}-${of.changes}-${of.sha256}.json.gz`;

/** `undefined`: an object of the log is not named like that. */
export function readChangeKey(key: string, bytes: number): ChangeObject | undefined {
  const [, table, written, sequence, changes, sha256] = NAME.exec(key) ?? [];
  if (!table || !written || !sequence || !changes || !sha256) return undefined;
  return { key, table, written, sequence, changes: Number(changes), sha256, bytes };
}

/**
 * What was written to the log of a table in `[from, until)`, in the order in which it must be replayed.
 * @throws Error when something else lies there
 */
export async function changesBetween(
  archive: ArchiveReader,
  table: string,
  from: Instant,
  until: Instant,
): Promise<readonly ChangeObject[]> {
  const found: ChangeObject[] = [];
  const prefix = prefixOf(table);
  for await (const page of archive.list(prefix, `${prefix}${stamp(from)}`)) {
    for (const { key, bytes } of page) {
      const object = readChangeKey(key, bytes);
      if (!object) throw new Error('Under the change log lies what is no part of it.');
      if (object.written >= stamp(until)) return inOrder(found);
      found.push(object);
    }
  }
  return inOrder(found);
}

/** An item's changes lie in one shard, or in those that follow it: their sequence numbers only rise. */
export const inOrder = <T extends { readonly sequence: string; readonly key: string }>(
  objects: readonly T[],
): readonly T[] => objects.toSorted((a, b) => order(a.sequence, b.sequence) || order(a.key, b.key));

const order = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const prefixOf = (table: string): string => `${ROOTS.changes}${table}/`;
