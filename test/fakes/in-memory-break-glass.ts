import { barredUntil, reviewStatusOf } from '#shared/evidence/break-glass.ts';
import type {
  BreakGlassGrant,
  BreakGlassStore,
  EmergencyGrants,
  OverdueReviews,
  PatientGrants,
} from '#shared/operations/break-glass-ports.ts';
import type { MemoryDatabase } from './memory-database.ts';

const grantsOf = (db: MemoryDatabase): BreakGlassGrant[] =>
  [...db.breakGlass.values()].map(({ grant }) => structuredClone(grant));

const holderOf = ({ actorRef, userRef }: BreakGlassGrant): string => `${actorRef}/${userRef}`;

/** The newest grants come last: the map keeps the order in which they were put. */
export const createInMemoryEmergencyGrants = (db: MemoryDatabase): EmergencyGrants & { reads: number } => {
  const newest = (actorRef: string) => {
    const own = grantsOf(db).filter((grant) => grant.actorRef === actorRef);
    return new Map(own.map((grant) => [grant.userRef, grant]));
  };
  const fake = {
    /** How often anybody has asked. */
    reads: 0,
    newest: async (actorRef: string, userRef: string) => {
      fake.reads += 1;
      return newest(actorRef).get(userRef);
    },
    unexpired: async (actorRef: string, now: string) => {
      fake.reads += 1;
      return [...newest(actorRef).values()].filter((grant) => grant.expiresAt > now);
    },
  };
  return fake;
};

export const createInMemoryPatientGrants = (db: MemoryDatabase): PatientGrants =>
  async function* grantsFor(userRef, passOver) {
    for (const grant of grantsOf(db).filter((one) => one.userRef === userRef)) {
      if (db.damaged.has(grant.grantId)) passOver(grant.grantId);
      else yield grant;
    }
  };

export const createInMemoryOverdueReviews = (db: MemoryDatabase): OverdueReviews => ({
  count: async (now, limit) =>
    Math.min(grantsOf(db).filter((grant) => reviewStatusOf(grant, now) === 'overdue').length, limit),
  made: async (since, limit) =>
    Math.min(grantsOf(db).filter(({ grantedAt }) => grantedAt >= since).length, limit),
});

export const createInMemoryBreakGlass = (db: MemoryDatabase): BreakGlassStore => ({
  open: async ({ grant, words, audit, notice, idempotency }) => {
    db.demandOpen(grant.userRef);
    if ((db.barred.get(holderOf(grant)) ?? '') > grant.grantedAt) return { barred: true };
    const before = idempotency && db.idempotency.get(idempotency.keyRef);
    if (before && before.expiresAt > grant.grantedAt) return { taken: structuredClone(before) };
    if (idempotency) db.idempotency.set(idempotency.keyRef, structuredClone(idempotency));
    db.breakGlass.set(grant.grantId, structuredClone({ grant, words }));
    db.events.breakGlass.set(grant.grantId, { id: grant.grantId, at: grant.grantedAt });
    db.putAudit(audit);
    db.putJob(notice);
    return {};
  },
  read: async (grantId) => {
    const stored = structuredClone(db.breakGlass.get(grantId));
    if (!stored) return undefined;
    return db.erased.has(stored.grant.userRef) ? { grant: stored.grant } : stored;
  },
  readClear: async (grantId) => structuredClone(db.breakGlass.get(grantId)?.grant),
  change: async (before, after, audit, note) => {
    const stored = db.breakGlass.get(before.grantId);
    if (stored?.grant.revision !== before.revision) return false;
    const { userRef } = before;
    const kept = note !== undefined && !db.closed.has(userRef) && !db.erased.has(userRef);
    const words = { ...stored.words, ...(kept && { note }) };
    db.breakGlass.set(before.grantId, structuredClone({ grant: after, words }));
    db.putAudit(audit);
    const until = after.review && barredUntil(after.review);
    if (until !== undefined) db.barred.set(holderOf(after), until);
    return true;
  },
  page: async (status, now, limit, after) => {
    const position = ({ review, reviewDueAt, grantId }: BreakGlassGrant) =>
      `${review?.reviewedAt ?? reviewDueAt}#${grantId}`;
    const order = status === 'reviewed' ? -1 : 1;
    const found = grantsOf(db)
      .filter((grant) => reviewStatusOf(grant, now) === status)
      .sort((a, b) => order * (position(a) < position(b) ? -1 : 1))
      .filter((grant) => after === undefined || order * (position(grant) > after ? 1 : -1) > 0)
      .filter((grant) => position(grant) !== after);
    const grants = found.slice(0, limit);
    const last = grants.at(-1);
    return { grants, ...(found.length > limit && last && { next: position(last) }) };
  },
});
