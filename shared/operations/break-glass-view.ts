import type { AuditAction } from '../evidence/audit-actions.ts';
import { standaloneEntry } from '../evidence/audit-chain.ts';
import type { AuditEntry } from '../evidence/audit-entry.ts';
import { reviewStatusOf } from '../evidence/break-glass.ts';
import type { Caller } from '../evidence/caller.ts';
import type { JsonObject } from '../jobs/ports.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { Role } from '../lifecycle/role.ts';
import type { BreakGlassGrant, OpenedGrant } from './break-glass-ports.ts';
import type { Engine } from './engine.ts';
import { actorOf, type RequestContext } from './find-job.ts';

/** A grant in codes and times: neither whose data it opened nor why. */
export const grantView = (grant: BreakGlassGrant, now: Instant): JsonObject => ({
  grant_id: grant.grantId,
  status: reviewStatusOf(grant, now),
  role: grant.role,
  reason_code: grant.reasonCode,
  granted_at: grant.grantedAt,
  expires_at: grant.expiresAt,
  ...(grant.endedAt !== undefined && { ended_at: grant.endedAt }),
  review_due_at: grant.reviewDueAt,
  ...(grant.review && {
    review: {
      verdict: grant.review.verdict,
      reviewed_at: grant.review.reviewedAt,
      role: grant.review.role,
      late: grant.reviewDueAt < grant.review.reviewedAt,
    },
  }),
});

/** The same with what is sealed of it, for whoever judges it. */
export const openedView = ({ grant, words }: OpenedGrant, now: Instant): JsonObject => ({
  ...grantView(grant, now),
  ...(words
    ? {
        user_id: words.userId,
        holder: words.holder,
        reason: words.reason,
        ...(words.note !== undefined && { note: words.note }),
      }
    : { content_gone: true }),
});

/** The entry of what is done with a grant: its patient, its id and codes. */
export const grantEntry = (
  deps: Pick<Engine, 'refs' | 'random'>,
  of: {
    readonly action: AuditAction;
    readonly grant: BreakGlassGrant;
    readonly caller: Caller;
    readonly role: Role;
    readonly request: RequestContext;
    readonly details?: AuditEntry['details'];
  },
): AuditEntry =>
  standaloneEntry(
    {
      at: of.request.receivedAt,
      action: of.action,
      outcome: 'success',
      actor: actorOf(deps, of.caller, of.role),
      subjectRef: of.grant.userRef,
      correlationId: of.request.correlationId,
      details: { grant_id: of.grant.grantId, ...of.details },
    },
    deps.random.ulid(of.request.receivedAt),
  );
