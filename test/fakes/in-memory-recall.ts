import type { JobRow } from '#shared/lifecycle/job-row.ts';
import type { RecallEntry, RecallIndex, RecallRow, ReleaseStore } from '#shared/operations/recall-ports.ts';
import type { MemoryDatabase } from './memory-database.ts';

/** As the last transaction of a job writes it. */
export function putRecall(
  db: MemoryDatabase,
  { jobId, endedAt, userRef }: JobRow,
  { refs, recall }: RecallEntry,
): void {
  if (endedAt === undefined || userRef === undefined) return;
  db.recalls.push(...refs.map((ref) => structuredClone({ ref, jobId, endedAt, userRef, recall })));
}

const positionOf = ({ endedAt, jobId }: RecallRow): string => `${endedAt}#${jobId}`;

/** RecallIndex over the same database. */
export function createInMemoryRecall(db: MemoryDatabase): RecallIndex {
  return {
    entry: async (ref, { jobId }) =>
      structuredClone(db.recalls.find((row) => row.ref === ref && row.jobId === jobId)?.recall),
    remove: async (refs, { jobId }) => {
      const kept = db.recalls.filter((row) => row.jobId !== jobId || !refs.includes(row.ref));
      db.recalls.splice(0, db.recalls.length, ...kept);
    },
    page: async (refs, { from = '', to }, limit, after) => {
      const found = db.recalls
        .filter((row) => refs.includes(row.ref) && row.endedAt >= from && positionOf(row) < (after ?? to))
        .filter((row) => positionOf(row) < to)
        .sort((a, b) => (positionOf(a) > positionOf(b) ? -1 : 1));
      const shown = found.slice(0, limit);
      const last = shown.at(-1);
      const rows = shown.map((row) => {
        const { recall, ...clear } = structuredClone(row);
        return db.erased.has(row.userRef) || !recall ? clear : { ...clear, recall };
      });
      return { rows, ...(found.length > limit && last && { next: positionOf(last) }) };
    },
  };
}

/** ReleaseStore over the same database. */
export function createInMemoryReleases(db: MemoryDatabase): ReleaseStore {
  return {
    read: async ({ jobId }) => structuredClone(db.releases.get(jobId)),
    put: async ({ jobId }, before, after, audit) => {
      if (db.releases.get(jobId)?.revision !== before?.revision) return false;
      db.releases.set(jobId, structuredClone(after));
      db.putAudit(audit);
      return true;
    },
  };
}
