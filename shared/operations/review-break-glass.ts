import { ProblemError } from '../errors/problem-error.ts';
import { isLive } from '../evidence/break-glass.ts';
import type { Caller } from '../evidence/caller.ts';
import type { JsonObject } from '../jobs/ports.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { Role } from '../lifecycle/role.ts';
import { aboutNobody } from './about-nobody.ts';
import type { BreakGlassReviewBody } from './bodies/break-glass-review.ts';
import type { BreakGlassGrant, OpenedGrant } from './break-glass-ports.ts';
import { grantEntry, grantView, openedView } from './break-glass-view.ts';
import type { Engine } from './engine.ts';
import type { RequestContext } from './find-job.ts';
import { recordRead } from './record-read.ts';

type Deps = Pick<Engine, 'breakGlass' | 'audit' | 'refs' | 'random'>;

/** The role in which a caller judges emergency accesses. @throws ProblemError `forbidden` */
export const reviewingRole = (
  caller: Caller,
  route: 'listBreakGlass' | 'getBreakGlass' | 'reviewBreakGlass',
  request: RequestContext,
): Role => aboutNobody(route, caller, request, 'None of your roles looks at uses of emergency access.');

/**
 * One grant with its patient, its holder and the reason. It is a read of health data: its audit entry is written before
 * the answer.
 * @throws ProblemError `forbidden`, `not_found`, `read_not_recorded`
 */
export async function getBreakGlass(
  deps: Deps,
  caller: Caller,
  grantId: string,
  request: RequestContext,
): Promise<JsonObject> {
  const role = reviewingRole(caller, 'getBreakGlass', request);
  const opened = await readGrant(deps, grantId);
  const details = { reason: opened.words !== undefined };
  const { grant } = opened;
  await recordRead(
    deps,
    grantEntry(deps, { action: 'break_glass.read', grant, caller, role, request, details }),
  );
  return openedView(opened, request.receivedAt);
}

/**
 * Somebody else's verdict on a grant. One that was not justified ends it, if it still lives. The very same verdict again
 * changes nothing and is recorded as a read; another one does not replace it.
 * @throws ProblemError `forbidden` (also for its holder), `not_found`, `state_conflict`, `read_not_recorded`
 */
export async function reviewBreakGlass(
  deps: Deps,
  caller: Caller,
  { grantId, body }: { readonly grantId: string; readonly body: BreakGlassReviewBody },
  request: RequestContext,
): Promise<JsonObject> {
  const role = reviewingRole(caller, 'reviewBreakGlass', request);
  const opened = await readGrant(deps, grantId);
  const { grant: before, words } = opened;
  const reviewerRef = deps.refs.actor(caller.subject);
  if (before.actorRef === reviewerRef)
    throw new ProblemError('forbidden', 'Nobody judges their own emergency access; somebody else has to.');
  const now = request.receivedAt;
  if (before.review) {
    if (isSame(opened, reviewerRef, body)) return repeated(deps, { grant: before, caller, role, request });
    throw new ProblemError('state_conflict', 'It has been judged already, and a verdict is not replaced.');
  }
  const ends = body.verdict === 'not_justified' && isLive(before, now);
  const after: BreakGlassGrant = {
    ...before,
    review: { verdict: body.verdict, reviewedAt: now, reviewerRef, role },
    ...(ends && { endedAt: now }),
    revision: before.revision + 1,
  };
  const details = { verdict: body.verdict, late: before.reviewDueAt < now, ended: ends };
  const entry = grantEntry(deps, {
    action: 'break_glass.reviewed',
    grant: before,
    caller,
    role,
    request,
    details,
  });
  // A patient whose secret was erased gets none again for the sake of a note.
  await mustChange(deps.breakGlass.change(before, after, entry, words && body.note));
  return grantView(after, now);
}

/**
 * Ends a grant before its time: its holder, who needs it no longer, or an admin. One that is over already stays as it is,
 * which is recorded as a read.
 * @throws ProblemError `forbidden`, `not_found` (also when it is somebody else's), `state_conflict`, `read_not_recorded`
 */
export async function revokeBreakGlass(
  deps: Deps,
  caller: Caller,
  grantId: string,
  request: RequestContext,
): Promise<JsonObject> {
  const role = aboutNobody('revokeBreakGlass', caller, request, 'None of your roles ends emergency access.');
  const before = await deps.breakGlass.readClear(grantId);
  const isHolder = before?.actorRef === deps.refs.actor(caller.subject);
  if (!before || !(isHolder || caller.roles.includes('admin'))) throw notFound();
  const now: Instant = request.receivedAt;
  const by = { grant: before, caller, role: isHolder ? role : 'admin', request } as const;
  if (!isLive(before, now)) return repeated(deps, by);
  const after = { ...before, endedAt: now, revision: before.revision + 1 };
  const entry = grantEntry(deps, {
    ...by,
    action: 'break_glass.revoked',
    details: { by_holder: isHolder },
  });
  await mustChange(deps.breakGlass.change(before, after, entry));
  return grantView(after, now);
}

/** What stands already, told once more. */
async function repeated(
  deps: Pick<Deps, 'audit' | 'refs' | 'random'>,
  of: Pick<Parameters<typeof grantEntry>[1], 'grant' | 'caller' | 'role' | 'request'>,
): Promise<JsonObject> {
  const details = { reason: false, repeated: true };
  await recordRead(deps, grantEntry(deps, { ...of, action: 'break_glass.read', details }));
  return grantView(of.grant, of.request.receivedAt);
}

async function readGrant(deps: Pick<Engine, 'breakGlass'>, grantId: string): Promise<OpenedGrant> {
  const opened = await deps.breakGlass.read(grantId);
  if (!opened) throw notFound();
  return opened;
}

const notFound = () => new ProblemError('not_found', 'No grant of that id is visible to you.');

const isSame = ({ grant, words }: OpenedGrant, reviewerRef: string, body: BreakGlassReviewBody): boolean =>
  grant.review?.reviewerRef === reviewerRef &&
  grant.review.verdict === body.verdict &&
  (words === undefined || words.note === body.note);

async function mustChange(changed: Promise<boolean>): Promise<void> {
  if (!(await changed))
    throw new ProblemError('state_conflict', 'Somebody else has just changed it; look at it and try again.');
}
