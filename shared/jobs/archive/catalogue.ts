import { addSeconds, type Instant } from '../../lifecycle/instant.ts';
import type { ArchiveReader } from '../ports.ts';
import { catalogueKeyStart, completedKey, KEPT_DAYS, ROOTS, stamp } from './archive-keys.ts';
import { type BackupManifest, type CompletedMarker, readManifest, readMarker } from './backup-manifest.ts';
import { sha256Of } from './put-object.ts';

/** A backup as the bucket tells of it: the bucket alone suffices, were the tables gone. */
export type CatalogueEntry =
  | {
      readonly status: 'completed';
      readonly backupId: string;
      readonly manifest: BackupManifest;
      /** The bytes that were signed. */
      readonly text: Uint8Array;
      readonly marker: CompletedMarker;
    }
  | {
      /**
       * `unfinished`: it has no marker. `broken`: what the marker names is not what lies there. `expired`: the same, at an age at
       * which the bucket has taken it away; the catalogue remembers it for years. `unsigned`: it looks finished, and somebody else has
       * made it.
       */
      readonly status: 'unfinished' | 'broken' | 'expired' | 'unsigned';
      readonly backupId: string;
      readonly prefix: string;
    };

export type CompletedBackup = Extract<CatalogueEntry, { readonly status: 'completed' }>;

export const isCompleted = (entry: CatalogueEntry): entry is CompletedBackup => entry.status === 'completed';

/** What an entry of the catalogue holds: where the backup lies. Everything else is told by the signed manifest. */
export const pointerText = (backupId: string, prefix: string): string =>
  `${JSON.stringify({ backup_id: backupId, prefix })}\n`;

/**
 * All backups, the newest first. Only the list of them is held; each is read when it is asked for.
 * @param now absent: what has expired by then is not told from what is unfinished
 */
export async function* newestFirst(archive: ArchiveReader, now?: Instant): AsyncGenerator<CatalogueEntry> {
  const oldest = now === undefined ? '' : `${ROOTS.catalogue}${stamp(addSeconds(now, -KEPT_DAYS * 86_400))}`;
  const keys: string[] = [];
  for await (const page of archive.list(ROOTS.catalogue)) keys.push(...page.map(({ key }) => key));
  for (const key of keys.sort().reverse()) {
    const bytes = await archive.get(key);
    const pointer = bytes && readPointer(bytes);
    // A pointer that cannot be read is shown, so that nobody takes the catalogue for whole.
    const entry = pointer && (await readEntry(archive, key, pointer));
    if (entry && !isCompleted(entry) && key < oldest && !entry.prefix.startsWith(ROOTS.years))
      yield { ...entry, status: 'expired' };
    else yield entry ?? { status: 'broken', backupId: key.slice(ROOTS.catalogue.length), prefix: '' };
  }
}

async function readEntry(
  archive: ArchiveReader,
  key: string,
  { backupId, prefix }: { readonly backupId: string; readonly prefix: string },
): Promise<CatalogueEntry> {
  const marked = await archive.get(completedKey(prefix));
  if (!marked) return { status: 'unfinished', backupId, prefix };
  const marker = readMarker(marked);
  const text = marker && (await archive.get(marker.manifest_key));
  const manifest = text && readManifest(text);
  if (
    !manifest ||
    sha256Of(text) !== marker.manifest_sha256 ||
    manifest.prefix !== prefix ||
    manifest.backup_id !== backupId ||
    // Under a later time an old backup would be taken for the newest.
    !key.startsWith(catalogueKeyStart(manifest.started_at, backupId))
  )
    return { status: 'broken', backupId, prefix };
  return { status: 'completed', backupId, manifest, text, marker };
}

function readPointer(bytes: Uint8Array): { readonly backupId: string; readonly prefix: string } | undefined {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const { backup_id: backupId, prefix } = Object(json);
    return typeof backupId === 'string' && typeof prefix === 'string' ? { backupId, prefix } : undefined;
  } catch {
    return undefined;
  }
}

/** A backup cannot be restored because one that it continues is not there. */
export class MissingLinkError extends Error {
  override readonly name = 'MissingLinkError';
  /** It was there, for as long as it is kept. */
  readonly hasExpired: boolean;

  constructor(message: string, hasExpired = false) {
    super(message);
    this.hasExpired = hasExpired;
  }
}

/**
 * What must be restored for a backup, in that order: a full one first, the backup itself last.
 * @throws MissingLinkError when one of them is missing, unfinished or broken, or does not begin where the one before ends
 */
export function chainOf(entries: readonly CatalogueEntry[], backupId: string): readonly CompletedBackup[] {
  const byId = new Map<string, CatalogueEntry>();
  // A backup that a person retried stands there twice; the newest completed one counts.
  for (const entry of entries)
    if (!byId.has(entry.backupId) || !isKnownCompleted(byId, entry.backupId)) byId.set(entry.backupId, entry);
  const chain: CompletedBackup[] = [];
  for (let id: string | null = backupId; id !== null; ) {
    const entry = byId.get(id);
    if (!entry) throw new MissingLinkError(`Backup ${id} is not in the catalogue.`);
    if (!isCompleted(entry))
      throw new MissingLinkError(`Backup ${id} is ${entry.status}.`, entry.status === 'expired');
    if (chain.includes(entry)) throw new MissingLinkError(`Backup ${id} continues itself.`);
    const later = chain[0];
    if (later && (later.manifest.interval.from ?? '') !== entry.manifest.interval.until)
      throw new MissingLinkError(`Backup ${later.backupId} does not begin where ${id} ends.`);
    chain.unshift(entry);
    id = entry.manifest.parent;
  }
  if (chain[0]?.manifest.backup_type !== 'full')
    throw new MissingLinkError('A chain must begin with a full backup.');
  return chain;
}

const isKnownCompleted = (byId: ReadonlyMap<string, CatalogueEntry>, id: string): boolean =>
  byId.get(id)?.status === 'completed';
