import type { Instant } from '../../lifecycle/instant.ts';
import type { ArchiveReader } from '../ports.ts';
import { type ListedFile, readFileList } from './backup-manifest.ts';
import type { CompletedBackup } from './catalogue.ts';
import { asFile, changesBetween, inOrder, readChangeKey } from './change-log.ts';
import { sha256Of } from './put-object.ts';
import { DamagedFileError } from './read-lines.ts';

/** The files of one table in the order in which they must be replayed. */
export interface TablePlan {
  readonly table: string;
  /** Items of the full backup, in any order. */
  readonly full: readonly ListedFile[];
  /** Changes after it; a later one of the same item counts. */
  readonly changes: readonly ListedFile[];
}

/**
 * What a chain restores, by table. Only the lists of files are read.
 * @param later objects of the change log beyond the end of the chain, by table
 * @throws DamagedFileError when a list is missing or is not what was signed
 */
export async function planRestore(
  archive: ArchiveReader,
  [first, ...increments]: readonly CompletedBackup[],
  later: ReadonlyMap<string, readonly ListedFile[]> = new Map(),
): Promise<readonly TablePlan[]> {
  const plans: TablePlan[] = [];
  const chain = first ? [first, ...increments] : [];
  const tables = new Set(chain.flatMap(({ manifest }) => manifest.tables.map(({ table }) => table)));
  for (const table of tables) {
    const changes = new Map<string, ListedFile>();
    for (const one of increments)
      for (const file of await filesOf(archive, one, table)) changes.set(file.key, file);
    for (const file of later.get(table) ?? []) changes.set(file.key, file);
    const full = first ? await filesOf(archive, first, table) : [];
    plans.push({ table, full, changes: inOrder([...changes.values()].map(sequenced)) });
  }
  return plans;
}

/** What was written to the change log from the end of a chain until then, by table. */
export async function laterThan(
  archive: ArchiveReader,
  chain: readonly CompletedBackup[],
  until: Instant,
): Promise<ReadonlyMap<string, readonly ListedFile[]>> {
  const { interval, tables = [] } = chain.at(-1)?.manifest ?? {};
  const later = new Map<string, readonly ListedFile[]>();
  for (const { table } of tables)
    later.set(table, (await changesBetween(archive, table, interval?.until ?? '', until)).map(asFile));
  return later;
}

/** What was backed up before a table was part of backups has no files of it: what it has was signed. */
const filesOf = async (archive: ArchiveReader, backup: CompletedBackup, table: string) =>
  backup.manifest.tables.some((one) => one.table === table) ? listedFiles(archive, backup, table) : [];

/** @throws DamagedFileError when the list is missing or is not what was signed */
export async function listedFiles(
  archive: ArchiveReader,
  { manifest, backupId }: CompletedBackup,
  table: string,
): Promise<readonly ListedFile[]> {
  const told = manifest.tables.find((one) => one.table === table);
  if (!told) throw new DamagedFileError(`Backup ${backupId} does not hold the table ${table}.`);
  const bytes = await archive.get(told.files_key);
  if (!bytes || sha256Of(bytes) !== told.files_sha256)
    throw new DamagedFileError(`${told.files_key} is missing or differs from what was signed.`);
  const files = readFileList(bytes);
  if (files?.length !== told.files) throw new DamagedFileError(`${told.files_key} cannot be read.`);
  return files;
}

function sequenced(file: ListedFile): ListedFile & { readonly sequence: string } {
  const { sequence } = readChangeKey(file.key, file.bytes) ?? {};
  if (sequence === undefined) throw new DamagedFileError(`${file.key} is no object of the change log.`);
  return { ...file, sequence };
}
