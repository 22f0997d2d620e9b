import type { ArchiveReader, ItemState, JsonItem, RestoreTarget } from '../ports.ts';
import type { ListedFile } from './backup-manifest.ts';
import { ContentHash, itemDigest, keyDigest } from './content-hash.ts';
import { readingAhead } from './read-ahead.ts';
import { readStates } from './read-states.ts';
import type { TablePlan } from './restore-plan.ts';

/** Names of the members of every table's key. */
export type KeyNames = readonly [partition: string, sort: string];

export interface RestoreDeps {
  readonly archive: ArchiveReader;
  readonly keyNames: KeyNames;
  /** What becomes of an item on its way; `undefined`: it is left out. */
  readonly admit: (table: string, item: JsonItem) => Promise<JsonItem | undefined>;
  readonly onProgress?: (table: string, lines: number) => void;
}

/** States that are held and handed over at a time. */
const HELD = 1_000;
/** Items of some hundred kilobytes are fewer. */
const HELD_CHARACTERS = 8_000_000;

/**
 * Replays a table: first every item of the full backup, then the changes in their order. Holds a page of items at a time,
 * however large the table is. Done again, it comes to the same.
 */
async function restoreTable(deps: RestoreDeps, plan: TablePlan, target: RestoreTarget): Promise<void> {
  let held = new Map<string, ItemState>();
  let [lines, characters] = [0, 0];
  const write = async (): Promise<void> => {
    if (held.size > 0) await target.write(plan.table, [...held.values()]);
    held = new Map();
    characters = 0;
    deps.onProgress?.(plan.table, lines);
  };
  for await (const state of statesOf(deps, plan)) {
    lines += 1;
    // Of several states of an item the last counts, so that none of a page stands against another.
    held.set(keyDigest(state.keys), state);
    characters += sizeOf(state);
    if (held.size >= HELD || characters >= HELD_CHARACTERS) await write();
  }
  await write();
}

/** Of what makes an item large: its sealed body. */
const sizeOf = ({ image }: ItemState): number => String(Object(image?.['body']).B ?? '').length;

/** All states in their order, as they are to be written. */
async function* statesOf(deps: RestoreDeps, { table, full, changes }: TablePlan): AsyncGenerator<ItemState> {
  const files = [...full, ...changes];
  const ahead = { ...deps, archive: readingAhead(deps.archive, files) };
  for (const file of files) yield* statesIn(ahead, table, file);
}

async function* statesIn(deps: RestoreDeps, table: string, file: ListedFile): AsyncGenerator<ItemState> {
  for await (const { keys, image } of readStates(deps.archive, file, deps.keyNames)) {
    const admitted = image && (await deps.admit(table, image));
    // What is left out is deleted, should an earlier state of it have come in.
    yield { keys, ...(admitted && { image: admitted }) };
  }
}

/** What came of restoring one table. */
export interface RestoredTable {
  readonly table: string;
  readonly items: number;
  /** Hash of what the backup says, and of what stands now. */
  readonly expected: string;
  readonly found: string;
}

/** Restores tables, reads back what stands and holds it against the backup. */
export async function restoreAndCompare(
  deps: RestoreDeps,
  plans: readonly TablePlan[],
  target: RestoreTarget,
): Promise<readonly RestoredTable[]> {
  const restored: RestoredTable[] = [];
  for (const plan of plans) {
    await restoreTable(deps, plan, target);
    const expected = await expectedHash(deps, plan);
    const found = await standingHash(target, plan.table);
    restored.push({ table: plan.table, items: found.items, expected: expected.text(), found: found.text() });
  }
  return restored;
}

/** Items whose hashes are held at a time: some 150 bytes each. */
const HASHED_AT_A_TIME = 200_000;

/**
 * The hash of what a restore must leave, told from the backup alone. Each pass over the files looks at a share of the
 * items, so that memory stays the same however many there are.
 */
export async function expectedHash(
  deps: RestoreDeps,
  plan: TablePlan,
  atATime = HASHED_AT_A_TIME,
): Promise<ContentHash> {
  const items = [...plan.full, ...plan.changes].reduce((sum, file) => sum + file.items, 0);
  const passes = Math.max(1, Math.ceil(items / atATime));
  const hash = new ContentHash();
  for (let pass = 0; pass < passes; pass += 1) {
    const standing = new Map<string, bigint>();
    for await (const { keys, image } of statesOf(deps, plan)) {
      const key = keyDigest(keys);
      if (Number.parseInt(key.slice(0, 8), 16) % passes !== pass) continue;
      if (image) standing.set(key, itemDigest(image));
      else standing.delete(key);
    }
    for (const digest of standing.values()) hash.add(digest);
  }
  return hash;
}

/** The hash of what stands in a table now. */
export async function standingHash(target: Pick<RestoreTarget, 'scan'>, table: string): Promise<ContentHash> {
  const hash = new ContentHash();
  for await (const page of target.scan(table)) for (const item of page) hash.add(itemDigest(item));
  return hash;
}
