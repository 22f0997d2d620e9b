import { FieldCipherError } from '#shared/adapters/field-cipher-error.ts';
import { ProblemError } from '#shared/errors/problem-error.ts';
import {
  type OutcomeReader,
  type PassOver,
  type RecordReader,
  type RecordType,
  type StoredRecord,
  SYSTEM_OWNER,
} from '#shared/jobs/ports.ts';
import { claimed, refuseClaim } from '#shared/lifecycle/claim.ts';
import type { JobRow } from '#shared/lifecycle/job-row.ts';
import { allows, isTerminal } from '#shared/lifecycle/transitions.ts';
import type {
  AuditLog,
  CommitAnswer,
  DueBuckets,
  JobChange,
  JobStore,
  ScheduleStore,
  WatchClass,
} from '#shared/operations/ports.ts';
import { putRecall } from './in-memory-recall.ts';
import { bucketKey, MemoryDatabase, recordKey } from './memory-database.ts';

/** Switches of the control runs: the fault run must fail when one of these guards is off. */
export interface Guards {
  readonly fence: boolean;
}

/** JobStore over one `MemoryDatabase`, with the conditions of the real one. */
export function createInMemoryStore(
  database: MemoryDatabase = new MemoryDatabase(),
  guards: Guards = { fence: true },
): JobStore {
  const db = database;

  const holds = (change: JobChange): boolean => {
    const row = db.rows.get(change.before.jobId);
    if (!row) return false;
    if (!guards.fence) return true;
    const { before } = change;
    return (
      allows(change.event, row.status) &&
      row.chainSeq === before.chainSeq &&
      row.fence === before.fence &&
      row.generation === before.generation
    );
  };

  const parentHolds = (change: JobChange): boolean => {
    if (!change.parent) return true;
    const { before } = change.parent;
    const row = db.rows.get(before.jobId);
    return (
      row?.status === before.status &&
      row.chainSeq === before.chainSeq &&
      row.openChildren === before.openChildren
    );
  };

  const write = (row: JobRow, summary?: string): void => {
    const before = db.rows.get(row.jobId);
    if (before && before.status !== row.status)
      db.changes.push({ jobId: row.jobId, from: before.status, to: row.status });
    db.putRow(row, summary);
  };

  const page = <T>(all: readonly T[], limit: number, after: string | undefined) => {
    const start = after === undefined ? 0 : Number(after);
    const rows = all.slice(start, start + limit).map((row) => structuredClone(row));
    return start + limit < all.length ? { rows, next: String(start + limit) } : { rows };
  };

  return {
    answered: async (keyRef, now) => {
      const taken = db.idempotency.get(keyRef);
      if (!taken || taken.expiresAt <= now) return undefined;
      return structuredClone({ fingerprint: taken.fingerprint, answer: taken.answer });
    },

    accept: async (job, idempotency, openLimit) => {
      if (idempotency) {
        const taken = db.idempotency.get(idempotency.keyRef);
        if (taken && taken.expiresAt > job.row.createdAt)
          return { accepted: false, taken: { fingerprint: taken.fingerprint, answer: taken.answer } };
      }
      db.demandSealable([], [job]);
      if (db.rows.has(job.row.jobId)) return { accepted: false, exists: true };
      const { counted, userRef } = job.row;
      if (counted && userRef !== undefined) {
        if (openLimit !== undefined && (db.open.get(userRef) ?? 0) >= openLimit)
          return { accepted: false, full: true };
        db.countOpen(userRef, 1);
      }
      db.putJob(job);
      if (idempotency) db.idempotency.set(idempotency.keyRef, structuredClone(idempotency));
      return { accepted: true };
    },

    claim: async (request) => {
      const row = db.rows.get(request.jobId);
      const refusal = refuseClaim(row, request);
      if (refusal || !row) return { refusal: structuredClone(refusal ?? { reason: 'missing' as const }) };
      const after = claimed(row, request);
      write(after);
      return { row: structuredClone(after) };
    },

    commit: async (change): Promise<CommitAnswer> => {
      if (!holds(change)) return 'lost';
      const writes = change.writes ?? [];
      const { closing } = change;
      db.demandSealable(writes, change.children);
      if (change.result) db.demandOpen(change.after.userRef);
      if (!db.expectationsHold(writes) || !parentHolds(change)) return 'conflict';
      if (closing && !db.stateExpectationHolds(closing)) return 'conflict';
      const made = (change.children ?? []).filter(({ row }) => !db.rows.has(row.jobId));
      const begun = [...(change.before.counted ? [] : [change.after]), ...made.map(({ row }) => row)].filter(
        ({ counted }) => counted,
      );
      const limit = change.openLimit ?? Number.MAX_SAFE_INTEGER;
      const room = (ref: string) => limit - (db.open.get(ref) ?? 0);
      const wanted = (ref: string) => begun.filter(({ userRef }) => userRef === ref).length;
      if (begun.some(({ userRef = '' }) => wanted(userRef) > room(userRef))) return 'full';
      write(change.after, change.summary);
      db.putAudit(change.audit);
      for (const { userRef } of begun) if (userRef !== undefined) db.countOpen(userRef, 1);
      const { userRef } = change.before;
      if (change.before.counted && !change.after.counted && userRef !== undefined) db.countOpen(userRef, -1);
      if (change.result) db.results.set(change.after.jobId, structuredClone(change.result));
      if (change.outcome) {
        const { jobId, generation } = change.outcome;
        db.outcomes.set(`${jobId}#${generation}`, structuredClone(change.outcome));
      }
      if (change.recall) putRecall(db, change.after, change.recall);
      db.applyWrites(writes);
      if (closing) db.applyState(closing);
      for (const child of made) db.putJob(child);
      if (change.parent) {
        write(change.parent.after);
        if (change.parent.audit) db.putAudit(change.parent.audit);
      }
      return 'committed';
    },

    openCounts: async (userRefs) => new Map(userRefs.map((userRef) => [userRef, db.open.get(userRef) ?? 0])),

    recordIntent: async (row, writes, unchanged = [], evidence = []) => {
      const now = db.rows.get(row.jobId);
      db.demandSealable(writes);
      const held = now?.status === 'running' && now.fence === row.fence && now.generation === row.generation;
      if (!held && guards.fence) return 'lost';
      if (!db.expectationsHold(writes) || !db.areUnchanged(unchanged)) return 'conflict';
      db.applyWrites(writes);
      for (const entry of evidence) db.putAudit(entry);
      return 'committed';
    },

    read: async (jobId) => structuredClone(db.rows.get(jobId)),
    readMany: async (ids) => ids.map((id) => structuredClone(db.rows.get(id))),
    payload: async (row) => {
      if (db.erased.has(row.userRef ?? ''))
        throw new FieldCipherError('secret_missing', 'The secret of an owner does not exist.');
      const payload = db.payloads.get(row.jobId);
      if (!payload) throw new Error('The job has no payload.');
      return structuredClone(payload);
    },
    result: async (row) => {
      if (db.erased.has(row.userRef ?? ''))
        throw new FieldCipherError('secret_missing', 'The secret of an owner does not exist.');
      if (db.lost.has(row.jobId)) throw new ProblemError('result_lost', 'It is not stored any more.');
      return structuredClone(db.results.get(row.jobId));
    },
    answeredRecord: async (row) => {
      if (!row.answersFor) return undefined;
      const record = db.occurrence(row.userRef ?? SYSTEM_OWNER, row.answersFor.id);
      return record && structuredClone({ version: record.version, state: record.state });
    },
    summaries: async (rows) => db.openSummaries(rows),

    watched: async (watch, priority, until, limit) =>
      [...db.watched]
        .flatMap((id) => db.rows.get(id) ?? [])
        .filter(
          (row) => watchOf(row) === watch && row.priority === priority && (watchSort(row) ?? '9') <= until,
        )
        .sort((a, b) => ((watchSort(a) ?? '') < (watchSort(b) ?? '') ? -1 : 1))
        .slice(0, limit)
        .map((row) => structuredClone(row)),

    touch: async (row, next) => {
      const now = db.rows.get(row.jobId);
      if (!now || now.checkAt !== row.checkAt || now.status !== row.status || now.fence !== row.fence)
        return false;
      db.putRow({ ...now, ...next });
      return true;
    },

    listByUser: async (userRef, month, limit, after) => {
      const { rows, ...rest } = page(
        [...db.rows.values()]
          .filter((row) => row.userRef === userRef && row.createdAt.startsWith(month))
          .sort((a, b) => (`${a.createdAt}#${a.jobId}` > `${b.createdAt}#${b.jobId}` ? -1 : 1)),
        limit,
        after,
      );
      const read = rows.filter(({ jobId }) => !db.damaged.has(jobId));
      const lost = rows.length - read.length;
      return { rows: read, ...rest, ...(lost > 0 && { unreadable: lost }) };
    },

    // Its cursor is a place in the order, as that of the index is: rows that leave the list move no others.
    listOpen: async ({ watches, priorities }, limit, after) => {
      const start = Buffer.from(after ?? '', 'base64url').toString();
      const rest = [...db.watched]
        .flatMap((id) => db.rows.get(id) ?? [])
        .filter((row) => {
          const watch = watchOf(row);
          return watch !== undefined && watches.includes(watch) && priorities.includes(row.priority);
        })
        .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
        .filter((row) => placeOf(row) > start);
      const rows = structuredClone(rest.slice(0, limit));
      const last = rows.at(-1);
      const more = rest.length > limit && last;
      return { rows, ...(more && { next: Buffer.from(placeOf(last)).toString('base64url') }) };
    },

    listEnded: async ({ from, to }, limit, after) =>
      page(
        [...db.outcomes.values()]
          .filter((row) => row.endedAt >= from && row.endedAt < to)
          .sort((a, b) => (a.endedAt > b.endedAt ? -1 : 1))
          // Sealed: a list opens nothing.
          .map(({ facts: _sealed, ...row }) => row),
        limit,
        after,
      ),
  };
}

