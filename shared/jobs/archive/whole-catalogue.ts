import type { Instant } from '../../lifecycle/instant.ts';
import type { ArchiveReader } from '../ports.ts';
import { prefixOfMarker, ROOTS } from './archive-keys.ts';
import { type CatalogueEntry, chainOf, isCompleted, MissingLinkError, newestFirst } from './catalogue.ts';

/** What a person must know of all backups before choosing one. */
export interface WholeCatalogue {
  /** The newest first. */
  readonly entries: readonly CatalogueEntry[];
  /** Prefixes of finished backups that the catalogue does not name: somebody has taken their entries away. */
  readonly unlisted: readonly string[];
  /** Why a finished backup cannot be restored, by its id: one that it continues is not there. */
  readonly cut: ReadonlyMap<string, MissingLinkError>;
}

/** Reads the whole catalogue, and holds it against what lies in the bucket. */
export async function wholeCatalogue(archive: ArchiveReader, now: Instant): Promise<WholeCatalogue> {
  const entries: CatalogueEntry[] = [];
  for await (const entry of newestFirst(archive, now)) entries.push(entry);
  const cut = new Map<string, MissingLinkError>();
  for (const { backupId } of entries.filter(isCompleted)) {
    try {
      chainOf(entries, backupId);
    } catch (error) {
      if (!(error instanceof MissingLinkError)) throw error;
      cut.set(backupId, error);
    }
  }
  return { entries, unlisted: await unlistedIn(archive, entries), cut };
}

/** Whether nothing is wrong but what time has taken away. */
export const isWhole = ({ entries, unlisted, cut }: WholeCatalogue): boolean =>
  unlisted.length === 0 &&
  entries.every(({ status }) => status === 'completed' || status === 'expired') &&
  [...cut.values()].every(({ hasExpired }) => hasExpired);

/**
 * The backup to take when none is named.
 * @throws MissingLinkError when there is none, or the catalogue may lack a newer one
 */
export function newestOf({ entries, unlisted }: WholeCatalogue): string {
  if (unlisted.length > 0)
    throw new MissingLinkError(
      `The catalogue does not name the backup in ${unlisted.join(', ')}: say which of those that it names you want.`,
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
