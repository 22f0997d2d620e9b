import type { EraseStore, SecretState, SubjectTrail } from '#shared/operations/rights-ports.ts';
import { type MemoryDatabase, recordKey } from './memory-database.ts';

/** EraseStore over the same database. */
export function createInMemoryErasing(db: MemoryDatabase): EraseStore {
  const secret = (owner: string): SecretState => {
    const gone = db.tombstones.get(owner);
    if (gone) return { state: 'destroyed', ...gone };
    const at = db.closed.get(owner);
    return at === undefined ? { state: 'open' } : { state: 'closed', at };
  };
  return {
    due: async (now, limit) =>
      [...db.erasures.values()]
        .filter(({ dueAt }) => dueAt <= now)
        .sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1))
        .slice(0, limit),
    settle: async ({ owner, dueAt }) => {
      db.erasures.delete(`${dueAt}#${owner}`);
    },
    secret: async (owner) => secret(owner),
    closeSecret: async (owner, at) => {
      if (!db.closed.has(owner)) db.closed.set(owner, at);
    },
    destroySecret: async (owner, erasureId, at) => {
      if (secret(owner).state === 'destroyed') return;
      if (secret(owner).state !== 'closed')
        throw new Error('Only a secret that was closed can be destroyed.');
      db.tombstones.set(owner, { at, erasureId });
      db.erased.add(owner);
    },
    markErased: async (owner, at) => {
      const marked = { type: 'erased', id: '', version: 1, state: { at }, body: {} } as const;
      if (!db.records.has(mark(owner))) db.records.set(mark(owner), marked);
    },
    deleteRecords: async (owner, limit) => {
      const keys = [...db.records.keys()]
        .filter((key) => key.startsWith(`${owner}/`) && ![decision(owner), mark(owner)].includes(key))
        .slice(0, limit);
      for (const key of keys) db.records.delete(key);
      for (const [bucket, entries] of db.buckets)
        db.buckets.set(
          bucket,
          entries.filter((entry) => entry.owner !== owner),
        );
      return keys.length;
    },
    deleteGrantees: async (owner, grantees) => {
      for (const grantee of grantees) db.grantees.delete(`${grantee}/${owner}`);
    },
    deleteUserRow: async () => undefined,
    deleteDecision: async (owner) => {
      db.records.delete(decision(owner));
    },
  };
}

const mark = (owner: string): string => recordKey({ type: 'erased', owner, id: '' });
const decision = (owner: string): string => recordKey({ type: 'erasure', owner, id: '' });

/** SubjectTrail over the same database. */
export const createInMemorySubjectTrail = (db: MemoryDatabase): SubjectTrail => ({
  page: async (subjects, { from, to }, wanted, limit, after = '~') => {
    const found = [...db.audit.values()]
      .filter(({ subjectRef, at }) => subjects.includes(subjectRef ?? '') && at >= from && at < to)
      .filter(wanted)
      .sort((a, b) => (positionOf(a) > positionOf(b) ? -1 : 1))
      .filter((entry) => positionOf(entry) < after);
    const entries = found.slice(0, limit).map((entry) => structuredClone(entry));
    const last = entries.at(-1);
    return { entries, ...(found.length > limit && last && { next: positionOf(last) }) };
  },
});

const positionOf = ({ at, entryId }: { at: string; entryId: string }): string => `${at}#${entryId}`;
