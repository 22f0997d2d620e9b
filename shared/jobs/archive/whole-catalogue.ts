import type { KeyObject } from 'node:crypto';
import { addSeconds, type Instant } from '../../lifecycle/instant.ts';
import type { ArchiveReader } from '../ports.ts';
import { prefixOfMarker, ROOTS } from './archive-keys.ts';
import { type CatalogueEntry, chainOf, isCompleted, MissingLinkError, newestFirst } from './catalogue.ts';
import { isSigned } from './verify-backup.ts';

/** What a person must know of all backups before choosing one. */
export interface WholeCatalogue {
  /** The newest first. */
  readonly entries: readonly CatalogueEntry[];
  /** Prefixes of finished backups that the catalogue does not name: somebody has taken their entries away. */
  readonly unlisted: readonly string[];
  /** Why a finished backup cannot be restored, by its id: one that it continues is not there. */
  readonly cut: ReadonlyMap<string, MissingLinkError>;
  /** Backups that had ended well and are not there any more, though their time has not come. */
  readonly missing: readonly MissingBackup[];
}

/** What is known of backups without their bucket. */
interface KnownOfBackups {
  /** The backup that ended last; absent: nobody can tell, as when the tables are gone. */
  readonly head?: string | undefined;
  /** With which all of them must be signed; absent: that is not looked at. */
  readonly key?: KeyObject;
}

export interface MissingBackup {
  readonly backupId: string;
  /** The backup after it, in whose signed manifest it stands; absent: the tables know it as the last one that ended. */
  readonly namedBy?: string;
}

/**
 * Reads the whole catalogue, and holds it against what lies in the bucket and what the tables know.
 */
export async function wholeCatalogue(
  archive: ArchiveReader,
  now: Instant,
  { head, key }: KnownOfBackups = {},
): Promise<WholeCatalogue> {
  const entries: CatalogueEntry[] = [];
  for await (const entry of newestFirst(archive, now))
    entries.push(key ? demandSignature(entry, key) : entry);
  const cut = new Map<string, MissingLinkError>();
  for (const { backupId } of entries.filter(isCompleted)) {
    try {
      chainOf(entries, backupId);
    } catch (error) {
      if (!(error instanceof MissingLinkError)) throw error;
      cut.set(backupId, error);
    }
  }
  return {
    entries,
    unlisted: await unlistedIn(archive, entries),
    cut,
    missing: missingIn(entries, now, head),
  };
}

/** Whoever can write into the bucket can make what looks like a backup: only who may use the key can sign it. */
function demandSignature(entry: CatalogueEntry, key: KeyObject): CatalogueEntry {
  if (!isCompleted(entry) || isSigned(entry, key)) return entry;
  return { status: 'unsigned', backupId: entry.backupId, prefix: entry.manifest.prefix };
}

/** The catalogue forgets after six years, a day before a backup that names what was made the day before. */
const NAMED_DAYS = 5 * 365;

/** Who takes a backup away, marker, entry and all, leaves its name in the one after it, or in the tables. */
function missingIn(
  entries: readonly CatalogueEntry[],
  now: Instant,
  head: string | undefined,
): readonly MissingBackup[] {
  const oldest = addSeconds(now, -NAMED_DAYS * 86_400);
  const ended = new Set(
    entries
      .filter(({ status }) => status === 'completed' || status === 'expired')
      .map(({ backupId }) => backupId),
  );
  const named: MissingBackup[] = head === undefined ? [] : [{ backupId: head }];
  for (const { backupId: namedBy, manifest } of entries.filter(isCompleted))
    if (manifest.previous && manifest.started_at > oldest)
      named.push({ backupId: manifest.previous, namedBy });
  return named.filter(({ backupId }) => !ended.has(backupId));
}

/** Whether nothing is wrong but what time has taken away. */
export const isWhole = ({ entries, unlisted, cut, missing }: WholeCatalogue): boolean =>
  unlisted.length === 0 &&
  missing.length === 0 &&
  entries.every(({ status }) => status === 'completed' || status === 'expired') &&
  [...cut.values()].every(({ hasExpired }) => hasExpired);

/**
 * The backup to take when none is named.
 * @throws MissingLinkError when there is none, or the catalogue may lack a newer one
 */
export function newestOf({ entries, unlisted, missing }: WholeCatalogue): string {
  if (unlisted.length > 0)
    throw new MissingLinkError(
      `The catalogue does not name the backup in ${unlisted.join(', ')}: say which of those that it names you want.`,
    );
  // One that a manifest names is older than the backup that names it.
  const head = missing.find(({ namedBy }) => namedBy === undefined);
  if (head)
    throw new MissingLinkError(
      `The last backup, ${head.backupId}, had ended well and is not there: say which of the older ones you want.`,
    );
  const newest = entries.find(isCompleted);
  if (!newest) throw new MissingLinkError('There is no finished backup.');
  return newest.backupId;
}

async function unlistedIn(archive: ArchiveReader, entries: readonly CatalogueEntry[]): Promise<string[]> {
  const known = new Set(entries.map((entry) => (isCompleted(entry) ? entry.manifest.prefix : entry.prefix)));
  const unlisted: string[] = [];
  for (const root of [ROOTS.backups, ROOTS.years])
    for await (const page of archive.list(root))
      for (const { key } of page) {
        const prefix = prefixOfMarker(key);
        if (prefix !== undefined && !known.has(prefix)) unlisted.push(prefix);
      }
  return unlisted;
}
