import Table from 'cli-table3';
import type { CatalogueEntry } from '#shared/jobs/archive/catalogue.ts';
import type { WholeCatalogue } from '#shared/jobs/archive/whole-catalogue.ts';
import type { RestoreAnswer } from './restore-chain.ts';

const PLAIN = { style: { head: [], border: [] } };

/** What is told of all backups. Those that have expired are not shown: nothing of them is left. */
export const describeAll = ({ entries, unlisted, cut, missing }: WholeCatalogue) => [
  ...missing.map(({ backupId, namedBy = null }) => ({
    backup_id: backupId,
    status: 'missing',
    named_by: namedBy,
  })),
  ...unlisted.map((prefix) => ({ backup_id: null, status: 'unlisted', prefix })),
  ...entries
    .filter(({ status }) => status !== 'expired')
    .map((entry) => {
      const missing = cut.get(entry.backupId)?.message;
      return { ...describe(entry), ...(missing !== undefined && { missing }) };
    }),
];

function describe(entry: CatalogueEntry) {
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

export function catalogueText({ entries, unlisted, cut, missing }: WholeCatalogue): string {
  const table = new Table({
    head: ['backup', 'status', 'type', 'continues', 'holds until', 'items'],
    ...PLAIN,
  });
  const shown = entries.filter(({ status }) => status !== 'expired');
  for (const entry of shown) {
    if (entry.status === 'completed') {
      const { backup_type, parent, interval } = entry.manifest;
      const { items } = describe(entry);
      const status = cut.has(entry.backupId) ? 'cut off' : entry.status;
      table.push([entry.backupId, status, backup_type, parent ?? '', interval.until, items ?? 0]);
    } else table.push([entry.backupId, entry.status, '', '', '', '']);
  }
  const expired = entries.length - shown.length;
  return [
    table.toString(),
    `${shown.length} backups${expired > 0 ? `; ${expired} have expired` : ''}.`,
    ...[...cut].map(([id, { message }]) => `${id} cannot be restored: ${message}`),
    ...unlisted.map((prefix) => `NOT IN THE CATALOGUE: the finished backup in ${prefix}`),
    ...missing.map(
      ({ backupId, namedBy }) =>
        `MISSING: ${backupId} had ended well, as ${namedBy === undefined ? 'the tables tell' : `${namedBy} tells`}, and is not there any more.`,
    ),
  ].join('\n');
}

export function restoreText({ chain, until, tables, secrets, seconds, same }: RestoreAnswer): string {
  const table = new Table({ head: ['table', 'items', 'hash of the backup', 'hash of the table'], ...PLAIN });
  for (const { table: name, items, expected, found } of tables)
    table.push([name, items, short(expected), short(found)]);
  return [
    `Chain: ${chain.join(' → ')}, holds what was until ${until}`,
    table.toString(),
    `${seconds} s${secrets > 0 ? `, ${secrets} secrets carried over` : ''}.`,
    same ? 'What stands is what the backup says.' : 'NOT THE SAME: what stands is not what the backup says.',
  ].join('\n');
}

const short = (hash: string): string => hash.slice(hash.indexOf(':') + 1, hash.indexOf(':') + 17);
