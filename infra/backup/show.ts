import Table from 'cli-table3';
import type { CatalogueEntry } from '#shared/jobs/archive/catalogue.ts';
import type { RestoreAnswer } from './restore-chain.ts';

const PLAIN = { style: { head: [], border: [] } };

/** What is told of one backup. */
export function describe(entry: CatalogueEntry) {
  if (entry.status !== 'completed')
    return { backup_id: entry.backupId, status: entry.status, prefix: entry.prefix };
  const { backup_type, engine, parent, interval, prefix, tables } = entry.manifest;
  const sum = (of: 'items' | 'bytes') => tables.reduce((total, table) => total + table[of], 0);
  const [items, bytes] = [sum('items'), sum('bytes')];
  return {
    backup_id: entry.backupId,
    status: entry.status,
    backup_type,
    engine,
    parent,
    interval,
    items,
    bytes,
    prefix,
  };
}

export function catalogueText(entries: readonly CatalogueEntry[]): string {
  const table = new Table({
    head: ['backup', 'status', 'type', 'continues', 'holds until', 'items'],
    ...PLAIN,
  });
  for (const entry of entries) {
    if (entry.status === 'completed') {
      const { backup_type, parent, interval } = entry.manifest;
      const { items } = describe(entry);
      table.push([entry.backupId, entry.status, backup_type, parent ?? '', interval.until, items ?? 0]);
    } else table.push([entry.backupId, entry.status, '', '', '', '']);
  }
  return `${table.toString()}\n${entries.length} backups.`;
}

export function restoreText({ tables, secrets, seconds, same }: RestoreAnswer): string {
  const table = new Table({ head: ['table', 'items', 'hash of the backup', 'hash of the table'], ...PLAIN });
  for (const { table: name, items, expected, found } of tables)
    table.push([name, items, short(expected), short(found)]);
  return [
    table.toString(),
    `${seconds} s${secrets > 0 ? `, ${secrets} secrets carried over` : ''}.`,
    same ? 'What stands is what the backup says.' : 'NOT THE SAME: what stands is not what the backup says.',
  ].join('\n');
}

const short = (hash: string): string => hash.slice(hash.indexOf(':') + 1, hash.indexOf(':') + 17);
