import type { RouteName } from '../contract/routes.ts';
import { addSeconds, type Instant } from '../lifecycle/instant.ts';
import type { Role } from '../lifecycle/role.ts';
import type { Caller } from './caller.ts';
import type { PurposeOfUse } from './purpose-of-use.ts';

// Emergency access: what a grant opens, for whom, how long, and who has to look at it afterwards.

/** What emergency access is for. Whoever declares another purpose has none. */
export const BREAK_GLASS_PURPOSE = 'ETREAT' satisfies PurposeOfUse;

/**
 * The whole of what a grant opens, for a role that the access table names and that lacks the relationship only: reads
 * of what somebody takes, and checks. Preferences say how a person is reminded, which helps nobody in an emergency.
 */
export const BREAK_GLASS = {
  roles: ['clinician', 'pharmacist'],
  routes: ['listJobs', 'getJob', 'listReminders', 'listMedications'],
  kinds: ['interaction-check'],
} as const satisfies {
  readonly roles: readonly Role[];
  readonly routes: readonly RouteName[];
  readonly kinds: readonly string[];
};

/** One thing that a request does: a route, or the submission of a kind. */
export type Deed = { readonly route: RouteName } | { readonly submits: string };

export const isOpenUnderBreakGlass = (deed: Deed): boolean =>
  'route' in deed
    ? BREAK_GLASS.routes.some((route) => route === deed.route)
    : BREAK_GLASS.kinds.some((kind) => kind === deed.submits);

/** Whether a grant counts at all for what the request says of its purpose. */
export const isForEmergencies = ({ purpose }: Pick<Caller, 'purpose'>): boolean =>
  purpose === undefined || purpose === BREAK_GLASS_PURPOSE;

/** Why somebody asks. The words beside it are stored encrypted. */
export const BREAK_GLASS_REASONS = [
  'life_threatening',
  'unresponsive_patient',
  'urgent_medication_history',
  'disaster',
  'other',
] as const;

export type BreakGlassReason = (typeof BREAK_GLASS_REASONS)[number];

/** No grant lasts longer, whatever a deployer says. */
export const BREAK_GLASS_MINUTES = 60;
/** Somebody else has judged it by then. */
const REVIEW_HOURS = 72;

export const reviewDueAt = (grantedAt: Instant): Instant => addSeconds(grantedAt, REVIEW_HOURS * 3_600);

export const BREAK_GLASS_VERDICTS = ['justified', 'not_justified'] as const;
export type BreakGlassVerdict = (typeof BREAK_GLASS_VERDICTS)[number];

/** Whose access was not justified does not open the same patient's data again for so long; others may. */
export const BARRED_HOURS = 24;

/** Until when a verdict bars the holder; `undefined`: it does not. */
export const barredUntil = ({
  verdict,
  reviewedAt,
}: {
  readonly verdict: BreakGlassVerdict;
  readonly reviewedAt: Instant;
}): Instant | undefined =>
  verdict === 'not_justified' ? addSeconds(reviewedAt, BARRED_HOURS * 3_600) : undefined;

export const REVIEW_STATUSES = ['open', 'overdue', 'reviewed'] as const;
export type ReviewStatus = (typeof REVIEW_STATUSES)[number];

/** From its end on a grant opens nothing, to the millisecond; one that was ended earlier ends there. */
export const isLive = (
  grant: { readonly expiresAt: Instant; readonly endedAt?: Instant },
  now: Instant,
): boolean => now < grant.expiresAt && (grant.endedAt === undefined || now < grant.endedAt);

export const reviewStatusOf = (
  grant: { readonly reviewDueAt: Instant; readonly review?: unknown },
  now: Instant,
): ReviewStatus => {
  if (grant.review !== undefined) return 'reviewed';
  return grant.reviewDueAt < now ? 'overdue' : 'open';
};
