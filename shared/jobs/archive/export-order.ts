import type { Instant } from '../../lifecycle/instant.ts';
import type { ChildJob } from '../ports.ts';

/** Names of the internal kinds that carry an export through, and take its files in. */
export const EXPORT_KIND = 'backup-export';
export const FILES_KIND = 'backup-export-files';

/** Which files of an export are to be taken in. */
export type FilesOrder = {
  readonly table: string;
  /** See `exportFolder`. */
  readonly folder: string;
  readonly exported_at: Instant;
  /** Positions in the export's list: `[from, until)`. */
  readonly from: number;
  readonly until: number;
};

/** One child job for each table, which exports it. */
export const planExports = (prefix: string, tables: readonly string[]): readonly ChildJob[] =>
  tables.map((table) => ({ key: table, kind: EXPORT_KIND, payload: { prefix, table }, priority: 'LOW' }));

export const filesJob = (key: string, payload: FilesOrder): ChildJob => ({
  key,
  kind: FILES_KIND,
  payload,
  priority: 'LOW',
});
