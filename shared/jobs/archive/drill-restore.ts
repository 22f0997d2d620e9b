import type { Instant } from '../../lifecycle/instant.ts';
import {
  type ArchiveReader,
  type DrillTables,
  type ItemState,
  type JsonItem,
  objectOfState,
} from '../ports.ts';
import type { ListedFile } from './backup-manifest.ts';
import { ContentHash, itemDigest, keyDigest } from './content-hash.ts';
import { atTable, type DrilledTable, type DrillRun } from './drill-run.ts';
import { DamagedFileError } from './read-lines.ts';
import { readStates } from './read-states.ts';
import type { KeyNames } from './restore.ts';
import type { TablePlan } from './restore-plan.ts';

export interface DrillRestoreDeps {
  readonly archive: ArchiveReader;
  readonly tables: DrillTables;
  readonly keyNames: KeyNames;
  /** Whether there is time for more. */
  readonly mayGoOn: () => boolean;
}

/** States that are held and handed over at a time. */
const HELD = 1_000;
const HELD_CHARACTERS = 4_000_000;

/**
 * Reads one data file of what no table holds, large results, as a restore does before it puts the objects back: each is there,
 * unchanged, and can be unpacked to a key and sealed bytes.
 */
export async function readResults(deps: DrillRestoreDeps, run: DrillRun, plan: TablePlan): Promise<DrillRun> {
  const files = [...plan.full, ...plan.changes];
  const at = run.file === undefined ? 0 : files.findIndex(({ key }) => key === run.file);
  const file = files[at];
  if (!file) return atTable(run, 'restore', run.table + 1);
  let read = run.results_read ?? 0;
  for await (const state of readStates(deps.archive, file, deps.keyNames)) {
    if (!isResult(state)) throw new DamagedFileError(`${file.key} has a line that tells of no result.`);
    read += 1;
  }
  const next = files[at + 1];
  const done = { ...run, results_read: read };
  return next ? { ...done, file: next.key } : atTable(done, 'restore', run.table + 1);
}

function isResult(state: ItemState): boolean {
  try {
    return objectOfState(state).bytes !== undefined;
  } catch {
    return false;
  }
}

/** Replays of one data file as much as there is time for. What is to be expected is told with each page that was written. */
export async function restoreFile(deps: DrillRestoreDeps, run: DrillRun, plan: TablePlan): Promise<DrillRun> {
  const files = [...plan.full, ...plan.changes];
  const at = run.file === undefined ? 0 : files.findIndex(({ key }) => key === run.file);
  const file = files[at];
  if (!file) {
    if (files.length > 0) throw new DamagedFileError(`${run.file} has gone while it was restored.`);
    return atTable(run, 'restore', run.table + 1);
  }
  const done = await replay(deps, run, plan.table, file, at >= plan.full.length);
  if (done.file !== undefined) return done;
  const next = files[at + 1];
  return next ? { ...done, file: next.key } : atTable(done, 'restore', run.table + 1);
}

/** @returns with `file` when lines of it are left */
async function replay(
  deps: DrillRestoreDeps,
  run: DrillRun,
  table: string,
  file: ListedFile,
  isChanges: boolean,
): Promise<DrillRun> {
  const drilled = drilledTable(run, table);
  const expected = ContentHash.from(drilled.expected);
  let { replayed } = drilled;
  let newest = run.newest_change;
  let [held, characters, lines] = [new Map<string, ItemState>(), 0, 0];
  const write = async (): Promise<void> => {
    const states = [...held.values()];
    [held, characters] = [new Map(), 0];
    // Of a full backup each item is told once; a change takes the place of what stands.
    if (isChanges)
      for (const item of await deps.tables.read(table, keysIn(states))) expected.remove(itemDigest(item));
    await deps.tables.write(table, states);
    for (const { image } of states) if (image) expected.add(itemDigest(image));
  };
  const soFar = (): DrillRun => ({
    ...withTable(run, { ...drilled, replayed, expected: expected.text() }),
    ...(newest !== undefined && { newest_change: newest }),
  });
  for await (const state of readStates(deps.archive, file, deps.keyNames)) {
    lines += 1;
    if (lines <= run.lines) continue;
    const { keys, image, changedAt } = state;
    // Of several states of an item the last counts, so that none of a page stands against another.
    held.set(keyDigest(keys), { keys, ...(image && { image }) });
    characters += state.characters;
    replayed += 1;
    newest = later(newest, changedAt);
    if (held.size < HELD && characters < HELD_CHARACTERS) continue;
    await write();
    if (!deps.mayGoOn()) return { ...soFar(), file: file.key, lines };
  }
  await write();
  const { file: _file, ...whole } = soFar();
  return { ...whole, lines: 0 };
}

const keysIn = (states: readonly ItemState[]): readonly JsonItem[] => states.map(({ keys }) => keys);

const later = (one: Instant | undefined, other: Instant | undefined): Instant | undefined =>
  one === undefined || (other !== undefined && other > one) ? other : one;

/** What a drill has come to with a table. */
export const drilledTable = ({ tables }: DrillRun, table: string): DrilledTable =>
  tables.find((one) => one.table === table) ?? {
    table,
    replayed: 0,
    expected: new ContentHash().text(),
    found: new ContentHash().text(),
  };

export const withTable = (run: DrillRun, drilled: DrilledTable): DrillRun => ({
  ...run,
  tables: [...run.tables.filter(({ table }) => table !== drilled.table), drilled],
});