const placeOf = ({ status, endedAt, checkAt, dueAt, jobId }: JobRow): string =>
  `${(status === 'failed' ? endedAt : checkAt) ?? dueAt}#${jobId}`;

function watchOf(row: JobRow): WatchClass | undefined {
  if (row.status === 'scheduled' || row.status === 'waiting' || row.status === 'failed') return row.status;
  return isTerminal(row.status) ? undefined : 'open';
}

const watchSort = (row: JobRow) => (row.status === 'failed' ? row.endedAt : row.checkAt);

/** RecordReader over the same database. */
export function createInMemoryRecords(db: MemoryDatabase): RecordReader {
  function* standing<T extends RecordType>(keys: readonly string[], passOver?: PassOver) {
    for (const key of keys) {
      if (!db.damaged.has(key)) yield structuredClone(db.records.get(key)) as StoredRecord<T>;
      else if (passOver) passOver(key.slice(key.indexOf('#') + 1), 'damaged');
      else throw new FieldCipherError('not_authentic', 'A record is damaged.');
    }
  }
  return {
    readMany: async <T extends RecordType>(keys: readonly { type: T; owner: string; id: string }[]) => {
      if (keys.some((key) => db.damaged.has(recordKey(key))))
        throw new FieldCipherError('not_authentic', 'A record is damaged.');
      // A key of type T was written by a write of type T.
      return keys.map(
        (key) => structuredClone(db.records.get(recordKey(key))) as StoredRecord<T> | undefined,
      );
    },
    owners: async (prefix, limit) => {
      const owners = [...db.records.keys()].flatMap((key) => /^(.*)\/medication#/.exec(key)?.[1] ?? []);
      return [...new Set(owners)]
        .filter((owner) => owner.startsWith(prefix))
        .sort()
        .slice(0, limit);
    },
    patientsOf: async (grantee, limit) =>
      [...db.grantees]
        .flatMap((pair) => (pair.startsWith(`${grantee}/`) ? pair.slice(grantee.length + 1) : []))
        .sort()
        .slice(0, limit),
    async *list<T extends RecordType>(type: T, owner: string, idPrefix: string, passOver?: PassOver) {
      const prefix = `${owner}/${type}#${idPrefix}`;
      const keys = [...db.records.keys()].filter((key) => key.startsWith(prefix)).sort();
      yield* standing<T>(keys, passOver);
    },
    async *range<T extends RecordType>(
      type: T,
      owner: string,
      ids: { from: string; until: string },
      passOver?: PassOver,
    ) {
      const [first, end] = [
        recordKey({ owner, type, id: ids.from }),
        recordKey({ owner, type, id: ids.until }),
      ];
      const keys = [...db.records.keys()].filter((key) => key >= first && key < end).sort();
      yield* standing<T>(keys, passOver);
    },
  };
}

/** ScheduleStore over the same database. */
export function createInMemorySchedules(db: MemoryDatabase): ScheduleStore {
  const records = createInMemoryRecords(db);
  return {
    read: async (key) => (await records.readMany([key]))[0],
    commit: async (writes, jobs, audit = [], unchanged = []) => {
      db.demandSealable(writes, jobs);
      const free = jobs.every((job) => !db.rows.has(job.row.jobId));
      if (!free || !db.expectationsHold(writes) || !db.areUnchanged(unchanged)) return 'conflict';
      db.applyWrites(writes);
      for (const job of jobs) db.putJob(job);
      for (const entry of audit) db.putAudit(entry);
      return 'committed';
    },
  };
}

export function createInMemoryDueBuckets(db: MemoryDatabase): DueBuckets {
  return {
    shards: db.dueShards,
    watermark: async (shard) => db.watermarks.get(shard),
    moveWatermark: async (shard, to) => {
      if ((db.watermarks.get(shard) ?? '') < to) db.watermarks.set(shard, to);
    },
    async *read(shard, minute) {
      yield* structuredClone(db.buckets.get(bucketKey(shard, minute)) ?? []);
    },
  };
}

export function createInMemoryAudit(db: MemoryDatabase): AuditLog {
  return {
    put: async (entry) => db.putAudit(entry),
    putAll: async (entries) => {
      for (const entry of entries) db.putAudit(entry);
    },
    chain: async (jobId) =>
      [...db.audit.values()]
        .filter((entry) => entry.jobId === jobId && entry.seq !== undefined)
        .sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0))
        .map((entry) => structuredClone(entry)),
    entry: async (jobId, seq) => structuredClone(db.audit.get(`${jobId}#${seq}`)),
  };
}

export function createInMemoryOutcomes(db: MemoryDatabase): OutcomeReader {
  return {
    async *between(start, end) {
      for (const row of db.outcomes.values())
        if (row.endedAt >= start && row.endedAt < end) yield structuredClone(row);
    },
  };
}
