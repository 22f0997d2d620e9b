import type { Problem } from '../errors/problem-error.ts';
import type { CaregiverGrant } from '../jobs/ports.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { PreferencesBody } from './bodies/preferences.ts';
import { bodyInstant, pastInstant } from './body-instant.ts';

type CaregiverBody = NonNullable<PreferencesBody['caregivers']>[number];
/** Of a care team the scopes are others. */
type GrantBody = Omit<CaregiverBody, 'scope'> & { readonly scope: readonly string[] };

/**
 * Reads the grants of a body against those that stand.
 *
 * - No scope without a consent, and none given ahead of time.
 * - A grant ends after it begins.
 * - A grant that stands stays in the list; what was consented to is not rewritten, it is revoked or ends.
 * - A revocation is final: it is neither taken back nor moved, and a new consent is a new grant.
 * - More than was consented to takes a new consent, and so does what has ended: by the old one a grant is only narrowed.
 * - One person has at most one grant that is not revoked.
 * @param problems gets what is wrong, with pointers into the body
 * @param list pointer to the list in the body
 */
export function readGrants(
  bodies: readonly GrantBody[],
  before: readonly CaregiverGrant[],
  now: Instant,
  problems: Problem[],
  list: '/caregivers' | '/care_team' = '/caregivers',
): readonly CaregiverGrant[] {
  const grants = bodies.map((body, index) => readGrant(body, `${list}/${index}`, now, problems));
  const known = grants.filter((grant) => grant !== undefined);
  // Of a list that cannot be read it cannot be said what is missing in it.
  if (known.length === bodies.length) {
    problems.push(...repeated(known, list), ...rewritten(known, before, now, list));
  }
  return known;
}

function readGrant(
  body: GrantBody,
  pointer: string,
  now: Instant,
  problems: Problem[],
): CaregiverGrant | undefined {
  const wrong = (member: string, code: string, detail: string) =>
    problems.push({ pointer: `${pointer}/${member}`, code, detail });
  const consentedAt = pastInstant(body.consented_at, `${pointer}/consented_at`, now, problems);
  const givenStart = bodyInstant(body.start, `${pointer}/start`, problems);
  const end = bodyInstant(body.end, `${pointer}/end`, problems);
  const revokedAt = pastInstant(body.revoked_at, `${pointer}/revoked_at`, now, problems);
  if (body.consented_at === undefined)
    wrong('consented_at', 'consent_required', 'There is no scope without a consent: say when it was given.');
  if (consentedAt === undefined) return undefined;
  const start = givenStart ?? consentedAt;
  if (start < consentedAt) wrong('start', 'before_consent', 'A grant begins with the consent or later.');
  if (end !== undefined && end <= start) wrong('end', 'not_after_start', 'The end lies after the start.');
  if (revokedAt !== undefined && revokedAt < consentedAt)
    wrong('revoked_at', 'before_consent', 'Only a consent that was given can be revoked.');
  return {
    caregiverId: body.caregiver_id,
    scopes: body.scope,
    consentedAt,
    start,
    ...(end !== undefined && { end }),
    ...(revokedAt !== undefined && { revokedAt }),
  };
}

function repeated(grants: readonly CaregiverGrant[], list: string): Problem[] {
  const holds = (grant: CaregiverGrant) => grant.revokedAt === undefined;
  return grants.flatMap((grant, index) => {
    const earlier = grants.slice(0, index);
    const again = earlier.some(
      (other) =>
        other.caregiverId === grant.caregiverId &&
        (other.consentedAt === grant.consentedAt || (holds(other) && holds(grant))),
    );
    const detail = 'Each person has one grant that is not revoked, and each grant its own consent.';
    return again ? [{ pointer: `${list}/${index}`, code: 'repeated_grant', detail }] : [];
  });
}

/** Those with a grant that did not stand before. */
export const newGrantees = (
  after: readonly CaregiverGrant[],
  before: readonly CaregiverGrant[],
): readonly string[] =>
  after.filter((grant) => !before.some((old) => sameGrant(old, grant))).map(({ caregiverId }) => caregiverId);

/** A grant is known by caregiver and consent. */
const sameGrant = (a: CaregiverGrant, b: CaregiverGrant): boolean =>
  a.caregiverId === b.caregiverId && a.consentedAt === b.consentedAt;

function rewritten(
  grants: readonly CaregiverGrant[],
  before: readonly CaregiverGrant[],
  now: Instant,
  list: string,
): Problem[] {
  return before.flatMap((old) => {
    const index = grants.findIndex((grant) => sameGrant(grant, old));
    const next = grants[index];
    if (!next)
      return [
        {
          pointer: list,
          code: 'grant_missing',
          detail: 'A grant that stands is missing: revoke it instead of leaving it out.',
        },
      ];
    const pointer = `${list}/${index}`;
    if (old.revokedAt !== undefined) {
      const detail = 'A revoked grant stays as it is: for a new consent add a grant.';
      return unchanged(old, next) ? [] : [{ pointer, code: 'revocation_is_final', detail }];
    }
    const detail =
      'By the same consent a grant is only narrowed or revoked: for more, or after its end, revoke it and add a grant with a new consented_at.';
    return isWithin(next, old, now) ? [] : [{ pointer, code: 'new_consent_required', detail }];
  });
}

/** Whether a grant says no more than it did. One that has begun keeps its start, and one that has ended its end. */
function isWithin(next: CaregiverGrant, old: CaregiverGrant, now: Instant): boolean {
  const startHolds = next.start === old.start || (old.start > now && next.start > old.start);
  const endHolds =
    next.end === old.end ||
    (next.end !== undefined && next.end >= now && (old.end === undefined || next.end < old.end));
  return startHolds && endHolds && next.scopes.every((scope) => old.scopes.includes(scope));
}

/** What became of the grants that stood, and of new ones, in counts. */
export function grantChanges(
  after: readonly CaregiverGrant[],
  before: readonly CaregiverGrant[],
): { readonly granted: number; readonly narrowed: number; readonly revoked: number } {
  const counts = { granted: 0, narrowed: 0, revoked: 0 };
  for (const grant of after) {
    const old = before.find((one) => sameGrant(one, grant));
    const isRevoked = grant.revokedAt !== undefined && old?.revokedAt === undefined;
    if (isRevoked) counts.revoked += 1;
    else if (!old) counts.granted += 1;
    else if (!unchanged(old, grant)) counts.narrowed += 1;
  }
  return counts;
}

const unchanged = (a: CaregiverGrant, b: CaregiverGrant): boolean =>
  a.start === b.start &&
  a.end === b.end &&
  a.revokedAt === b.revokedAt &&
  a.scopes.toSorted().join() === b.scopes.toSorted().join();

/** Whether two lists say the same of every grant. */
export const sameGrants = (a: readonly CaregiverGrant[], b: readonly CaregiverGrant[]): boolean =>
  a.length === b.length &&
  a.every((grant) => b.some((other) => sameGrant(grant, other) && unchanged(grant, other)));
