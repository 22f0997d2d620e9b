/** What a caregiver was allowed, since when and until when. Instants are ISO 8601 in UTC with milliseconds. */
export interface Consent {
  readonly caregiverId: string;
  readonly scopes: readonly string[];
  readonly consentedAt: string;
  readonly start: string;
  readonly end?: string;
  readonly revokedAt?: string;
}

/** The scope of those whom an unanswered dose is told to. */
export const ESCALATION_SCOPE = 'receive_escalations';

/** The caregivers whose consent gives them that scope at that moment, each once. */
export const caregiversAt = (consents: readonly Consent[], scope: string, now: string): readonly string[] => [
  ...new Set(
    consents.filter((one) => one.scopes.includes(scope) && holds(one, now)).map((one) => one.caregiverId),
  ),
];

/**
 * What a patient lets a caregiver do at that moment: nothing once it was revoked, has ended or has not begun. `undefined`
 * when the patient has never given that caregiver anything.
 */
export function scopesAt(
  consents: readonly Consent[],
  caregiverId: string,
  now: string,
): ReadonlySet<string> | undefined {
  const own = consents.filter((one) => one.caregiverId === caregiverId);
  if (own.length === 0) return undefined;
  return new Set(own.filter((one) => holds(one, now)).flatMap(({ scopes }) => scopes));
}

const holds = ({ consentedAt, start, end, revokedAt }: Consent, now: string): boolean =>
  consentedAt <= now && start <= now && (end === undefined || now < end) && revokedAt === undefined;
